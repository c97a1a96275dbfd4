package survey

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
)

// The fixed component ids of the card: a contract with everybody who automates it.
const (
	scaleID       = "rating"
	remarkID      = "remark"
	sendRemarkID  = "send_remark"
	changeID      = "change"
	whatChangedID = "what_changed"
)

// The answers to "what changed?".
const (
	changedFixed     = "fixed"
	changedExplained = "explained"
	changedBroken    = "still_broken"
	tappedWrong      = "tapped_wrong"
)

// whatChangedWords say to the team what a customer answered: "The customer says: it is fixed now."
var whatChangedWords = map[string]string{
	changedFixed:     "it is fixed now",
	changedExplained: "it was explained",
	changedBroken:    "it is still broken",
	tappedWrong:      "an answer was a wrong tap",
}

// MaxRemark is the longest remark, in characters.
const MaxRemark = 5000

// card draws the canvases of one wording in one language.
type card struct {
	wording rating.Wording // already in the customer's language
	words   words
}

func newCard(w rating.Wording, locale string) card {
	return card{wording: w.In(locale), words: wordsFor(locale)}
}

// given is what has been answered, as the card shows it.
type given struct {
	score         rating.Score
	remarked      bool
	mayChange     bool
	askWhat       bool   // offer "what changed?"
	remarkProblem string // why the remark that was sent was refused
}

// ask is the question with its scale.
func (c card) ask() canvas.Content {
	return content(c.question(), canvas.SingleSelect{ID: scaleID, Options: c.options(), Action: canvas.Submit{}})
}

// saved shows the choice as saved, with what can still be added.
func (c card) saved(g given) canvas.Content {
	parts := []canvas.Component{c.question(), c.choice(g.score)}
	if g.askWhat {
		parts = append(parts, canvas.SingleSelect{ID: whatChangedID, Label: c.words.whatChanged, Action: canvas.Submit{}, Options: []canvas.Option{
			{ID: changedFixed, Text: c.words.fixed},
			{ID: changedExplained, Text: c.words.explained},
			{ID: changedBroken, Text: c.words.broken},
			{ID: tappedWrong, Text: c.words.wrongTap},
		}})
	}
	if !c.wording.Remarks.Enabled || g.remarked {
		return content(append(parts, c.thanks(g.score), c.changeButton(g))...)
	}
	parts = append(parts, canvas.Text{Text: c.words.saved, Style: "muted", Align: "center"})
	if g.remarkProblem != "" {
		parts = append(parts, canvas.Text{Text: g.remarkProblem, Style: "error"})
	}
	return content(append(parts,
		canvas.TextArea{
			ID: remarkID, Label: c.remarkLabel(g.score), Placeholder: c.wording.Remarks.Placeholder, Error: g.remarkProblem != "",
		},
		canvas.Button{ID: sendRemarkID, Label: c.words.send, Style: "primary", Action: canvas.Submit{}},
		c.changeButton(g))...)
}

// tooLate says kindly that a window has closed, showing the answer if there is one.
func (c card) tooLate(answered *given) canvas.Content {
	if answered == nil {
		return content(c.question(), canvas.Text{Text: c.words.tooLateToRate, Align: "center"})
	}
	return content(c.question(), c.choice(answered.score), canvas.Text{Text: c.words.tooLateToChange, Align: "center"})
}

// preview is the card where it cannot be answered: while it is being put into a Workflow or a message.
func (c card) preview() canvas.Content {
	return content(c.question(),
		canvas.SingleSelect{ID: scaleID, Options: c.options(), Action: canvas.Submit{}},
		canvas.Text{Text: c.words.preview, Style: "muted", Align: "center"})
}

func (c card) question() canvas.Component {
	return canvas.Text{ID: "question", Text: c.wording.Question, Style: "header", Align: "center"}
}

func (c card) options() []canvas.Option {
	options := make([]canvas.Option, len(c.wording.Options))
	for i, o := range c.wording.Options {
		options[i] = canvas.Option{ID: strconv.Itoa(o.Score), Text: o.Text()}
	}
	return options
}

// scoreOf reads the id of an option of the scale.
func (c card) scoreOf(option string) (rating.Score, bool) {
	value, err := strconv.Atoi(option)
	score, onScale := c.wording.Score(value)
	if err != nil || !onScale || strconv.Itoa(value) != option {
		return rating.Score{}, false
	}
	return score, true
}

func (c card) choice(s rating.Score) canvas.Component {
	return canvas.SingleSelect{ID: scaleID, Options: c.options(), Value: strconv.Itoa(s.Value), SaveState: "saved"}
}

