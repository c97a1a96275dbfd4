package views

import (
	"strconv"
	"time"

	"rerate/views/ui"
)

// ImportsProps is what the page of files shows.
type ImportsProps struct {
	Page  Page
	Files []ImportFile // the newest first
	Error string       // why the last file was refused
	Limit string       // what a file may hold
}

// ImportFile is one file of old ratings.
type ImportFile struct {
	ID, Name, State, Author string
	At                      time.Time
	Total, Staged, Prepared int
	Known, Twins, Bad       int
}

func (f ImportFile) path() string { return "/settings/import/" + f.ID }

// words say where the file stands.
func (f ImportFile) words() string {
	switch f.State {
	case "uploaded":
		return "Not added yet"
	case "adding":
		return "Being added"
	case "added":
		return count(f.Staged, "rating", "ratings") + " added"
	case "removing":
		return "Being taken back"
	case "removed":
		return "Taken back"
	}
	return "Stopped"
}

// progress is how far the work has come, of a hundred, and in words. What is left at the end takes a moment.
func (f ImportFile) progress() (done int, words string) {
	total := max(1, f.Total)
	if f.State == "removing" {
		return min(99, f.Prepared*100/total), "Working out the figures without it"
	}
	if looked := f.Staged + f.Known; looked < f.Total {
		return looked * 50 / total, "Storing " + grouped(looked) + " of " + count(f.Total, "row", "rows")
	}
	return min(99, 50+f.Prepared*50/total), "Working out the figures with it"
}

func (f ImportFile) stopText() string {
	if f.State == "uploaded" {
		return "The file is forgotten. Nothing of it was stored."
	}
	return "Nothing of the file counts, and what was stored of it is deleted."
}

// ImportProps is what the page of one file shows.
type ImportProps struct {
	Page ImportsPage
	File ImportFile

	// Of a file that is not added yet.
	ReadAs   string // encoding and separator in words
	Header   []string
	Sample   [][]string
	Fields   []ImportField
	Scale    string
	ScaleBad string
	Ready    bool   // every column that is needed is chosen
	Again    string // the query that the dry run was made with
	Rows     int
	Good     int
	New      int
	From, To time.Time

	Problems []ImportProblem // the first of them
	More     int             // bad rows that are not among them
	Unusable string          // why the file cannot be read at all
}

// ImportsPage is the page around it.
type ImportsPage = Page

// ImportField is one thing that a column may hold.
type ImportField struct {
	Key, Label, Hint, Error string
	Column                  string // the index of the column; "" for none
	Required                bool
}

// ImportProblem is a row that cannot be added.
type ImportProblem struct {
	Line         int
	Column, Text string
}

func (p ImportProblem) line() string { return strconv.Itoa(p.Line) }

func (p ImportProps) columns(f ImportField) []ui.Choice {
	choices := []ui.Choice{{Value: "", Label: "— not in the file —"}}
	if f.Required {
		choices[0].Label = "— choose —"
	}
	for i, name := range p.Header {
		if name == "" {
			name = "Column " + strconv.Itoa(i+1)
		}
		choices = append(choices, ui.Choice{Value: strconv.Itoa(i), Label: name})
	}
	return choices
}

func (p ImportProps) scales() (choices []ui.Choice) {
	for n := 2; n <= 10; n++ {
		choices = append(choices, ui.Choice{Value: strconv.Itoa(n), Label: "1 to " + strconv.Itoa(n)})
	}
	return choices
}

func (p ImportProps) field(f ImportField) ui.Field {
	return ui.Field{Name: f.Key, Label: f.Label, Hint: f.Hint, Error: f.Error, Value: f.Column}
}

// chosen are the hidden fields that start the import as the dry run was made.
func (p ImportProps) chosen() (all []ui.Choice) {
	for _, f := range p.Fields {
		all = append(all, ui.Choice{Value: f.Column, Label: f.Key})
	}
	return append(all, ui.Choice{Value: p.Scale, Label: "scale"})
}

func (p ImportProps) startLabel() string { return "Add " + count(p.New, "rating", "ratings") }

// span says from when to when the ratings of the file are.
func (p ImportProps) span() string {
	const day = "2 January 2006"
	return p.Page.local(p.From).Format(day) + " to " + p.Page.local(p.To).Format(day)
}
