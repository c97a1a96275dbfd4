package survey

import (
	"encoding/json"
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
				for _, step := range Steps {
					for tapped := 0; tapped <= options; tapped++ {
						shown := Preview(w, locale, step, tapped)
						if err := shown.Validate(); err != nil {
							t.Errorf("%d options, remarks %v, %q, %s, %d: %v", options, remarks, locale, step, tapped, err)
						}
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
		StepRemark:  {"single-select rating 1 saved", "single-select what_changed", "textarea remark"},
		StepThanks:  {"single-select rating 1 saved", "text thanks", "button change"},
		StepTooLate: {"text question"},
	} {
		got := summaryOf(Preview(w, "en", step, 0))
		for _, part := range want {
			if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, part) }) {
				t.Errorf("%s shows %q, not %q", step, got, part)
			}
		}
		if step != StepSaved && step != StepRemark && slices.Contains(got, "textarea remark") {
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

// The tapped score decides what is asked and how the customer is thanked.
func TestPreviewOfATap(t *testing.T) {
	w := rating.DefaultWording()
	w.Remarks.WhyLabel, w.Locales["fr"] = "Why?", rating.Translation{Remarks: rating.TranslationRemarks{WhyLabel: "Pourquoi ?"}}
	for _, tt := range []struct {
		locale string
		step   Step
		tapped int
		want   string
	}{
		{"", StepSaved, 1, "Why?"},
		{"", StepSaved, 3, "Why?"},
		{"", StepSaved, 4, "Anything to add?"},
		{"fr", StepRemark, 2, "Pourquoi ?"},
		{"", StepThanks, 2, w.Thanks.Negative},
		{"", StepThanks, 3, w.Thanks.Neutral},
		{"", StepThanks, 5, w.Thanks.Positive},
		{"de", StepTooLate, 0, builtIn["de"].tooLateToRate},
		{"ar", StepTooLate, 2, builtIn["ar"].tooLateToChange},
	} {
		shown := asJSON(t, Preview(w, tt.locale, tt.step, tt.tapped))
		if !strings.Contains(shown, tt.want) {
			t.Errorf("%q, %s, %d does not show %q: %s", tt.locale, tt.step, tt.tapped, tt.want, shown)
		}
	}
}

// What is not written yet shows as far as it can.
func TestPreviewOfAnUnfinishedWording(t *testing.T) {
	unfinished := rating.Wording{Options: []rating.Option{{}, {Emoji: "👍"}}, Remarks: rating.Remarks{Enabled: true}}
	for _, step := range Steps {
		shown := Preview(unfinished, "fr", step, 1)
		if err := shown.Validate(); err != nil {
			t.Errorf("%s: %v", step, err)
		}
		if none := Preview(rating.Wording{}, "", step, 1); none.Validate() != nil || !strings.Contains(asJSON(t, none), "…") {
			t.Errorf("%s of nothing is %+v", step, none)
		}
	}
	if unfinished.Options[0].Label != "" {
		t.Error("the preview changed the wording")
	}
}

func TestWeight(t *testing.T) {
	w := wordingOf(5)
	plain, locale := Weight(w)
	if plain < 500 || plain > 4000 || locale != "" {
		t.Errorf("it weighs %d bytes, in %q", plain, locale)
	}
	w.Locales["fr"] = rating.Translation{Thanks: rating.Thanks{Positive: strings.Repeat("é", canvas.MaxBytes/2)}}
	heavy, locale := Weight(w)
	if locale != "fr" || heavy <= canvas.MaxBytes {
		t.Errorf("it weighs %d bytes, in %q", heavy, locale)
	}
	thanks := Preview(w, "fr", StepThanks, 5)
	if thanks.Validate() == nil {
		t.Error("a canvas that Intercom would not take is valid")
	}
}

func asJSON(t *testing.T, shown canvas.Content) string {
	t.Helper()
	raw, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
