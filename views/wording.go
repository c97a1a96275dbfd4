package views

import (
	"fmt"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rerate/views/ui"
)

// WordingProps is the wording page: the form, its preview and the versions published so far. The form
// posts to /wording; the pressed button's name is "do" and its value one of "publish", "preview",
// "add_option", "remove_option.N", "add_locale", "remove_locale.N" (N counts from 0).
type WordingProps struct {
	Page     Page
	Form     WordingForm
	Errors   map[string]string // by field name: "question", "option.0.label", …; "form" for the whole
	Preview  templ.Component   // the canvas as a Messenger shows it; nil shows a hint
	Versions []WordingVersion  // newest first
}

// WordingForm is what the form holds, stored or as sent. Field names: question, option.N.emoji,
// option.N.label, option.N.sentiment, remarks.enabled, remarks.label, remarks.placeholder,
// remarks.ask_why_up_to, thanks.negative, thanks.neutral, thanks.positive, and for languages
// locale.N.code, .question, .label.M, .remarks.label, .thanks.negative, .thanks.neutral, .thanks.positive.
type WordingForm struct {
	Question string
	Options  []WordingOption // worst first; the score is the place from 1
	Remarks  WordingRemarks
	Thanks   WordingThanks
	Locales  []WordingLocale
}

// WordingOption is one choice of the scale.
type WordingOption struct {
	Emoji, Label string
	Sentiment    string // "", "negative", "neutral" or "positive"; "" is by place
}

// WordingRemarks is the remark field.
type WordingRemarks struct {
	Enabled            bool
	Label, Placeholder string
	AskWhyUpTo         string // a score in decimals, as sent
}

// WordingThanks is the thank-you text for each kind of score.
type WordingThanks struct{ Negative, Neutral, Positive string }

// WordingLocale is the same wording in another language; what is empty falls back to the default.
type WordingLocale struct {
	Code, Question string
	Labels         []string // one for each option
	RemarksLabel   string
	Thanks         WordingThanks
}

// WordingVersion is one published version.
type WordingVersion struct {
	Number   int
	Author   string // "" when Rerate made it
	At       time.Time
	Question string
	Emoji    []string
	Current  bool
}

// optionField is a field of choice i (from 0) of the scale.
func optionField(p WordingProps, i int, part, label, value, class string) ui.Field {
	name := fmt.Sprintf("option.%d.%s", i, part)
	return ui.Field{
		Name: name, Label: fmt.Sprintf("%s of choice %d", label, i+1), Quiet: true, Value: value, Placeholder: label,
		Error: p.Errors[name], Class: class, Dir: "auto",
	}
}

// localeField is a field of language i (from 0).
func localeField(p WordingProps, i int, part, label, value, hint string) ui.Field {
	name := fmt.Sprintf("locale.%d.%s", i, part)
	field := ui.Field{Name: name, Label: label, Value: value, Hint: hint, Error: p.Errors[name], Class: "w-full", Dir: "auto"}
	if part == "code" {
		field.Class, field.Dir, field.MaxLength = "w-32", "", "35"
	}
	return field
}

// openLocale keeps a language unfolded that is new or has an error.
func (p WordingProps) openLocale(i int) bool {
	if p.Form.Locales[i].Code == "" {
		return true
	}
	for name := range p.Errors {
		if strings.HasPrefix(name, fmt.Sprintf("locale.%d.", i)) {
			return true
		}
	}
	return false
}

// errorSummary says above the form what is wrong in it.
func (p WordingProps) errorSummary() string {
	if p.Errors["form"] != "" {
		return p.Errors["form"]
	}
	return "Nothing was published: " + count(len(p.Errors), "field needs", "fields need") + " your attention."
}

// named is the label of a choice's translation.
func (o WordingOption) named(i int) string {
	if o.Label == "" {
		return fmt.Sprintf("Label of choice %d", i+1)
	}
	return fmt.Sprintf("Label of choice %d, “%s”", i+1, o.Label)
}

// label is the translation of choice i, "" where there is none.
func (l WordingLocale) label(i int) string {
	if i >= len(l.Labels) {
		return ""
	}
	return l.Labels[i]
}

// name is what a folded language is called.
func (l WordingLocale) name() string {
	switch {
	case l.Code == "":
		return "New language"
	case l.Question == "":
		return l.Code
	}
	return l.Code + ": " + l.Question
}

// author is who published a version.
func (v WordingVersion) author() string {
	if v.Author == "" {
		return "Rerate"
	}
	return v.Author
}
