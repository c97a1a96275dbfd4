package ui

import "github.com/a-h/templ"

// Opener is the button of a menu.
type Opener struct {
	ID     string
	Icon   string
	Before string // in grey, before the label: "Counting:"
	Label  string
	Open   bool             // stands open when the page comes
	End    bool             // the box ends where the button does, for one at the right end of its row
	Class  string           // of the whole
	Face   templ.Component  // draws the button of a menu in the navigation, in place of icon and label
	More   templ.Attributes // further attributes of the button
}

func (o Opener) attributes() templ.Attributes {
	all := templ.Attributes{}
	for name, value := range o.More {
		all[name] = value
	}
	if o.ID != "" {
		all["id"] = o.ID
	}
	return all
}
