package rating

import (
	"maps"
	"slices"
	"strings"
)

// Wording is what a workspace asks, in its own words. It is versioned and never edited in place.
type Wording struct {
	Ask      Invitation             `json:"ask,omitzero"`
	Question string                 `json:"question"`
	Options  []Option               `json:"options"` // worst first, 2 to 10
	Remarks  Remarks                `json:"remarks"`
	Thanks   Thanks                 `json:"thanks"`
	Locales  map[string]Translation `json:"locales"` // by language tag, like "fr" or "pt-BR"
}

// Invitation is what stands before the question where a message asks it: in the Messenger, and by e-mail or any other
// channel. Both may be empty.
type Invitation struct {
	Chat  string `json:"chat,omitempty"`
	Email string `json:"email,omitempty"`
}

// Option is one choice. Its place in the list is its score.
type Option struct {
	Score     int       `json:"score"`
	Emoji     string    `json:"emoji"`
	Label     string    `json:"label"`
	Sentiment Sentiment `json:"sentiment,omitempty"` // empty: by the option's place
}

// Text is what the customer reads on the option.
func (o Option) Text() string { return strings.TrimSpace(o.Emoji + " " + o.Label) }

// Remarks is the second step of the card. AskWhyUpTo is the highest score that is asked what went wrong
// instead of Label; WhyLabel replaces the built-in words of that question.
type Remarks struct {
	Enabled     bool   `json:"enabled"`
	Label       string `json:"label"`
	Placeholder string `json:"placeholder"`
	AskWhyUpTo  int    `json:"ask_why_up_to"`
	WhyLabel    string `json:"why_label,omitempty"`
}

// Thanks is the last thing a customer reads, by sentiment of the score.
type Thanks struct {
	Negative string `json:"negative,omitempty"`
	Neutral  string `json:"neutral,omitempty"`
	Positive string `json:"positive,omitempty"`
}

// For picks the text for a sentiment.
func (t Thanks) For(s Sentiment) string {
	switch s {
	case Negative:
		return t.Negative
	case Positive:
		return t.Positive
	case Neutral:
	}
	return t.Neutral
}

// Translation is the wording in another language. What is empty falls back to the default language.
type Translation struct {
	Ask      Invitation         `json:"ask,omitzero"`
	Question string             `json:"question,omitempty"`
	Labels   []string           `json:"labels,omitempty"` // one per option, worst first
	Remarks  TranslationRemarks `json:"remarks"`
	Thanks   Thanks             `json:"thanks"`
}

// TranslationRemarks is the remark field in another language.
type TranslationRemarks struct {
	Label       string `json:"label,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
	WhyLabel    string `json:"why_label,omitempty"`
}

// DefaultWording is Intercom's five faces with words of our own.
func DefaultWording() Wording {
	return Wording{
		Question: "Rate your conversation again",
		Options: []Option{
			{Score: 1, Emoji: "😠", Label: "Terrible"},
			{Score: 2, Emoji: "🙁", Label: "Bad"},
			{Score: 3, Emoji: "😐", Label: "OK"},
			{Score: 4, Emoji: "😃", Label: "Good"},
			{Score: 5, Emoji: "😍", Label: "Amazing"},
		},
		Remarks: Remarks{Enabled: true, Label: "Anything to add?", AskWhyUpTo: 3},
		Thanks: Thanks{
			Negative: "Thank you for telling us. We are sorry that it is not right yet; the team can see your answer.",
			Neutral:  "Thank you. The team can see your answer.",
			Positive: "Thank you. We are glad that this worked out!",
		},
		Locales: map[string]Translation{},
	}
}

// Score puts a value on the wording's scale. ok is false when the value is not one of the options.
func (w Wording) Score(value int) (s Score, ok bool) {
	if value < 1 || value > len(w.Options) {
		return Score{}, false
	}
	sentiment := w.Options[value-1].Sentiment
	if sentiment == "" {
		sentiment = SentimentOf(value, len(w.Options))
	}
	return Score{Value: value, Of: len(w.Options), Sentiment: sentiment}, true
}

// SentimentOf is the default sentiment of a score: the top two fifths of the scale, rounded down and at least
// one, are positive, the bottom two fifths likewise negative, the rest neutral.
func SentimentOf(value, size int) Sentiment {
	side := max(1, size*2/5)
	switch {
	case value <= side:
		return Negative
	case value > size-side:
		return Positive
	}
	return Neutral
}

// In is the wording in the language of a locale such as "fr-CA": the locale itself, else its language, else
// the default. Letter case and "_" for "-" do not matter. The result has no locales of its own.
func (w Wording) In(locale string) Wording {
	translated := w
	translated.Locales = nil
	t, ok := w.translation(locale)
	if !ok {
		return translated
	}
	translated.Ask = Invitation{Chat: or(t.Ask.Chat, w.Ask.Chat), Email: or(t.Ask.Email, w.Ask.Email)}
	translated.Question = or(t.Question, w.Question)
	translated.Options = slices.Clone(w.Options)
	for i := range translated.Options {
		if i < len(t.Labels) {
			translated.Options[i].Label = or(t.Labels[i], w.Options[i].Label)
		}
	}
	translated.Remarks.Label = or(t.Remarks.Label, w.Remarks.Label)
	translated.Remarks.Placeholder = or(t.Remarks.Placeholder, w.Remarks.Placeholder)
	translated.Remarks.WhyLabel = or(t.Remarks.WhyLabel, w.Remarks.WhyLabel)
	translated.Thanks = Thanks{
		Negative: or(t.Thanks.Negative, w.Thanks.Negative),
		Neutral:  or(t.Thanks.Neutral, w.Thanks.Neutral),
		Positive: or(t.Thanks.Positive, w.Thanks.Positive),
	}
	return translated
}

func (w Wording) translation(locale string) (Translation, bool) {
	wanted := normalLocale(locale)
	for wanted != "" {
		for _, tag := range slices.Sorted(maps.Keys(w.Locales)) {
			if normalLocale(tag) == wanted {
				return w.Locales[tag], true
			}
		}
		cut := strings.LastIndexByte(wanted, '-')
		if cut < 0 {
			break
		}
		wanted = wanted[:cut]
	}
	return Translation{}, false
}

func normalLocale(tag string) string {
	return strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
}

func or(first, second string) string {
	if strings.TrimSpace(first) != "" {
		return first
	}
	return second
}

// Clean trims surrounding white space and numbers the options by their place, so that a score is always the
// place in the list.
func (w Wording) Clean() Wording {
	w.Question = strings.TrimSpace(w.Question)
	w.Options = slices.Clone(w.Options)
	for i := range w.Options {
		o := &w.Options[i]
		o.Score, o.Emoji, o.Label = i+1, strings.TrimSpace(o.Emoji), strings.TrimSpace(o.Label)
	}
	if w.Locales == nil {
		w.Locales = map[string]Translation{}
	}
	return w
}
