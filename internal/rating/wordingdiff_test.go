package rating_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/rating"
)

func said(all []rating.Difference) (lines []string) {
	for _, d := range all {
		lines = append(lines, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s [%s]: %s → %s", d.Kind, d.Locale, d.Field, d.Choice, d.Before, d.After)), " "))
	}
	return lines
}

func TestDifferences(t *testing.T) {
	thumbs, _ := rating.ScaleOf("thumbs")
	for name, tt := range map[string]struct {
		change func(*rating.Wording)
		want   []string
	}{
		"nothing":     {func(*rating.Wording) {}, nil},
		"white space": {func(w *rating.Wording) { w.Question += " " }, nil},
		"empty labels": {func(w *rating.Wording) {
			w.Locales["pt-BR"] = rating.Translation{Question: "Avalie de novo", Labels: []string{"", ""}}
		}, nil},
		"question":  {func(w *rating.Wording) { w.Question = "How was it?" }, []string{"changed question []: Rate your conversation again → How was it?"}},
		"emoji":     {func(w *rating.Wording) { w.Options[0].Emoji = "😡" }, []string{"changed emoji [😠 Terrible]: 😠 → 😡"}},
		"label":     {func(w *rating.Wording) { w.Options[0].Label = "Awful" }, []string{"changed label [😠 Terrible]: Terrible → Awful"}},
		"meaning":   {func(w *rating.Wording) { w.Options[2].Sentiment = rating.Positive }, []string{"changed sentiment [😐 OK]: → positive"}},
		"moved":     {func(w *rating.Wording) { *w = w.MoveOption(3, 2) }, []string{"moved choice [😐 OK]: 3 → 4", "changed remarks.ask_why_up_to []: 😐 OK → 😃 Good"}},
		"moved far": {func(w *rating.Wording) { *w = w.MoveOption(0, 4) }, []string{"moved choice [😠 Terrible]: 1 → 5", "changed remarks.ask_why_up_to []: 😐 OK → 😃 Good"}},
		"removed": {func(w *rating.Wording) { *w = w.RemoveOption(1) }, []string{
			"removed choice [🙁 Bad]: 🙁 Bad →", "removed fr label [🙁 Bad]: Mauvais →",
		}},
		"added": {func(w *rating.Wording) {
			w.Options = append(w.Options, rating.Option{Score: 6, Label: "Divine"})
		}, []string{"added choice [Divine]: → Divine"}},
		"remarks": {func(w *rating.Wording) {
			w.Remarks = rating.Remarks{Label: "More?", Placeholder: "Here", AskWhyUpTo: 0, WhyLabel: "Why?"}
		}, []string{
			"changed remarks.enabled []: on → off", "changed remarks.label []: Anything to add? → More?", "added remarks.placeholder []: → Here",
			"removed remarks.ask_why_up_to []: 😐 OK →", "added remarks.why_label []: → Why?",
		}},
		"thanks": {func(w *rating.Wording) { w.Thanks.Neutral = "" }, []string{"removed thanks.neutral []: Thank you. The team can see your answer. →"}},
		"a language more": {func(w *rating.Wording) {
			w.Locales["ar"] = rating.Translation{Question: "كيف؟", Labels: []string{"", "سيئ"}}
		}, []string{"added ar language []: →", "added ar question []: → كيف؟", "added ar label [🙁 Bad]: → سيئ"}},
		"a language less": {func(w *rating.Wording) { *w = w.RemoveLocale("pt-BR") }, []string{
			"removed pt-BR language []: →", "removed pt-BR question []: Avalie de novo →",
		}},
		"a translation": {func(w *rating.Wording) {
			french := w.Locales["fr"]
			french.Remarks.WhyLabel, french.Thanks.Positive = "", "Super !"
			w.Locales["fr"] = french
		}, []string{"removed fr remarks.why_label []: Pourquoi ? →", "changed fr thanks.positive []: Merci ! → Super !"}},
		"another scale": {func(w *rating.Wording) { w.Locales = nil; *w = w.WithScale(thumbs); w.Locales = multilingual().Locales }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			after := multilingual()
			after.Options = slices.Clone(after.Options)
			tt.change(&after)
			got := said(rating.Differences(multilingual(), after))
			if name == "another scale" {
				for _, part := range []string{"changed emoji [🙁 Bad]: 🙁 → 👎", "changed emoji [😃 Good]: 😃 → 👍", "removed choice [😠 Terrible]"} {
					if !slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, part) }) {
						t.Errorf("it does not say %q: %q", part, got)
					}
				}
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A wording differs from itself in nothing, and the same things differ either way round.
func TestDifferencesOfAnyWordings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawWording(t).Clean(), drawWording(t).Clean()
		if d := rating.Differences(a, a); len(d) > 0 {
			t.Fatalf("it differs from itself in %+v", d)
		}
		there, back := rating.Differences(a, b), rating.Differences(b, a)
		if (len(there) == 0) != (len(back) == 0) {
			t.Fatalf("there %+v, back %+v", there, back)
		}
		if len(there) == 0 && a.Question != b.Question && strings.TrimSpace(a.Question) != strings.TrimSpace(b.Question) {
			t.Fatal("another question is no difference")
		}
	})
}
