package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rerate/views/ui"
)

// WordingProps is the editor of the wording. Its form posts to /wording; the pressed button's name is "do" and its
// value says what to do, with places counted from 0: "publish", "save_draft", "discard_draft", "keep_mine", "preview",
// "add_option", "remove_option.N", "move_option.FROM.TO", "scale.KEY", "replace.KEY", "add_locale", "remove_locale.N".
type WordingProps struct {
	Page      Page
	Form      WordingForm
	Errors    map[string]string // by field name: "question", "option.0.label", …; "form" for the whole
	Refused   bool              // the errors kept something from being published or saved: they stand above the form
	Preview   WordingPreview
	Versions  []WordingVersion // newest first
	Older     bool             // there are more versions than these
	InUse     WordingVersion   // Number 0: nothing was published yet
	Draft     *WordingDraft    // nil when there is none
	Meanwhile *WordingMeanwhile
	Asking    string // key of the scale that would replace choices somebody has written
	Said      string // what the pressed button has done, for screen readers
	Focus     string // the id of the control that gets the focus
	Changed   bool   // the form differs from what is stored
}

// WordingForm is what the form holds. Field names: question, option.N.emoji, option.N.label, option.N.sentiment,
// ask.chat, ask.email, remarks.enabled, remarks.label, remarks.placeholder, remarks.ask_why_up_to, remarks.why_label, thanks.negative,
// thanks.neutral, thanks.positive; for languages locale.N.code, .ask.chat, .ask.email, .question, .label.M, .remarks.label,
// .remarks.placeholder, .remarks.why_label, .thanks.negative, .thanks.neutral, .thanks.positive; new_locale and
// new_locale_code; seen.version and seen.draft say what the editor began with.
type WordingForm struct {
	SeenVersion int
	SeenDraft   string
	Ask         WordingAsk
	Question    string
	Options     []WordingOption // worst first; the score is the place from 1
	Remarks     WordingRemarks
	AskWhyUpTo  int // 0 never asks what went wrong
	Enabled     bool
	Thanks      WordingThanks
	Locales     []WordingLocale
	NewLocale   string // chosen from the list
	NewCode     string // typed
}

// WordingOption is one choice of the scale.
type WordingOption struct {
	Emoji, Label string
	Sentiment    string // "", "negative", "neutral" or "positive"; "" is by place
	ByPlace      string // what "by place" means for this one
}

// WordingRemarks are the texts of the remark field.
type WordingRemarks struct{ Label, Placeholder, WhyLabel string }

// WordingAsk is what stands before the question in a message.
type WordingAsk struct{ Chat, Email string }

// WordingThanks is the thank-you text for each kind of score.
type WordingThanks struct{ Negative, Neutral, Positive string }

// WordingLocale is the same wording in another language; what is empty falls back to the default.
type WordingLocale struct {
	Code, Question string
	Ask            WordingAsk
	Labels         []string // one for each option
	Remarks        WordingRemarks
	Thanks         WordingThanks
	Done, Of       int // texts that are translated, of those that customers read
}

// WordingVersion is one published version.
type WordingVersion struct {
	Number   int
	Author   string // "" when Rerate made it
	At       time.Time
	Question string
	Emoji    []string
	Current  bool
	Again    int // the earlier version that says the same; 0 for none
}

// WordingDraft is the draft that is stored.
type WordingDraft struct {
	Author  string
	At      time.Time
	BasedOn int
	Shown   bool // the form holds it
}

// WordingMeanwhile is what others have done that the form does not know of.
type WordingMeanwhile struct {
	Version WordingVersion  // Number 0: no version was published
	Draft   *WordingDraft   // nil: no draft was saved
	Changes []WordingChange // from their draft, else from their version, to the form
	Keep    string          // the value of "do" that keeps what is in the form
}

// Limits of the texts, in characters; the handler's are those of the rules.
const (
	maxQuestion = 200
	maxLabel    = 40
	maxEmoji    = 32
	maxThanks   = 500
	maxOptions  = 10
)

// field fills in what the page knows of a field.
func (p WordingProps) field(f ui.Field) ui.Field {
	f.Error, f.More = p.Errors[f.Name], p.focus(f.Name)
	if f.Dir == "" && f.Most > 0 {
		f.Dir = "auto"
	}
	return f
}

// optionField is a field of choice i (from 0) of the scale.
func (p WordingProps) optionField(i int, part, label, value string, most int, class string) ui.Field {
	return p.field(ui.Field{
		Name: fmt.Sprintf("option.%d.%s", i, part), Label: fmt.Sprintf("%s of choice %d", label, i+1), Quiet: true, Value: value,
		Most: most, Class: class,
	})
}

// localeField is a field of language i (from 0), with the default language's words in it.
func (p WordingProps) localeField(i int, part, label, value, original string, most int) ui.Field {
	code := p.Form.Locales[i].Code
	f := p.field(ui.Field{
		Name: fmt.Sprintf("locale.%d.%s", i, part), Label: label, Value: value, Placeholder: original, Most: most, Dir: direction(code),
	})
	f.More["lang"] = code
	return f
}

// focus marks the control that gets the focus.
func (p WordingProps) focus(id string) templ.Attributes {
	if p.Focus == id {
		return templ.Attributes{"autofocus": true}
	}
	return templ.Attributes{}
}

