package rating_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/rating"
)

func labelsOf(w rating.Wording) (all []string) {
	for i, o := range w.Options {
		if o.Score != i+1 {
			all = append(all, "wrong score")
		}
		all = append(all, o.Label)
	}
	return all
}

func TestRemovingAndMovingTakeTheLabelsAlong(t *testing.T) {
	w := multilingual()
	w.Remarks.AskWhyUpTo = 2
	w.Options[1].Sentiment = rating.Neutral
	for name, tt := range map[string]struct {
		got    rating.Wording
		labels string
		french string
		swiss  string
		why    int
	}{
		"remove the second":   {w.RemoveOption(1), "Terrible OK Good Amazing", "Horrible Moyen Bon Super", "Schlimm", 1},
		"remove the last":     {w.RemoveOption(4), "Terrible Bad OK Good", "Horrible Mauvais Moyen Bon", "Schlimm", 2},
		"remove none":         {w.RemoveOption(5), "Terrible Bad OK Good Amazing", "Horrible Mauvais Moyen Bon Super", "Schlimm ", 2},
		"remove before all":   {w.RemoveOption(-1), "Terrible Bad OK Good Amazing", "Horrible Mauvais Moyen Bon Super", "Schlimm ", 2},
		"move up":             {w.MoveOption(1, 0), "Bad Terrible OK Good Amazing", "Mauvais Horrible Moyen Bon Super", " Schlimm", 2},
		"move to the end":     {w.MoveOption(0, 4), "Bad OK Good Amazing Terrible", "Mauvais Moyen Bon Super Horrible", "    Schlimm", 2},
		"move out":            {w.MoveOption(0, 5), "Terrible Bad OK Good Amazing", "Horrible Mauvais Moyen Bon Super", "Schlimm ", 2},
		"move what is not":    {w.MoveOption(9, 0), "Terrible Bad OK Good Amazing", "Horrible Mauvais Moyen Bon Super", "Schlimm ", 2},
		"move to where it is": {w.MoveOption(2, 2), "Terrible Bad OK Good Amazing", "Horrible Mauvais Moyen Bon Super", "Schlimm", 2},
		"add":                 {w.AddOption(), "Terrible Bad OK Good Amazing ", "Horrible Mauvais Moyen Bon Super", "Schlimm ", 2},
	} {
		got := []string{
			strings.Join(labelsOf(tt.got), " "), strings.Join(tt.got.Locales["fr"].Labels, " "), strings.Join(tt.got.Locales["de_ch"].Labels, " "),
		}
		if want := []string{tt.labels, tt.french, tt.swiss}; !slices.Equal(got, want) || tt.got.Remarks.AskWhyUpTo != tt.why {
			t.Errorf("%s: %q, why up to %d; want %q, %d", name, got, tt.got.Remarks.AskWhyUpTo, want, tt.why)
		}
	}
	if w.MoveOption(1, 3).Options[3].Sentiment != rating.Neutral {
		t.Error("the meaning stays behind")
	}
	if diff := cmp.Diff(multilingual().Locales, w.Locales); diff != "" {
		t.Errorf("the original has changed: %s", diff)
	}
}

// Whatever is moved comes back by the opposite move, with all that hangs on it.
func TestMovingBackUndoesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWording(t).Clean()
		from, to := rapid.IntRange(0, len(w.Options)-1).Draw(t, "from"), rapid.IntRange(0, len(w.Options)-1).Draw(t, "to")
		back := w.MoveOption(from, to).MoveOption(to, from)
		if d := rating.Differences(w, back); len(d) > 0 {
			t.Fatalf("it differs in %+v", d)
		}
	})
}

