package rating_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/rating"
)

// multilingual is the default wording with French, Brazilian and an incomplete Swiss German.
func multilingual() rating.Wording {
	w := rating.DefaultWording()
	w.Locales = map[string]rating.Translation{
		"fr": {
			Question: "Notez encore", Labels: []string{"Horrible", "Mauvais", "Moyen", "Bon", "Super"},
			Remarks: rating.TranslationRemarks{Label: "Un mot ?", Placeholder: "ici", WhyLabel: "Pourquoi ?"},
			Thanks:  rating.Thanks{Negative: "Désolé", Neutral: "Merci", Positive: "Merci !"},
		},
		"pt-BR":      {Question: "Avalie de novo"},
		"de_ch":      {Question: " ", Labels: []string{"Schlimm", ""}, Thanks: rating.Thanks{Positive: "Merci vilmal"}},
		"zh-Hant-TW": {Question: "再評一次"},
	}
	return w
}

func TestInFallsBack(t *testing.T) {
	const english = "Rate your conversation again"
	for locale, want := range map[string]string{
		"fr": "Notez encore", "FR": "Notez encore", "fr-CA": "Notez encore", "fr_CA": "Notez encore", "fr-Latn-CA": "Notez encore",
		"pt-BR": "Avalie de novo", "pt_br": "Avalie de novo", "pt-br-x1": "Avalie de novo", "pt": english, "pt-PT": english,
		"zh-Hant-TW": "再評一次", "zh-hant-tw": "再評一次", "zh-Hant": english, "zh": english,
		"de-CH": english, "": english, "en": english, "xx": english, "-": english, "fra": english, "f": english,
		"-fr": english, "fr-": "Notez encore", "fr--": "Notez encore",
	} {
		if got := multilingual().In(locale).Question; got != want {
			t.Errorf("in %q it asks %q, want %q", locale, got, want)
		}
	}
}

