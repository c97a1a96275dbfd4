package views

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"rerate/views/ui"
)

// CompaniesPath is the list of companies.
const CompaniesPath = "/companies"

// CompanyPath is the page of a company.
func CompanyPath(id string) string { return CompaniesPath + "/" + url.PathEscape(id) }

// More reasons why a list has nothing to show.
const (
	NoCompanies Empty = "no_companies" // Intercom has told of none
	NoneFound   Empty = "none_found"   // none has what was searched for
)

// CompaniesProps is the companies whose people have rated in the range, side by side.
type CompaniesProps struct {
	Page  Page
	Bar   FilterBar
	Empty Empty

	MinSample int     // below it a share is greyed, and no company is ranked by it
	Target    float64 // the CSAT aimed at; 0 is none
	Sort      string  // what the list is sorted by

	Rows    []CompanyRow
	All     CompanyRow // all conversations of the range, with or without a company
	Total   int        // companies on all pages
	Skipped int        // companies on the pages before

	CSVHref, FirstHref, NextHref string
}

// CompanyRow is one company, or all together without a name.
type CompanyRow struct {
	Name, Href string
	Plan       string
	Size       int  // people who work there, as Intercom says; 0 is not known
	Few        bool // too few to rank by what the list is sorted by

	People, Rated             int // who rated, and conversations
	First, Counted, Recovered Fraction
	Better, Same, Worse       int // latest against first
	Waiting                   int // low and not asked again

	RatedHref, AgainHref, BetterHref, WorseHref, WaitingHref string
}

// CompanyProps is the page of one company.
type CompanyProps struct {
	Page       Page
	ID         string // Intercom's
	ExternalID string // the operator's own
	Name       string
	Plan       string
	Size       int
	Attributes Attributes
	ReadAt     time.Time // from Intercom

	Report OverviewProps // what its people say, as the overview shows it

	People      []CompanyPerson
	PeopleKnown int // also those who are not listed

	ListHref, RatingsHref string
}

// CompanyPerson is a contact of a company.
type CompanyPerson struct {
	Name, Email, Role string
	Href              string // all ratings of theirs in the range
	Rated             int    // conversations of the range
	Score             ui.Score
	At                time.Time
	RatingID          string
}

// Attributes are what Intercom knows of somebody besides; More of them are not shown.
type Attributes struct {
	Shown []Attribute
	More  int
}

// Attribute is one of them: a text or a time.
type Attribute struct {
	Name, Value string
	At          time.Time // zero: Value says it
}

// companyColumns are the heads of the list in their order, each with what it sorts by; the share that is counted has two ways.
func (p CompaniesProps) columns() []ui.Choice {
	return []ui.Choice{
		{Value: "name", Label: "Company"},
		{Value: "rated", Label: "Rated"},
		{Value: "first", Label: "First ratings"},
		{Value: "counted", Label: capital(cmp.Or(p.Bar.countedWords(), "counted"))},
		{Value: "recovered", Label: "Recovered"},
		{Value: "again", Label: "Rated again"},
		{Value: "waiting", Label: "Waiting"},
	}
}

// sorts are all ways to sort the list.
func (p CompaniesProps) sorts() []ui.Choice {
	counted := capital(p.Bar.countedWords())
	return []ui.Choice{
		{Value: "rated", Label: "Most conversations"},
		{Value: "people", Label: "Most people who rated"},
		{Value: "counted", Label: counted + ", surely high"},
		{Value: "unhappy", Label: counted + ", surely low"},
		{Value: "first", Label: "First ratings, surely high"},
		{Value: "recovered", Label: "Recovered, surely many"},
		{Value: "again", Label: "Most rated again"},
		{Value: "waiting", Label: "Most waiting"},
		{Value: "name", Label: "Name"},
	}
}

// byShare says whether the list is sorted by a share, which may rest on too little.
func (p CompaniesProps) byShare() bool {
	switch p.Sort {
	case "counted", "unhappy", "first", "recovered":
		return true
	}
	return false
}

// sortedBy is the filter with the list sorted in another way.
func (p CompaniesProps) sortedBy(sort string) Filter {
	f := p.Bar.Filter
	f.Cursor = ""
	if f.Sort = sort; sort == "rated" {
		f.Sort = "" // the default
	}
	return f
}

// pressed is what a press on a column's head sorts by.
func (p CompaniesProps) pressed(column string) string {
	if column == "counted" && p.Sort == "counted" {
		return "unhappy"
	}
	return column
}

// direction is how a column is sorted, for aria-sort.
func (p CompaniesProps) direction(column string) string {
	switch {
	case column == "counted" && p.Sort == "unhappy":
		return "ascending"
	case column != p.Sort:
		return "none"
	case column == "name":
		return "ascending"
	}
	return "descending"
}

// said is what a screen reader hears when the list has been loaded again.
func (p CompaniesProps) said() string {
	if p.Empty != NotEmpty {
		return "Results updated: nothing matches."
	}
	return "Results updated: " + count(p.Total, "company", "companies") + "."
}

// title says which of the companies are listed.
func (p CompaniesProps) title() string {
	if len(p.Rows) == p.Total {
		return count(p.Total, "company", "companies")
	}
	return grouped(p.Skipped+1) + " to " + grouped(p.Skipped+len(p.Rows)) + " of " + count(p.Total, "company", "companies")
}

// fewFrom is the first row that there is too little to rank by, -1 where there is none.
func (p CompaniesProps) fewFrom() int {
	for i, row := range p.Rows {
		if row.Few {
			return i
		}
	}
	return -1
}

// withoutSearch is the filter without the name that was searched for.
func (p CompaniesProps) withoutSearch() Filter {
	f := p.Bar.Filter
	f.Search, f.Cursor = "", ""
	return f
}

// said is what a screen reader hears when the page has been loaded again.
func (p CompanyProps) said() string {
	if p.Report.Empty != NotEmpty {
		return "Results updated: nothing matches."
	}
	return "Results updated: " + count(p.Report.Counted.N, "conversation", "conversations") + " of " + p.Name + "."
}

// about says in a few words what is known of a company: "Pro plan, 40 people".
func (r CompanyRow) about() string { return aboutCompany(r.Plan, r.Size) }

func aboutCompany(plan string, size int) string {
	text := plan
	if size > 0 {
		if text != "" {
			text += " · "
		}
		text += sizeWords(size)
	}
	return text
}

func sizeWords(size int) string { return count(size, "employee", "employees") }

// peopleNote says how many people there are besides those listed.
func (p CompanyProps) peopleNote() string {
	if more := p.PeopleKnown - len(p.People); more > 0 {
		return "And " + strconv.Itoa(more) + " more. Those who rated last stand first."
	}
	return ""
}
