package views

import (
	"cmp"
	"net/url"

	"rerate/views/chart"
	"rerate/views/ui"
)

// TeammatesProps is everybody's figures side by side.
type TeammatesProps struct {
	Page      Page
	Bar       FilterBar
	Empty     Empty // set when there is nothing to show, and why
	MinSample int   // below it nobody is ranked, and a figure is greyed
	Target    float64
	Grain     string // what a step of a course is: "day", "week" or "month"
	Sort      string // the column sorted by, or "name"

	Ranked, Few []TeammateFigures // by the column sorted by; in Few there is too little to rank by it
	Nobody      *TeammateFigures  // what nobody is credited with; nil where there is nothing
	All         TeammateFigures   // all together
	CSVHref     string
}

// TeammateFigures is what one teammate's work came to.
type TeammateFigures struct {
	Name, Href                            string // Href "": no page of its own
	Self                                  bool   // it is the teammate who looks
	First, Counted, Recovered, Response   Fraction
	Asked, LowAsked                       Fraction
	LowAgain, NeutralAgain, PositiveAgain Fraction
	Course                                []chart.Point // the first ratings' CSAT through the range
}

// Fraction is a share whose part has rows of its own; the share's Href leads to those of the whole.
type Fraction struct {
	Share
	PartHref string // "" is no link
}

// TeammateProps is one teammate's own page.
type TeammateProps struct {
	Page      Page
	Path      string // of the page itself, without a query
	Bar       FilterBar
	Empty     Empty // set when there is nothing to show, and why
	MinSample int
	Target    float64
	Figures   TeammateFigures
	Waiting   Waiting

	Trend  chart.Trend
	Grain  string // what a bucket of the trend is: "day", "week" or "month"
	Matrix chart.Matrix

	Recovered            []RatingRow // the newest that the teammate recovered
	Happy                []RatingRow // the newest positive ratings with a remark
	HappyHref, HappyFile string      // all of them, as a list and as a file
	TableHref            string      // everybody's figures under the same filter
}

// TeammatePath is a teammate's own page.
func TeammatePath(id string) string { return "/teammates/" + url.PathEscape(id) }

// teammateColumn is a column of a table of teammates.
type teammateColumn struct {
	sort   string // what the table is sorted by; "" is not
	label  string
	whole  string // what the share is of, for links: "all first ratings"
	few    string // what there may be too few of
	target bool   // the workspace's target is of this share
	of     func(TeammateFigures) Fraction
}

// against is the target that the column's shares are held against; 0 is none.
func (c teammateColumn) against(target float64) float64 {
	if c.target {
		return target
	}
	return 0
}

// columns are the shares of the table in their order.
func (p TeammatesProps) columns() []teammateColumn {
	counted := capital(cmp.Or(p.Bar.countedWords(), "counted"))
	return []teammateColumn{
		{"first", "First ratings", "all first ratings", "first ratings", true, func(t TeammateFigures) Fraction { return t.First }},
		{"counted", counted, "all latest ratings", "conversations", true, func(t TeammateFigures) Fraction { return t.Counted }},
		{"recovered", "Recovered by", "low and answered again", "conversations answered again", false, func(t TeammateFigures) Fraction { return t.Recovered }},
		{"response", "Answers", "requests sent", "requests", false, func(t TeammateFigures) Fraction { return t.Response }},
		{"asked", "Asked", "closed", "closed conversations", false, func(t TeammateFigures) Fraction { return t.Asked }},
		{"low_asked", "Low asked again", "low first ratings", "low first ratings", false, func(t TeammateFigures) Fraction { return t.LowAsked }},
	}
}

// fairColumns are the shares that show who is asked again.
var fairColumns = []teammateColumn{
	{label: "Asked after closing", whole: "closed", of: func(t TeammateFigures) Fraction { return t.Asked }},
	{label: "Own low ratings asked again", whole: "low first ratings", of: func(t TeammateFigures) Fraction { return t.LowAsked }},
	{label: "Rated again after low", whole: "low first ratings", of: func(t TeammateFigures) Fraction { return t.LowAgain }},
	{label: "Rated again after neutral", whole: "neutral first ratings", of: func(t TeammateFigures) Fraction { return t.NeutralAgain }},
	{label: "Rated again after positive", whole: "positive first ratings", of: func(t TeammateFigures) Fraction { return t.PositiveAgain }},
}

// everybody are the rows in their order, but for nobody and all together.
func (p TeammatesProps) everybody() []TeammateFigures {
	return append(append([]TeammateFigures{}, p.Ranked...), p.Few...)
}

// sortedBy is the filter with the table sorted by a column.
func (p TeammatesProps) sortedBy(column string) Filter {
	f := p.Bar.Filter
	if f.Sort = column; column == p.columns()[0].sort {
		f.Sort = "" // the default
	}
	return f
}

// direction is how a column is sorted, for aria-sort.
func (p TeammatesProps) direction(column string) string {
	switch {
	case column != p.Sort:
		return "none"
	case column == "name":
		return "ascending"
	}
	return "descending"
}

// said is what a screen reader hears when the table has been loaded again.
func (p TeammatesProps) said() string {
	if p.Empty != NotEmpty {
		return "Results updated: nothing matches."
	}
	return "Results updated: " + count(len(p.Ranked)+len(p.Few), "teammate", "teammates") + "."
}

// said is what a screen reader hears when the page has been loaded again.
func (p TeammateProps) said() string {
	if p.Empty != NotEmpty {
		return "Results updated: nothing matches."
	}
	return "Results updated: " + count(p.Figures.First.N, "conversation", "conversations") + " that began with " + p.Figures.Name + "."
}

// underFilter says that more narrows the page than its range.
func (p TeammateProps) underFilter() string {
	return p.Bar.underFilter()
}

func (b FilterBar) underFilter() string {
	if n := len(b.pills()); n > 0 {
		return ", with " + count(n, "filter", "filters") + " set"
	}
	return ""
}

// against says where a share stands against a target, by its interval: a share alone would call luck a result. It is "" where
// there is no target or nothing to share.
func (s Share) against(target float64) string {
	switch {
	case target <= 0 || s.N == 0:
		return ""
	case s.Low > target:
		return "above target"
	case s.High < target:
		return "below target"
	}
	return "target: cannot be told yet"
}

// recoveredWords say what recovering came to.
func (t TeammateFigures) recoveredWords() string {
	if t.Recovered.N == 0 {
		return "No customer with a low first rating has answered again here after their work."
	}
	return "Of " + count(t.Recovered.N, "low first rating that was", "low first ratings that were") + " answered again after their work, " +
		t.Recovered.positive() + " " + isOrAre(t.Recovered.Positive) + " positive now."
}

func isOrAre(n float64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// partFigure is the share as a tile shows it.
func (f Fraction) partFigure() ui.Value {
	if f.N == 0 {
		return ui.Value{Text: "—"}
	}
	return ui.Value{Text: f.value(), Href: cmp.Or(f.Href, f.PartHref)}
}

// called is the figures under a name that is nobody's.
func (t TeammateFigures) called(name string) TeammateFigures {
	t.Name = name
	return t
}

// sortName is the name of the column sorted by.
func (p TeammatesProps) sortName() string {
	for _, column := range p.columns() {
		if column.sort == p.Sort {
			return column.label
		}
	}
	return "Name"
}

// fewOf is what there is too little of to rank by.
func (p TeammatesProps) fewOf() string {
	for _, column := range p.columns() {
		if column.sort == p.Sort {
			return column.few
		}
	}
	return "ratings"
}
