package rating_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
)

func options(n int) (all []rating.Option) {
	for i := range n {
		all = append(all, rating.Option{Score: i + 1, Label: "L"})
	}
	return all
}

const unstorable = "This text holds characters that cannot be stored."

// Every sentence a person can read about a wording, with the change that causes it and nothing else.
func TestValidateWording(t *testing.T) {
	type w = rating.Wording
	french := func(t rating.Translation) map[string]rating.Translation {
		return map[string]rating.Translation{"fr": t}
	}
	tests := []struct {
		change          func(w *rating.Wording)
		field, sentence string
	}{
		{func(w *w) { w.Question = "" }, "question", "This must not be empty."},
		{func(w *w) { w.Question = " \n\u00a0" }, "question", "This must not be empty."},
		{func(w *w) { w.Question = strings.Repeat("é", 201) }, "question", "This text has 201 characters; at most 200 fit."},
		{func(w *w) { w.Question = "a\x00b" }, "question", unstorable},
		{func(w *w) { w.Question = "a\xff" }, "question", unstorable},
		{func(w *w) { w.Options, w.Remarks.AskWhyUpTo = options(1), 1 }, "options", "A scale has 2 to 10 options; this one has 1."},
		{func(w *w) { w.Options = options(11) }, "options", "A scale has 2 to 10 options; this one has 11."},
		{func(w *w) { w.Options[2].Score = 5 }, "options.3.score", "Options are listed worst first; this one must have score 3."},
		{func(w *w) { w.Options[0].Label = "" }, "options.1.label", "This must not be empty."},
		{func(w *w) { w.Options[4].Label = strings.Repeat("x", 41) }, "options.5.label", "This text has 41 characters; at most 40 fit."},
		{func(w *w) { w.Options[1].Emoji = strings.Repeat("😀", 33) }, "options.2.emoji", "This text has 33 characters; at most 32 fit."},
		{func(w *w) { w.Options[1].Sentiment = "happy" }, "options.2.sentiment", "A sentiment is negative, neutral or positive."},
		{func(w *w) { w.Remarks.Label = "" }, "remarks.label", "Say what the remark field asks for."},
		{func(w *w) { w.Remarks.Label = "\t" }, "remarks.label", "Say what the remark field asks for."},
		{func(w *w) { w.Remarks.Label = strings.Repeat("x", 201) }, "remarks.label", "This text has 201 characters; at most 200 fit."},
		{func(w *w) { w.Remarks.Placeholder = "\x00" }, "remarks.placeholder", unstorable},
		{func(w *w) { w.Remarks.WhyLabel = strings.Repeat("x", 201) }, "remarks.why_label", "This text has 201 characters; at most 200 fit."},
		{func(w *w) { w.Remarks.AskWhyUpTo = -1 }, "remarks.ask_why_up_to", "Choose a score of the scale, 0 to 5."},
		{func(w *w) { w.Remarks.AskWhyUpTo = 6 }, "remarks.ask_why_up_to", "Choose a score of the scale, 0 to 5."},
		{func(w *w) { w.Thanks.Negative = strings.Repeat("x", 501) }, "thanks.negative", "This text has 501 characters; at most 500 fit."},
		{func(w *w) { w.Thanks.Neutral = "\xc3" }, "thanks.neutral", unstorable},
		{func(w *w) { w.Thanks.Positive = "\x00" }, "thanks.positive", unstorable},
		{func(w *w) { w.Locales = map[string]rating.Translation{"french": {}} }, "locales.french", `"french" is not a language tag such as fr or pt-BR.`},
		{func(w *w) { w.Locales = map[string]rating.Translation{"": {}} }, "locales.", `"" is not a language tag such as fr or pt-BR.`},
		{func(w *w) { w.Locales = map[string]rating.Translation{"pt-BR": {}, "pt_br": {}} }, "locales.pt_br", `"pt-BR" and "pt_br" are the same language.`},
		{func(w *w) { w.Locales = languages(51) }, "locales", "At most 50 languages are possible."},
		{func(w *w) { w.Locales = french(rating.Translation{Question: strings.Repeat("x", 201)}) }, "locales.fr.question", "This text has 201 characters; at most 200 fit."},
		{func(w *w) { w.Locales = french(rating.Translation{Labels: make([]string, 6)}) }, "locales.fr.labels", "There are 6 labels for 5 options."},
		{func(w *w) { w.Locales = french(rating.Translation{Labels: []string{"", "\x00"}}) }, "locales.fr.labels.2", unstorable},
		{func(w *w) { w.Locales = french(rating.Translation{Remarks: rating.TranslationRemarks{Label: "\xff"}}) }, "locales.fr.remarks.label", unstorable},
		{func(w *w) {
			w.Locales = french(rating.Translation{Remarks: rating.TranslationRemarks{Placeholder: "\xff"}})
		}, "locales.fr.remarks.placeholder", unstorable},
		{func(w *w) {
			w.Locales = french(rating.Translation{Remarks: rating.TranslationRemarks{WhyLabel: "\xff"}})
		}, "locales.fr.remarks.why_label", unstorable},
		{func(w *w) { w.Locales = french(rating.Translation{Thanks: rating.Thanks{Positive: "\xff"}}) }, "locales.fr.thanks.positive", unstorable},
	}
	for _, tt := range tests {
		w := rating.DefaultWording()
		tt.change(&w)
		if diff := cmp.Diff(rating.Problems{tt.field: tt.sentence}, w.Validate()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.field, diff)
		}
	}
}

