package views

import (
	"fmt"
	"strconv"

	"github.com/a-h/templ"

	"rerate/views/ui"
)

// WordingPreview is one state of the card. The fields preview.step, preview.locale and preview.score choose which.
type WordingPreview struct {
	Card     templ.Component // the canvas as the Messenger shows it
	Message  *WordingMessage // in its place: a message that asks
	Step     string          // "ask", "saved", "remark", "thanks", "too_late", "chat" or "email"
	Locale   string          // "" is the default language
	Tapped   int             // the tapped score; 0 is none
	Locales  []string
	Options  []WordingOption
	Remarks  bool // whether the card asks for a remark
	Bytes    int  // what the largest card weighs, of MaxBytes that Intercom takes
	MaxBytes int
	Heaviest string // the language of the largest card
}

type previewStep struct{ value, label string }

var previewSteps = []previewStep{{"ask", "Ask"}, {"saved", "Saved"}, {"remark", "Remark"}, {"thanks", "Thanks"}, {"too_late", "Too late"}, {"chat", "In chat"}, {"email", "E-mail"}}

// WordingMessage is a message that asks, as the customer reads it.
type WordingMessage struct {
	Before   []string // paragraphs
	Question string
	Links    []ui.Score // Value 0: the one link to all choices
}

// when says when a customer sees the step.
func (v WordingPreview) when() string {
	switch {
	case v.Step == "saved" && !v.Remarks, v.Step == "thanks" && !v.Remarks:
		return "After the tap. Remarks are off, so it ends here."
	case v.Step == "saved":
		return "After the first tap: it is saved, and a remark can be added."
	case v.Step == "remark":
		return "After a changed rating: it also asks what changed."
	case v.Step == "thanks":
		return "After the remark, or when it was left empty."
	case v.Step == "too_late" && v.Tapped == 0:
		return "When the time to rate is over."
	case v.Step == "too_late":
		return "When the time to change a rating is over."
	}
	switch v.Step {
	case "chat":
		return "A message in the Messenger, where links ask. Each opens a page with that choice."
	case "email":
		return "The same by e-mail and in other channels."
	}
	return "What the customer is asked."
}

func (v WordingPreview) languages() []ui.Choice {
	choices := []ui.Choice{{Value: "", Label: "Default"}}
	for _, tag := range v.Locales {
		choices = append(choices, ui.Choice{Value: tag, Label: languageName(tag)})
	}
	return choices
}

// taps are the choices that may have been tapped, and nothing where the step has a card for that.
func (v WordingPreview) taps() []ui.Choice {
	var choices []ui.Choice
	if v.Step == "too_late" || v.Step == "ask" || v.Message != nil {
		choices = append(choices, ui.Choice{Value: "0", Label: "Nothing yet"})
	}
	for i, o := range v.Options {
		choices = append(choices, ui.Choice{Value: strconv.Itoa(i + 1), Label: o.text(i)})
	}
	return choices
}

// dir is the direction of the card.
func (v WordingPreview) dir() string { return direction(v.Locale) }

// full is how much of what Intercom takes is used, in hundredths.
func (v WordingPreview) full() int {
	if v.MaxBytes == 0 {
		return 0
	}
	return v.Bytes * 100 / v.MaxBytes
}

// nearlyFull is the share from which on the page warns.
const nearlyFull = 80

func (v WordingPreview) size() string {
	return fmt.Sprintf("%s of %s KB", kilobytes(v.Bytes), kilobytes(v.MaxBytes))
}

func kilobytes(bytes int) string {
	if bytes%1024 == 0 {
		return strconv.Itoa(bytes / 1024)
	}
	return strconv.FormatFloat(float64(bytes)/1024, 'f', 1, 64)
}