// openLocale keeps a language unfolded that is worked on or has an error.
func (p WordingProps) openLocale(i int) bool {
	prefix := fmt.Sprintf("locale.%d.", i)
	if strings.HasPrefix(p.Focus, prefix) {
		return true
	}
	for name := range p.Errors {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// unsaved says whether the form holds what is stored nowhere.
func (p WordingProps) unsaved() string {
	if p.Changed {
		return "changed"
	}
	return ""
}

// inPlace lets a button of the form change the editor without loading the page again.
func inPlace() templ.Attributes {
	return templ.Attributes{
		"hx-post": "/wording", "hx-target": "#editor", "hx-select": "#editor", "hx-swap": "outerHTML", "hx-select-oob": "#said:innerHTML",
	}
}

// whileTyping keeps the preview, and what else follows from the words, up to date. The form is sent, nothing stored.
func (p WordingProps) whileTyping() templ.Attributes {
	follows := []string{"#why-choice", "#for-negative", "#for-neutral", "#for-positive"}
	for i := range p.Form.Locales {
		follows = append(follows, "#"+progressID(i))
	}
	return templ.Attributes{
		"hx-post": "/wording", "hx-vals": `{"do":"preview"}`, "hx-target": "#preview", "hx-select": "#preview", "hx-swap": "outerMorph",
		"hx-trigger": "input target:'#fields *' delay:300ms, input target:'#preview *'", "hx-sync": "this:replace",
		"hx-select-oob": strings.Join(follows, ","),
	}
}

func progressID(i int) string { return "language-" + strconv.Itoa(i) + "-progress" }

// text is what a choice is called, "Choice 3" where it has no words yet.
func (o WordingOption) text(i int) string {
	if said := strings.TrimSpace(o.Emoji + " " + o.Label); said != "" {
		return said
	}
	return fmt.Sprintf("Choice %d", i+1)
}

// name is a choice's label alone, for sentences that are read aloud.
func (o WordingOption) name(i int) string {
	if o.Label != "" {
		return o.Label
	}
	return fmt.Sprintf("Choice %d", i+1)
}

// meanings are the choices of what a score means; by place it says what that is here.
func (o WordingOption) meanings() []ui.Choice {
	return []ui.Choice{
		{Value: "", Label: "By place: " + o.ByPlace},
		{Value: "negative", Label: "Always negative"},
		{Value: "neutral", Label: "Always neutral"},
		{Value: "positive", Label: "Always positive"},
	}
}

func (o WordingOption) means() string {
	if o.Sentiment != "" {
		return o.Sentiment
	}
	return o.ByPlace
}

// label is the translation of choice i, "" where there is none.
func (l WordingLocale) label(i int) string {
	if i >= len(l.Labels) {
		return ""
	}
	return l.Labels[i]
}

// thankedFor lists the choices that a thank-you text is for.
func (f WordingForm) thankedFor(sentiment string) []string {
	var all []string
	for i, o := range f.Options {
		if o.means() == sentiment {
			all = append(all, o.text(i))
		}
	}
	return all
}

// whyChoices are the choices up to which the card asks what went wrong, by name.
func (f WordingForm) whyChoices() []ui.Choice {
	choices := []ui.Choice{{Value: "0", Label: "Never"}}
	for i, o := range f.Options {
		label := o.text(i) + " and worse"
		switch i {
		case 0:
			label = o.text(i) + " only"
		case len(f.Options) - 1:
			label = "Every choice"
		}
		choices = append(choices, ui.Choice{Value: strconv.Itoa(i + 1), Label: label})
	}
	return choices
}

// free are the languages that can still be added.
func (f WordingForm) free() []language {
	return slices.DeleteFunc(slices.Clone(languages), func(l language) bool {
		return slices.ContainsFunc(f.Locales, func(have WordingLocale) bool { return strings.EqualFold(have.Code, l.tag) })
	})
}

// newLocales are the languages that can still be added, as a select shows them.
func (f WordingForm) newLocales() []ui.Choice {
	choices := []ui.Choice{{Value: "", Label: "Choose a language"}}
	for _, l := range f.free() {
		label := l.name
		if l.own != l.name {
			label += " · " + l.own
		}
		choices = append(choices, ui.Choice{Value: l.tag, Label: label})
	}
	return choices
}

// scaleButton is a set of choices to begin with.
type scaleButton struct {
	key, name string
	emoji     string
}

var scaleButtons = []scaleButton{
	{"five_faces", "Five faces", "😠🙁😐😃😍"},
	{"three_faces", "Three faces", "🙁😐😃"},
	{"thumbs", "Thumbs", "👎👍"},
	{"stars", "Five stars", "⭐"},
	{"one_to_ten", "1 to 10", ""},
}

func scaleName(key string) string {
	for _, s := range scaleButtons {
		if s.key == key {
			return s.name
		}
	}
	return key
}

// author is who published a version.
func (v WordingVersion) author() string {
	if v.Author == "" {
		return "Rerate"
	}
	return v.Author
}

// oldest is the oldest version that the page lists.
func (p WordingProps) oldest() WordingVersion { return p.Versions[len(p.Versions)-1] }

func (v WordingVersion) path() string { return "/wording/versions/" + strconv.Itoa(v.Number) }

// progress is how much of a language is translated, as a tag: its kind and its words.
func (l WordingLocale) progress() (kind, text string) {
	if l.Done == l.Of {
		kind = "positive"
	}
	return kind, strconv.Itoa(l.Done) + " of " + strconv.Itoa(l.Of)
}