func TestInFillsWhatIsMissing(t *testing.T) {
	original := multilingual()
	french := original.In("fr-FR")
	want := original
	want.Locales, want.Question, want.Thanks = nil, "Notez encore", original.Locales["fr"].Thanks
	want.Remarks = rating.Remarks{Enabled: true, Label: "Un mot ?", Placeholder: "ici", WhyLabel: "Pourquoi ?", AskWhyUpTo: 3}
	want.Options = []rating.Option{
		{Score: 1, Emoji: "😠", Label: "Horrible"},
		{Score: 2, Emoji: "🙁", Label: "Mauvais"},
		{Score: 3, Emoji: "😐", Label: "Moyen"},
		{Score: 4, Emoji: "😃", Label: "Bon"},
		{Score: 5, Emoji: "😍", Label: "Super"},
	}
	if diff := cmp.Diff(want, french); diff != "" {
		t.Errorf("French (-want +got)\n%s", diff)
	}
	swiss := original.In("de-CH")
	want = original
	want.Locales = nil
	want.Options = append([]rating.Option{{Score: 1, Emoji: "😠", Label: "Schlimm"}}, original.Options[1:]...)
	want.Thanks.Positive = "Merci vilmal"
	if diff := cmp.Diff(want, swiss); diff != "" {
		t.Errorf("Swiss German (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(multilingual(), original); diff != "" {
		t.Errorf("translating changed the original (-before +after)\n%s", diff)
	}
}

func TestOptionText(t *testing.T) {
	for want, option := range map[string]rating.Option{
		"😍 Amazing": {Emoji: "😍", Label: "Amazing"}, "Amazing": {Label: "Amazing"}, "😍": {Emoji: "😍"}, "": {},
	} {
		if got := option.Text(); got != want {
			t.Errorf("%+v reads %q, want %q", option, got, want)
		}
	}
}

func TestCleanNumbersAndTrims(t *testing.T) {
	dirty := rating.Wording{
		Question: "  Q\n", Options: []rating.Option{{Score: 7, Emoji: " 👎 ", Label: "\tNo "}, {Label: "Yes"}},
	}
	got := dirty.Clean()
	want := rating.Wording{
		Question: "Q", Options: []rating.Option{{Score: 1, Emoji: "👎", Label: "No"}, {Score: 2, Label: "Yes"}},
		Locales: map[string]rating.Translation{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if dirty.Options[0].Score != 7 {
		t.Error("cleaning changed the original")
	}
}

// drawText is text as people and other people write it.
func drawText(most int) *rapid.Generator[string] {
	anything := rapid.StringN(0, most, -1)
	hostile := rapid.SampledFrom([]string{
		"", " ", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "👍🏿", "\u202eabc", "\u200fשלום\u200f", "𝒳", "e\u0301\u0302\u0303", "<b>&\"'", "a\u2028b", "\u00a0x\u3000", "\ufeff", "a\x00b", "\xff",
	})
	return rapid.OneOf(anything, hostile)
}

func drawWording(t *rapid.T) rating.Wording {
	text := drawText(12)
	w := rating.Wording{
		Question: text.Draw(t, "question"),
		Remarks: rating.Remarks{
			Enabled: rapid.Bool().Draw(t, "remarks"), Label: text.Draw(t, "label"), Placeholder: text.Draw(t, "placeholder"),
			WhyLabel: text.Draw(t, "why"), AskWhyUpTo: rapid.IntRange(0, 3).Draw(t, "ask why up to"),
		},
		Thanks: rating.Thanks{Negative: text.Draw(t, "thanks"), Positive: text.Draw(t, "thanks")},
	}
	for range rapid.IntRange(2, 10).Draw(t, "options") {
		w.Options = append(w.Options, rating.Option{
			Score: rapid.IntRange(0, 9).Draw(t, "score"), Emoji: text.Draw(t, "emoji"), Label: text.Draw(t, "label"),
			Sentiment: rapid.SampledFrom([]rating.Sentiment{"", "negative", "neutral", "positive"}).Draw(t, "sentiment"),
		})
	}
	w.Locales = rapid.MapOfN(rapid.SampledFrom([]string{"fr", "de", "pt-BR", "zh-Hant"}), rapid.Custom(func(t *rapid.T) rating.Translation {
		return rating.Translation{
			Question: text.Draw(t, "question"), Labels: rapid.SliceOfN(text, 1, 3).Draw(t, "labels"),
			Remarks: rating.TranslationRemarks{Label: text.Draw(t, "label")}, Thanks: rating.Thanks{Neutral: text.Draw(t, "thanks")},
		}
	}), 0, 3).Draw(t, "locales")
	return w
}

func TestCleanTwiceIsCleanOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := drawWording(t).Clean()
		if diff := cmp.Diff(once, once.Clean()); diff != "" {
			t.Fatalf("(-once +twice)\n%s", diff)
		}
		settings := rating.Settings{TimeZone: "UTC"}.Clean()
		if diff := cmp.Diff(settings, settings.Clean()); diff != "" {
			t.Fatalf("settings (-once +twice)\n%s", diff)
		}
	})
}

func TestAValidWordingSurvivesJSON(t *testing.T) {
	valid := 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawWording(t)
		if rapid.Bool().Draw(t, "fill") {
			w.Question, w.Remarks.Enabled = "Q"+w.Question, false
			for i := range w.Options {
				w.Options[i].Label = "L" + w.Options[i].Label
			}
		}
		w = w.Clean()
		if w.Validate() != nil {
			return
		}
		valid++
		body, err := json.Marshal(w)
		if err != nil {
			t.Fatal(err)
		}
		var back rating.Wording
		if err := json.Unmarshal(body, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(w, back); diff != "" {
			t.Fatalf("(-before +after)\n%s", diff)
		}
		if problems := back.Validate(); problems != nil {
			t.Fatalf("read back it is wrong: %v", problems)
		}
		for i := range w.Options {
			if s, ok := back.Score(i + 1); !ok || s.Of != len(w.Options) {
				t.Fatalf("option %d scores %v", i+1, s)
			}
		}
	})
	if valid == 0 {
		t.Error("no wording that was drawn is valid")
	}
}

func TestProblemsInOrder(t *testing.T) {
	p := rating.Problems{"b": "Two.", "a": "One.", "options.1.label": "Three."}
	if got := p.Error(); got != "a: One. b: Two. options.1.label: Three." {
		t.Error(got)
	}
}
