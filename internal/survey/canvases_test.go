package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
)

// wordingOf has so many options; its texts are as long as a wording may hold.
func wordingOf(options int) rating.Wording {
	w := rating.DefaultWording()
	w.Options = nil
	for i := range options {
		w.Options = append(w.Options, rating.Option{Score: i + 1, Emoji: "👨‍👩‍👧‍👦", Label: fmt.Sprintf("Label %d", i+1)})
	}
	w.Remarks.AskWhyUpTo = options / 2
	return w
}

// Every step of every scale in every language is a canvas that Intercom would show, and ids never clash.
func TestPreviewsAreValid(t *testing.T) {
	locales := append(slices.Collect(maps.Keys(builtIn)), "", "tlh")
	for options := 2; options <= 10; options++ {
		for _, remarks := range []bool{true, false} {
			w := wordingOf(options)
			w.Remarks.Enabled = remarks
			if problems := w.Validate(); problems != nil {
				t.Fatalf("the wording with %d options: %v", options, problems)
			}
			for _, locale := range locales {
				for _, step := range []Step{StepAsk, StepSaved, StepThanks, StepTooLate} {
					shown := Preview(w, locale, step)
					if err := shown.Validate(); err != nil {
						t.Errorf("%d options, remarks %v, %q, %s: %v", options, remarks, locale, step, err)
					}
				}
			}
		}
	}
}

// Each step shows what it is for.
func TestPreviewSteps(t *testing.T) {
	w := wordingOf(5)
	for step, want := range map[Step][]string{
		StepAsk:     {"single-select rating ", "text question"},
		StepSaved:   {"single-select rating 1 saved", "textarea remark", "button send_remark", "button change"},
		StepThanks:  {"single-select rating 1 saved", "text thanks", "button change"},
		StepTooLate: {"text question"},
	} {
		got := summaryOf(Preview(w, "en", step))
		for _, part := range want {
			if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, part) }) {
				t.Errorf("%s shows %q, not %q", step, got, part)
			}
		}
		if step != StepSaved && slices.Contains(got, "textarea remark") {
			t.Errorf("%s shows a remark field", step)
		}
	}
}

func summaryOf(c canvas.Content) []string {
	var parts []string
	for _, part := range c.Components {
		switch part := part.(type) {
		case canvas.Text:
			parts = append(parts, "text "+part.ID)
		case canvas.SingleSelect:
			parts = append(parts, strings.TrimRight("single-select "+part.ID+" "+part.Value+" "+part.SaveState, " ")+" ")
		case canvas.TextArea:
			parts = append(parts, "textarea "+part.ID)
		case canvas.Button:
			parts = append(parts, "button "+part.ID)
		}
	}
	return parts
}

// A wording without options, as a draft may be, is drawn too.
func TestPreviewOfADraftWithoutOptions(t *testing.T) {
	for _, step := range []Step{StepAsk, StepSaved, StepThanks, StepTooLate} {
		if got := Preview(rating.Wording{Question: "?"}, "en", step); len(got.Components) == 0 {
			t.Errorf("%s shows nothing", step)
		}
	}
}