func TestLanguagesCanBeAddedAndRemoved(t *testing.T) {
	w := multilingual()
	for tag, want := range map[string]string{
		"es": "", "es-419": "", "sr_Latn": "", "fr": "there already", "FR": "there already", "de-CH": "there already", "": "Choose a language",
		"english please": "is not a language code", "1": "is not a language code",
	} {
		added, problem := w.AddLocale(tag)
		if (problem == "") != (want == "") || !strings.Contains(problem, want) {
			t.Errorf("adding %q: %q, want %q", tag, problem, want)
		}
		if grew := len(added.Locales) == len(w.Locales)+1; grew != (want == "") {
			t.Errorf("adding %q leaves %d languages", tag, len(added.Locales))
		}
	}
	for i := range 60 {
		w, _ = w.AddLocale("x" + string(rune('a'+i/26)) + string(rune('a'+i%26)))
	}
	if _, problem := w.AddLocale("es"); len(w.Locales) != rating.MaxLocales || !strings.Contains(problem, "At most 50") {
		t.Errorf("there are %d languages; %q", len(w.Locales), problem)
	}
	if _, there := multilingual().RemoveLocale("fr").Locales["fr"]; there {
		t.Error("French is still there")
	}
	german, _ := rating.DefaultWording().AddLocale("de-AT")
	if got := german.Locales["de-AT"].Labels; len(got) != 5 || got[0] != "Furchtbar" {
		t.Errorf("the built-in words are %q", got)
	}
	own := rating.DefaultWording()
	own.Options[0].Label = "Awful"
	if own, _ = own.AddLocale("de"); own.Locales["de"].Labels != nil {
		t.Error("own choices have built-in words")
	}
}

func TestEveryScaleIsAWording(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range rating.Scales() {
		w := multilingual().WithScale(s)
		w, _ = w.AddLocale("ar")
		if problems := w.Validate(); problems != nil {
			t.Errorf("%s: %v", s.Key, problems)
		}
		if again, ok := w.BuiltInScale(); !ok || again.Key != s.Key {
			t.Errorf("%s is not found again: %q", s.Key, again.Key)
		}
		for language, labels := range s.Labels {
			if len(labels) != len(s.Options) {
				t.Errorf("%s has %d labels in %s", s.Key, len(labels), language)
			}
			seen[language] = true
		}
		if top, _ := w.Score(w.Remarks.AskWhyUpTo); top.Sentiment == rating.Positive {
			t.Errorf("%s asks what went wrong after a positive choice", s.Key)
		}
		if next, _ := w.Score(w.Remarks.AskWhyUpTo + 1); next.Sentiment != rating.Positive {
			t.Errorf("%s asks only up to %d", s.Key, w.Remarks.AskWhyUpTo)
		}
	}
	if len(seen) != 5 {
		t.Errorf("words are built in for %v", seen)
	}
	if _, ok := rating.ScaleOf("smileys"); ok {
		t.Error("there is a scale that is not there")
	}
	never := rating.DefaultWording()
	never.Remarks.AskWhyUpTo = 0
	thumbs, _ := rating.ScaleOf("thumbs")
	if never.WithScale(thumbs).Remarks.AskWhyUpTo != 0 {
		t.Error("a scale begins to ask what went wrong")
	}
	if _, ok := multilingual().BuiltInScale(); ok {
		t.Error("French words of our own count as built in")
	}
}

func TestProgress(t *testing.T) {
	w := multilingual()
	w.Remarks.Placeholder, w.Remarks.WhyLabel = "Here", "Why?"
	change := func(do func(*rating.Wording)) rating.Wording {
		next := w
		next.Options = slices.Clone(w.Options)
		do(&next)
		return next
	}
	for name, tt := range map[string]struct {
		w    rating.Wording
		tag  string
		want rating.Progress
	}{
		"whole":            {w, "fr", rating.Progress{Done: 12, Of: 12}},
		"partly":           {w, "de_ch", rating.Progress{Done: 2, Of: 12}},
		"not there":        {w, "it", rating.Progress{Of: 12}},
		"no remarks":       {change(func(w *rating.Wording) { w.Remarks.Enabled = false }), "fr", rating.Progress{Done: 9, Of: 9}},
		"never asks why":   {change(func(w *rating.Wording) { w.Remarks.AskWhyUpTo = 0 }), "fr", rating.Progress{Done: 11, Of: 11}},
		"always asks why":  {change(func(w *rating.Wording) { w.Remarks.AskWhyUpTo = 5 }), "fr", rating.Progress{Done: 11, Of: 11}},
		"built-in thanks":  {change(func(w *rating.Wording) { w.Thanks = rating.Thanks{} }), "fr", rating.Progress{Done: 9, Of: 9}},
		"one more choice":  {w.AddOption(), "fr", rating.Progress{Done: 12, Of: 12}},
		"one with a label": {change(func(w *rating.Wording) { w.Options = append(w.Options, rating.Option{Label: "!"}) }), "fr", rating.Progress{Done: 12, Of: 13}},
	} {
		if got := tt.w.Progress(tt.tag); got != tt.want || got.Complete() != (got.Done == got.Of) {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}
