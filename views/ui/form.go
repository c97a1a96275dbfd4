package ui

import "github.com/a-h/templ"

// Field is what every control of a form has. The name is also the id unless ID is set, so names must be
// unique on a page.
type Field struct {
	Name, ID, Label, Value string
	Hint                   string // one sentence under the label
	Error                  string // one sentence; ties to the control
	Quiet                  bool   // the label is for screen readers only
	Required               bool
	Type                   string // of an input: "text" (default), "number", "date", …
	Placeholder            string
	Min, Max, Step         string
	MaxLength              string
	Unit                   string // after the control: "days", "%"
	Class                  string // size of the control: "w-24", …
	Dir                    string // text direction: "auto" for customers' and workspaces' own words
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) hintID() string  { return f.id() + "-hint" }
func (f Field) errorID() string { return f.id() + "-error" }

// describedBy names the elements that explain the control, the error first.
func (f Field) describedBy() string {
	switch {
	case f.Error != "" && f.Hint != "":
		return f.errorID() + " " + f.hintID()
	case f.Error != "":
		return f.errorID()
	case f.Hint != "":
		return f.hintID()
	}
	return ""
}

// attributes are those that only stand where they say something.
func (f Field) attributes() templ.Attributes {
	all := templ.Attributes{}
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
	if f.Error != "" {
		all["aria-invalid"] = "true"
	}
	if f.Required {
		all["required"] = true
	}
	return all
}

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}
