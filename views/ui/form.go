package ui

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Field is what every control of a form has. The name is also the id unless ID is set, so names must be
// unique on a page.
type Field struct {
	Name, ID, Label, Value string
	Hint                   string // one sentence under the label
	Error                  string // one sentence; ties to the control
	Quiet                  bool   // the label is for screen readers only
	Required               bool
	Disabled               bool   // cannot be changed now; the hint should say why. It is not sent
	Type                   string // of an input: "text" (default), "number", "date", …
	Placeholder            string
	Min, Max, Step         string
	MaxLength              string
	Most                   int              // counts the characters as they are typed; more than these are refused, not cut off
	Unit                   string           // after the control: "days", "%"
	Class                  string           // size of the control: "w-24", …
	Narrow                 bool             // wide enough for a number
	Beside                 bool             // on wide screens the control stands beside its label, as in a list of settings
	Dir                    string           // text direction: "auto" for customers' and workspaces' own words
	More                   templ.Attributes // further attributes of the control: "lang", "autofocus", …
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) hintID() string    { return f.id() + "-hint" }
func (f Field) errorID() string   { return f.id() + "-error" }
func (f Field) counterID() string { return f.id() + "-count" }
func (f Field) unitID() string    { return f.id() + "-unit" }

// counts says whether the field shows how much of it is used.
func (f Field) counts() bool { return f.Most > 0 }

// count is how full the field is, in characters; static/js/counter.js says the same while one types.
func (f Field) count() string { return strconv.Itoa(f.used()) + "/" + strconv.Itoa(f.Most) }

func (f Field) over() bool { return f.used() > f.Most }

func (f Field) used() int { return utf8.RuneCountInString(strings.TrimSpace(f.Value)) }

// describedBy names the elements that explain the control, the error first.
func (f Field) describedBy() string {
	ids := ""
	add := func(is bool, id string) {
		if is && ids != "" {
			ids += " "
		}
		if is {
			ids += id
		}
	}
	add(f.Error != "", f.errorID())
	add(f.Hint != "", f.hintID())
	add(f.Unit != "", f.unitID())
	add(f.counts(), f.counterID())
	return ids
}

// attributes are those that only stand where they say something.
func (f Field) attributes() templ.Attributes {
	all := templ.Attributes{}
	for name, value := range f.More {
		all[name] = value
	}
	set := func(name, value string) {
		if value != "" {
			all[name] = value
		}
	}
	set("aria-describedby", f.describedBy())
	set("placeholder", f.Placeholder)
	set("min", f.Min)
	set("max", f.Max)
	set("step", f.Step)
	set("maxlength", f.MaxLength)
	set("dir", f.Dir)
	if f.counts() {
		all["data-most"] = strconv.Itoa(f.Most)
	}
	if f.Error != "" {
		all["aria-invalid"] = "true"
	}
	if f.Required {
		all["required"] = true
	}
	if f.Disabled {
		all["disabled"] = true
	}
	return all
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// radio is one choice of a radio group as a control of its own.
func (f Field) radio(c Choice) Field {
	return Field{Name: f.Name, ID: f.id() + "-" + c.Value, Label: c.Label, Hint: c.Hint, Disabled: f.Disabled}
}

// Wrong is one entry of an error summary: the field that it leads to, and what is wrong there.
type Wrong struct{ ID, Label, Text string }
