package views

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"
)

// WordingChange is one difference between two wordings; the words are those of internal/rating's Difference.
type WordingChange struct {
	Kind, Field, Locale, Choice string
	Before, After               string
}

// what says what has changed, without its language and choice.
func (c WordingChange) what() string {
	switch {
	case c.Field == "language":
		return "The language itself"
	case c.Field == "choice":
		return "Choice"
	case c.Field == "emoji" || c.Field == "label" || c.Field == "sentiment":
		return fieldNames[c.Field] + " of"
	case c.Field == "remarks.enabled":
		return "Remarks"
	case fieldNames[c.Field] != "":
		return fieldNames[c.Field]
	}
	return c.Field
}

// changeSide is the value before or after; ours says that these are words of ours, not of the workspace.
type changeSide struct {
	text string
	ours bool
}

func (c WordingChange) before() changeSide { return c.side(c.Before, "removed") }
func (c WordingChange) after() changeSide  { return c.side(c.After, "added") }

func (c WordingChange) side(value, there string) changeSide {
	switch {
	case c.Field == "language" && c.Kind == there:
		return changeSide{"there", true}
	case c.Field == "language", value == "" && c.Field == "choice":
		return changeSide{"not there", true}
	case c.Kind == "moved":
		return changeSide{"place " + value, true}
	case c.Field == "sentiment" && value == "":
		return changeSide{"by place", true}
	case c.Field == "remarks.ask_why_up_to" && value == "":
		return changeSide{"never", true}
	case c.Field == "sentiment" || c.Field == "remarks.enabled":
		return changeSide{value, true}
	case value == "":
		return changeSide{"empty", true}
	}
	return changeSide{value, false}
}

// manyChanges is how many differences are listed at once.
const manyChanges = 12

// byLanguage parts changes, which come language by language, into their languages.
func byLanguage(changes []WordingChange) (groups [][]WordingChange) {
	for i, c := range changes {
		if i == 0 || c.Locale != changes[i-1].Locale {
			groups = append(groups, nil)
		}
		last := len(groups) - 1
		groups[last] = append(groups[last], c)
	}
	return groups
}

// splitChoice parts the emoji of a choice from its label; either may be missing.
func splitChoice(text string) (emoji, label string) {
	first, rest, _ := strings.Cut(text, " ")
	const keycap = "\u20e3"
	if strings.Contains(first, keycap) || !strings.ContainsFunc(first, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		return first, rest
	}
	return "", text
}

// WordingVersionProps is the page of one published version.
type WordingVersionProps struct {
	Page        Page
	Version     WordingVersion
	InUse       int // the number of the version in use
	Preview     WordingPreview
	Changes     []WordingChange // from the version before to this one
	Since       []WordingChange // from this one to the one in use
	Sent, Rated int64
	Meanwhile   int // the version that was published since somebody pressed "Roll back"
}

func (p WordingVersionProps) title() string { return "Version " + strconv.Itoa(p.Version.Number) }

func (p WordingVersionProps) meanwhile() string {
	return fmt.Sprintf("Nothing was rolled back: version %d was published meanwhile. Look at what has changed since, then roll back if you still want to.", p.Meanwhile)
}

// used says how many customers saw the version.
func (p WordingVersionProps) used() string {
	if p.Sent == 0 {
		return "Nobody has been asked with it yet."
	}
	return fmt.Sprintf("%s sent, %s of them rated.", count(int(p.Sent), "card", "cards"), grouped(int(p.Rated)))
}

// looking lets a form that only chooses what the preview shows do so in place.
func looking(path string) templ.Attributes {
	return templ.Attributes{
		"hx-get": path, "hx-target": "#preview", "hx-select": "#preview", "hx-swap": "outerMorph", "hx-trigger": "input", "hx-sync": "this:replace",
	}
}
