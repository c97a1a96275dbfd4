package rating

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Limits of a wording, in characters (Unicode code points). Intercom publishes none for texts; these keep a
// card readable and far below its 64 KB.
const (
	MaxQuestion = 200
	MaxLabel    = 40
	MaxEmoji    = 32 // the longest emoji sequences have about ten code points
	MaxText     = 500
	MaxLocales  = 50
)

// Validate lists what is wrong with a wording, one sentence per field, or nil. Field names are those of the
// JSON, like "options.2.label".
func (w Wording) Validate() Problems {
	p := Problems{}
	p.invitation("ask", w.Ask)
	p.text("question", w.Question, 1, MaxQuestion)
	if n := len(w.Options); n < 2 || n > 10 {
		p.add("options", "A scale has 2 to 10 options; this one has %d.", n)
	}
	for i, o := range w.Options {
		p.option(fmt.Sprintf("options.%d", i+1), o, i+1)
	}
	p.text("remarks.label", w.Remarks.Label, 0, MaxQuestion)
	if w.Remarks.Enabled && strings.TrimSpace(w.Remarks.Label) == "" {
		p.add("remarks.label", "Say what the remark field asks for.")
	}
	p.text("remarks.placeholder", w.Remarks.Placeholder, 0, MaxQuestion)
	p.text("remarks.why_label", w.Remarks.WhyLabel, 0, MaxQuestion)
	if why := w.Remarks.AskWhyUpTo; why < 0 || why > len(w.Options) {
		p.add("remarks.ask_why_up_to", "Choose a score of the scale, 0 to %d.", len(w.Options))
	}
	p.thanks("thanks", w.Thanks)
	if len(w.Locales) > MaxLocales {
		p.add("locales", "At most %d languages are possible.", MaxLocales)
	}
	seen := map[string]string{}
	for _, tag := range slices.Sorted(maps.Keys(w.Locales)) {
		field := "locales." + tag
		if !localeTag(tag) {
			p.add(field, "%q is not a language tag such as fr or pt-BR.", tag)
		}
		if twin, ok := seen[normalLocale(tag)]; ok {
			p.add(field, "%q and %q are the same language.", twin, tag)
		}
		seen[normalLocale(tag)] = tag
		p.translation(field, w.Locales[tag], len(w.Options))
	}
	return p.orNil()
}

func (p Problems) option(field string, o Option, score int) {
	if o.Score != score {
		p.add(field+".score", "Options are listed worst first; this one must have score %d.", score)
	}
	p.text(field+".emoji", o.Emoji, 0, MaxEmoji)
	p.text(field+".label", o.Label, 1, MaxLabel)
	switch o.Sentiment {
	case "", Negative, Neutral, Positive:
	default:
		p.add(field+".sentiment", "A sentiment is negative, neutral or positive.")
	}
}

func (p Problems) invitation(field string, i Invitation) {
	p.text(field+".chat", i.Chat, 0, MaxText)
	p.text(field+".email", i.Email, 0, MaxText)
}

func (p Problems) thanks(field string, t Thanks) {
	p.text(field+".negative", t.Negative, 0, MaxText)
	p.text(field+".neutral", t.Neutral, 0, MaxText)
	p.text(field+".positive", t.Positive, 0, MaxText)
}

func (p Problems) translation(field string, t Translation, options int) {
	p.invitation(field+".ask", t.Ask)
	p.text(field+".question", t.Question, 0, MaxQuestion)
	if len(t.Labels) > options {
		p.add(field+".labels", "There are %d labels for %d options.", len(t.Labels), options)
	}
	for i, label := range t.Labels {
		p.text(fmt.Sprintf("%s.labels.%d", field, i+1), label, 0, MaxLabel)
	}
	p.text(field+".remarks.label", t.Remarks.Label, 0, MaxQuestion)
	p.text(field+".remarks.placeholder", t.Remarks.Placeholder, 0, MaxQuestion)
	p.text(field+".remarks.why_label", t.Remarks.WhyLabel, 0, MaxQuestion)
	p.thanks(field+".thanks", t.Thanks)
}

func localeTag(tag string) bool {
	parts := strings.Split(normalLocale(tag), "-")
	for i, part := range parts {
		if len(part) < 2 || len(part) > 8 || (i == 0 && len(part) > 3) {
			return false
		}
		for _, c := range []byte(part) {
			letter := c >= 'a' && c <= 'z'
			digit := c >= '0' && c <= '9'
			if !letter && (!digit || i == 0) {
				return false
			}
		}
	}
	return len(parts) <= 4
}