func (c card) thanks(s rating.Score) canvas.Component {
	text := c.wording.Thanks.For(s.Sentiment)
	if text == "" {
		text = c.words.thanks
	}
	return canvas.Text{ID: "thanks", Text: "✅ " + text, Align: "center"}
}

func (c card) changeButton(g given) canvas.Component {
	if !g.mayChange {
		return nil
	}
	return canvas.Button{ID: changeID, Label: c.words.change, Style: "link", Action: canvas.Submit{}}
}

func (c card) remarkLabel(s rating.Score) string {
	r := c.wording.Remarks
	switch {
	case s.Value > r.AskWhyUpTo:
		return r.Label
	case r.WhyLabel != "":
		return r.WhyLabel
	}
	return c.words.whyLabel
}

// content collects components, leaving out those that do not apply.
func content(parts ...canvas.Component) canvas.Content {
	shown := canvas.Content{Components: make([]canvas.Component, 0, len(parts))}
	for _, part := range parts {
		if part != nil {
			shown.Components = append(shown.Components, part)
		}
	}
	return shown
}

// plain is a canvas that only says something.
func plain(text string) canvas.Canvas {
	c := content(canvas.Text{Text: text, Align: "center"})
	return canvas.Canvas{Content: &c}
}

// noticeID marks the sentence under a card whose tap was not taken.
const noticeID = "notice"

// withNotice is a card as it stands, with a sentence under it.
func withNotice(shown canvas.Shown, text string) canvas.Canvas {
	stands, err := shown.Content()
	if err != nil || stands == nil {
		return plain(text)
	}
	var parts []canvas.Component
	for _, part := range stands.Components {
		if said, ok := part.(canvas.Text); !ok || said.ID != noticeID {
			parts = append(parts, part)
		}
	}
	noticed := content(append(parts, canvas.Text{ID: noticeID, Text: text, Align: "center"})...)
	c := canvas.Canvas{Content: &noticed, StoredData: shown.StoredData}
	if c.Validate() != nil {
		return plain(text) // not a card of ours
	}
	return c
}

// Step is one state of the card, for the preview.
type Step string

// The steps that can be previewed.
const (
	StepAsk     Step = "ask"
	StepSaved   Step = "saved"    // after the first tap
	StepRemark  Step = "remark"   // after another tap: it also asks what changed
	StepThanks  Step = "thanks"   // after the remark
	StepTooLate Step = "too_late" // a window has closed
)

// Steps are the steps in the order in which a customer sees them.
var Steps = []Step{StepAsk, StepSaved, StepRemark, StepThanks, StepTooLate}

// Preview is the very content that Intercom would get for a wording, language, step and tapped score. A tapped score
// that the scale does not have is the lowest one, but for the last step, where it means that nothing was tapped. What
// an unfinished wording does not say yet is shown as "…".
func Preview(w rating.Wording, locale string, step Step, tapped int) canvas.Content {
	w = w.Clean()
	c := newCard(w, locale)
	c.wording.Question = cmp.Or(c.wording.Question, unsaid)
	c.wording.Options = slices.Clone(c.wording.Options)
	for i, o := range c.wording.Options {
		if o.Text() == "" {
			c.wording.Options[i].Label = unsaid
		}
	}
	if c.wording.Remarks.Enabled {
		c.wording.Remarks.Label = cmp.Or(c.wording.Remarks.Label, unsaid)
	}
	score, onScale := w.Score(tapped)
	if !onScale && step == StepTooLate {
		return c.tooLate(nil)
	}
	if !onScale {
		score, onScale = w.Score(1)
	}
	if !onScale { // no choices yet
		return content(c.question())
	}
	switch step {
	case StepSaved:
		return c.saved(given{score: score, mayChange: true})
	case StepRemark:
		return c.saved(given{score: score, mayChange: true, askWhat: true})
	case StepThanks:
		return c.saved(given{score: score, remarked: true, mayChange: true})
	case StepTooLate:
		return c.tooLate(&given{score: score})
	case StepAsk:
	}
	return c.ask()
}

const unsaid = "…"

// Weight is how large a wording's largest card is, in bytes of JSON, and in which language. Intercom takes
// canvas.MaxBytes.
func Weight(w rating.Wording) (bytes int, locale string) {
	for _, tag := range append([]string{""}, slices.Sorted(maps.Keys(w.Locales))...) {
		for tapped := range max(1, len(w.Options)) {
			for _, step := range []Step{StepRemark, StepThanks} {
				raw, err := json.Marshal(Preview(w, tag, step, tapped+1))
				if err == nil && len(raw) > bytes {
					bytes, locale = len(raw), tag
				}
			}
		}
	}
	return bytes, locale
}