func languages(n int) map[string]rating.Translation {
	all := map[string]rating.Translation{}
	for i := range n {
		all[fmt.Sprintf("fr-%03d", i)] = rating.Translation{}
	}
	return all
}

func TestValidWordings(t *testing.T) {
	for name, change := range map[string]func(w *rating.Wording){
		"thumbs":           func(w *rating.Wording) { w.Options, w.Remarks.AskWhyUpTo = options(2), 1 },
		"ten":              func(w *rating.Wording) { w.Options, w.Remarks.AskWhyUpTo = options(10), 10 },
		"longest question": func(w *rating.Wording) { w.Question = strings.Repeat("é", 200) },
		"longest label":    func(w *rating.Wording) { w.Options[0].Label = strings.Repeat("語", 40) },
		"a family":         func(w *rating.Wording) { w.Options[0].Emoji = "👨‍👩‍👧‍👦" },
		"no emoji":         func(w *rating.Wording) { w.Options[0].Emoji = "" },
		"no remark field":  func(w *rating.Wording) { w.Remarks = rating.Remarks{} },
		"no thanks":        func(w *rating.Wording) { w.Thanks = rating.Thanks{} },
		"fifty languages":  func(w *rating.Wording) { w.Locales = languages(50) },
		"three letters and digits": func(w *rating.Wording) {
			w.Locales = map[string]rating.Translation{"fil": {}, "es-419": {}, "zh-Hant-TW": {}}
		},
		"fewer labels":   func(w *rating.Wording) { w.Locales = map[string]rating.Translation{"fr": {Labels: []string{"", "x"}}} },
		"own sentiments": func(w *rating.Wording) { w.Options[2].Sentiment = rating.Negative },
	} {
		w := rating.DefaultWording()
		change(&w)
		if problems := w.Validate(); problems != nil {
			t.Errorf("%s: %v", name, problems)
		}
	}
	for _, tag := range []string{"f", "frenchy", "fr-", "-fr", "fr-é", "f1", "fr-a-b-c-d", "fr fr", "fr-toolongpart", "12", "fr\x00"} {
		w := rating.DefaultWording()
		w.Locales[tag] = rating.Translation{}
		if problems := w.Validate(); problems["locales."+tag] == "" {
			t.Errorf("%q is taken for a language", tag)
		}
	}
}

