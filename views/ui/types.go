// Package ui holds the small parts that pages are made of: buttons, fields, badges, tables, tiles.
// Every text beside an emoji, every state beside a colour.
package ui

// Score is one place on a scale with its emoji and label. Value 0 is "no score".
type Score struct {
	Value        int
	Emoji, Label string
}

// Known says whether there is a score.
func (s Score) Known() bool { return s.Value > 0 }

// Choice is one entry of a select or of a radio group, there with a sentence that explains it.
type Choice struct{ Value, Label, Hint string }

// Tab is one of several views of a page. It is a link, so every view has an address.
type Tab struct {
	Label, Href string
	Count       string // behind the label; "" shows none
	Current     bool
}

// Crumb is one step of the way from the top to a page.
type Crumb struct{ Label, Href string }

// Fact is one line of a list of facts.
type Fact struct {
	Name, Value string
	Note        string // smaller, below the value
	Href        string // what the value leads to
}

// Flash is a message shown once, on the page after an action.
type Flash struct {
	Kind string // "success", "error" or "info"
	Text string
}
