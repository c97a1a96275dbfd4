// Package draw shows Canvas Kit cards as HTML, as Intercom's Messenger and Inbox would: for the sandbox Intercom and
// for the live preview of a wording.
package draw

import (
	"cmp"
	_ "embed" // canvas.css
	"strings"

	"github.com/a-h/templ"

	"rerate/internal/intercom/canvas"
)

// CSS is the style sheet of everything that Content makes; all its classes begin with ic-. It follows the color-scheme of the page.
//
//go:embed canvas.css
var CSS string

// Options say in which surroundings a canvas is drawn. The zero value draws a preview.
type Options struct {
	Action string // where the canvas's form is posted; "" draws a preview that has no form and of which nothing can be used
	Name   string // accessible name of the card; "Card" by default
	Inbox  bool   // beside a conversation: long table values are cut off, as Intercom does there, where the Messenger wraps them
}

func (o Options) live() bool { return o.Action != "" }

func (o Options) name() string {
	if o.Name == "" {
		return "Card"
	}
	return o.Name
}

// Content shows a canvas's content as the Messenger would, every component type of Canvas Kit. One post of its form carries the used
// component and the values of all fields; Answers reads it. It needs no Server, so it serves for previews anywhere.
func Content(c canvas.Content, o Options) templ.Component { return drawCanvas(c, o) }

// class joins fixed class names with those that a documented value of the component stands for; any other value stands for its default.
func class(base string, more ...string) string {
	return strings.TrimSpace(base + " " + strings.Join(more, " "))
}

var alignClass = map[string]string{"center": "ic-center", "right": "ic-right", "full_width": "ic-full"}

var textClass = map[string]string{"header": "ic-header", "muted": "ic-muted", "error": "ic-error"}

var spaceClass = map[string]string{"xs": "ic-space-xs", "m": "ic-space-m", "l": "ic-space-l", "xl": "ic-space-xl"}

var buttonClass = map[string]string{"secondary": "ic-secondary", "link": "ic-link"}

func flush(bottomMargin string) string {
	if bottomMargin == "none" {
		return "ic-flush"
	}
	return ""
}

// locked says whether a field takes no input: save_state saved overrides disabled.
func locked(disabled bool, saveState string) bool { return disabled || saveState == "saved" }

// defaultTap is the component that the Enter key in a text field uses: the field's own button, else the canvas's first submit button.
// Without it browsers would take the first button of the form, which may be somebody's rating.
func defaultTap(c canvas.Content) (id string, needed bool) {
	for _, comp := range c.Components {
		switch v := comp.(type) {
		case canvas.Input:
			needed = true
			if submits(v.Action) && !locked(v.Disabled, v.SaveState) && id == "" {
				id = v.ID
			}
		case canvas.Button:
			if submits(v.Action) && !v.Disabled && id == "" {
				id = v.ID
			}
		}
	}
	return id, needed
}

func submits(a canvas.Action) bool {
	_, ok := a.(canvas.Submit)
	return ok
}

// linkOf is the address of a url action that is safe to follow, or "".
func linkOf(a canvas.Action) string {
	u, ok := a.(canvas.URL)
	if !ok || !safeAddress(u.URL) {
		return ""
	}
	return u.URL
}

// why says in words why an action cannot be used here, or "".
func why(a canvas.Action) string {
	switch v := a.(type) {
	case nil, canvas.Submit:
		return ""
	case canvas.URL:
		if !safeAddress(v.URL) {
			return "The address of this link is not a web address."
		}
		return ""
	case canvas.Sheet:
		return "Opens a sheet, which the sandbox does not show."
	default:
		return "This action is not one that Canvas Kit documents."
	}
}

func safeAddress(address string) bool {
	lower := strings.ToLower(address)
	return strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "mailto:")
}

func fieldName(label, placeholder string) string {
	return cmp.Or(label, placeholder, "Your answer")
}