// Every sentence a person can read about settings, with the change that causes it and nothing else.
func TestValidateSettings(t *testing.T) {
	type s = rating.Settings
	number := func(least, most int) string { return fmt.Sprintf("Choose a whole number from %d to %d.", least, most) }
	const target = "A target is a share from 0 to 1, like 0.9."
	tests := []struct {
		change          func(s *rating.Settings)
		field, sentence string
	}{
		{func(s *s) { s.Ask.MinCharacters = -1 }, "ask.min_characters", number(0, 10_000)},
		{func(s *s) { s.Ask.MinCharacters = 10_001 }, "ask.min_characters", number(0, 10_000)},
		{func(s *s) { s.Ask.MaxDaysSinceReply = 366 }, "ask.max_days_since_reply", number(0, 365)},
		{func(s *s) { s.Ask.SuppressionDays = 3651 }, "ask.suppression_days", number(0, 3650)},
		{func(s *s) { s.Ask.DelayMinutes = 43201 }, "ask.delay_minutes", number(0, 43200)},
		{func(s *s) { s.Ask.MaxPerConversation = 101 }, "ask.max_per_conversation", number(0, 100)},
		{func(s *s) { s.Ask.SamplePercent = 101 }, "ask.sample_percent", number(0, 100)},
		{func(s *s) { s.Ask.SuppressTags = []string{"ok", ""} }, "ask.suppress_tags", "This must not be empty."},
		{func(s *s) { s.Ask.SuppressTags = []string{"\x00"} }, "ask.suppress_tags", unstorable},
		{func(s *s) { s.Ask.SuppressTags = strings.Split(strings.Repeat("x ", 201)+"x", " ") }, "ask.suppress_tags", "At most 200 entries fit."},
		{func(s *s) { s.Ask.ChatMethod = "pigeon" }, "ask.chat_method", `"pigeon" is not one of [link quick_reply workflow_card].`},
		{func(s *s) { s.Windows.RateHours = 8761 }, "windows.rate_hours", number(0, 8760)},
		{func(s *s) { s.Windows.ChangeHours = -1 }, "windows.change_hours", number(0, 8760)},
		{func(s *s) { s.Windows.UndoMinutes = 61 }, "windows.undo_minutes", number(0, 60)},
		{func(s *s) { s.Policy = "median" }, "policy", "A policy is first, latest, average, best or worst."},
		{func(s *s) { s.Note = "" }, "note", `"" is not one of [full no_score off].`},
		{func(s *s) { s.TestContacts = []string{strings.Repeat("x", 201)} }, "test_contacts", "This text has 201 characters; at most 200 fit."},
		{func(s *s) { s.WriteBack.Tag = strings.Repeat("x", 101) }, "write_back.tag", "This text has 101 characters; at most 100 fit."},
		{func(s *s) { s.TimeZone = "" }, "time_zone", `"" is not a time zone such as Europe/Dublin.`},
		{func(s *s) { s.TimeZone = "Local" }, "time_zone", `"Local" is not a time zone such as Europe/Dublin.`},
		{func(s *s) { s.TimeZone = "Mars/Olympus" }, "time_zone", `"Mars/Olympus" is not a time zone such as Europe/Dublin.`},
		{func(s *s) { s.TimeZone = "../../etc/passwd" }, "time_zone", `"../../etc/passwd" is not a time zone such as Europe/Dublin.`},
		{func(s *s) { s.Target = -0.01 }, "target", target},
		{func(s *s) { s.Target = 1.01 }, "target", target},
		{func(s *s) { s.Target = math.NaN() }, "target", target},
		{func(s *s) { s.Target = math.Inf(1) }, "target", target},
		{func(s *s) { s.MinSample = -1 }, "min_sample", number(0, 10_000)},
		{func(s *s) { s.RetentionDays = 36_501 }, "retention_days", number(0, 36_500)},
	}
	for _, tt := range tests {
		s := rating.DefaultSettings()
		tt.change(&s)
		if diff := cmp.Diff(rating.Problems{tt.field: tt.sentence}, s.Validate()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.field, diff)
		}
	}
}

func TestLocation(t *testing.T) {
	for zone, want := range map[string]string{"Europe/Dublin": "Europe/Dublin", "UTC": "UTC", "Mars/Olympus": "UTC"} {
		if got := (rating.Settings{TimeZone: zone}).Location().String(); got != want {
			t.Errorf("%s is %s", zone, got)
		}
	}
}
