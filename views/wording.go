package views

import (
	"time"

	"github.com/a-h/templ"
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
