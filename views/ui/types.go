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

// Choice is one entry of a select.
type Choice struct{ Value, Label string }

// Flash is a message shown once, on the page after an action.
type Flash struct {
	Kind string // "success", "error" or "info"
	Text string
}
