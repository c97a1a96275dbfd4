package ui

import "github.com/a-h/templ"

// Button is something to press. With an Href it is a link that looks like a button, otherwise it sends the form
// around it, or, with Plain, does nothing but what its attributes say (data-dialog="ID" opens a dialog).
type Button struct {
	Label string
	Kind  string // "primary" (the one that the page is for), "ghost", "danger", "entry" (of a menu), or "" for a plain one
	Icon  string // before the label, of static/images/icons.txt
	Emoji string // the same, in place of an icon
	Bare  bool   // shows the icon alone; the label is then its name
	Small bool
	Wide  bool // as wide as its box

	Href        string
	Plain       bool
	Name, Value string // what it sends
	Busy        bool   // its work is under way: a turning circle, and no second press
	Disabled    bool

	More templ.Attributes // further attributes: "data-dialog", "aria-pressed", "autofocus", …
}

func (b Button) kind() string {
	if b.Plain {
		return "button"
	}
	return "submit"
}

func (b Button) attributes() templ.Attributes {
	all := templ.Attributes{}
	for name, value := range b.More {
		all[name] = value
	}
	if b.Bare {
		all["aria-label"], all["title"] = b.Label, b.Label
	}
	if b.Busy {
		all["aria-busy"] = "true"
	}
	if b.Href == "" {
		if b.Name != "" {
			all["name"], all["value"] = b.Name, b.Value
		}
		if b.Disabled || b.Busy {
			all["disabled"] = true
		}
	}
	return all
}
