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

// Crumb is one step of the way from the top to a page; the page itself has no Href.
type Crumb struct{ Label, Href string }

// Value is the figure of a tile, and the whole that it is a part of.
type Value struct {
	Text, Href string // Href "" leads nowhere
	Of, OfHref string // "of 330 low"; "" shows none
}

// Flash is a message shown once, on the page after an action.
type Flash struct {
	Kind string // "success", "error" or "info"
	Text string
}
