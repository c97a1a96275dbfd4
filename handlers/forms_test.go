package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/internal/seal"
	"rerate/models"
)

func defaults() rating.Settings { return rating.DefaultSettings() }

// formOf reads the form that a page shows, as a browser would send it back.
func formOf(page *goquery.Document, action string) url.Values {
	values := url.Values{}
	page.Find(`form[action="` + action + `"]`).Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		name := field.AttrOr("name", "")
		switch {
		case name == "":
		case field.Is("select"):
			values.Add(name, field.Find("option[selected]").AttrOr("value", ""))
		case field.Is("textarea"):
			values.Add(name, field.Text())
		case field.AttrOr("type", "") == "checkbox" || field.AttrOr("type", "") == "radio":
			if _, on := field.Attr("checked"); on {
				values.Add(name, field.AttrOr("value", "on"))
			}
		default:
			values.Add(name, field.AttrOr("value", ""))
		}
	})
	return values
}

func (w *world) publishedWording() models.Wording {
	w.t.Helper()
	return must(w.db.Tenant(workspace).Wording(ctx))(w.t)
}

func TestAWordingRoundTrips(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		form := formOf(boss.page("/wording"), "/wording")
		form.Set("do", "publish")
		form.Set("question", "How was it, <b>really</b>? 👩‍👩‍👧‍👦")
		for i, emoji := range []string{"👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "4️⃣", "👍🏽", "❤️‍🔥"} {
			form.Set("option."+strconv.Itoa(i)+".emoji", emoji)
		}
		form.Set("option.4.label", "  Wunderbar & mehr  ")
		form.Set("option.2.sentiment", "positive")
		form.Set("remarks.ask_why_up_to", "2")
		form.Set("locale.0.code", "ar")
		form.Set("locale.0.question", "كيف كانت المحادثة؟")
		for i, label := range []string{"سيئ جدًا", "سيئ", "مقبول", "جيد", "رائع"} {
			form.Set("locale.0.label."+strconv.Itoa(i), label)
		}
		form.Set("locale.0.thanks.positive", "شكرًا \u200fجزيلًا")
		boss.post("/wording", form).leadsTo("/wording")

		got := w.publishedWording()
		if got.Version != 2 || got.AuthorID != jane {
			t.Errorf("published is version %d by %q", got.Version, got.AuthorID)
		}
		want := rating.DefaultWording()
		want.Question = "How was it, <b>really</b>? 👩‍👩‍👧‍👦"
		for i, emoji := range []string{"👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "4️⃣", "👍🏽", "❤️‍🔥"} {
			want.Options[i].Emoji = emoji
		}
		want.Options[4].Label, want.Options[2].Sentiment, want.Remarks.AskWhyUpTo = "Wunderbar & mehr", rating.Positive, 2
		want.Locales = map[string]rating.Translation{"ar": {
			Question: "كيف كانت المحادثة؟", Labels: []string{"سيئ جدًا", "سيئ", "مقبول", "جيد", "رائع"},
			Thanks: rating.Thanks{Positive: "شكرًا \u200fجزيلًا"},
		}}
		if diff := cmp.Diff(want, got.Body); diff != "" {
			t.Errorf("published (-want +got):\n%s", diff)
		}

		page := boss.page("/wording")
		if got := page.Find(`[role="status"]`).First().Text(); !strings.Contains(got, "is published") {
			t.Errorf("the page says %q", got)
		}
		again := formOf(page, "/wording")
		again.Set("do", "publish")
		boss.post("/wording", again).leadsTo("/wording")
		if diff := cmp.Diff(got.Body, w.publishedWording().Body); diff != "" {
			t.Errorf("published unchanged it changed (-before +after):\n%s", diff)
		}
		card := w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]).is(http.StatusOK).body
		if !strings.Contains(card, "👩‍👩‍👧‍👦 Terrible") {
			t.Errorf("the next card is %s", card)
		}
	})
}

func TestTheFormKeepsWhatItHasNoFieldFor(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	hidden := rating.DefaultWording()
	hidden.Remarks.WhyLabel = "What went wrong?"
	hidden.Locales["fr"] = rating.Translation{Remarks: rating.TranslationRemarks{Placeholder: "Écrivez ici", WhyLabel: "Pourquoi ?"}}
	err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		_, err := tx.PublishWording(hidden, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	form := formOf(boss.page("/wording"), "/wording")
	form.Set("do", "publish")
	boss.post("/wording", form).leadsTo("/wording")
	if diff := cmp.Diff(hidden.Clean(), w.publishedWording().Body); diff != "" {
		t.Errorf("published (-before +after):\n%s", diff)
	}
}

func TestButtonsOfTheWordingForm(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	form := formOf(boss.page("/wording"), "/wording")
	form.Set("locale.0.code", "fr")
	form.Set("locale.0.question", "")
	for i, label := range []string{"un", "deux", "trois", "quatre", "cinq"} {
		form.Set("locale.0.label."+strconv.Itoa(i), label)
	}
	press := func(button string) url.Values {
		sent := url.Values{}
		for name, values := range form {
			sent[name] = values
		}
		sent.Set("do", button)
		return formOf(boss.post("/wording", sent).is(http.StatusOK).document(), "/wording")
	}
	got := press("remove_option.1")
	if got.Has("option.4.label") || got.Get("option.1.label") != "OK" || got.Get("locale.0.label.1") != "trois" {
		t.Errorf("after a choice was removed the form is %v", got)
	}
	if got := press("add_option"); !got.Has("option.5.label") || got.Get("option.4.label") != "Amazing" {
		t.Errorf("after a choice was added the form is %v", got)
	}
	if got := press("add_locale"); !got.Has("locale.1.code") {
		t.Errorf("after a language was added the form is %v", got)
	}
	if got := press("remove_locale.0"); got.Has("locale.0.code") {
		t.Errorf("after a language was removed the form is %v", got)
	}
	for _, odd := range []string{"remove_option.99", "remove_option.-1", "remove_option.x", "remove_locale.7"} {
		if got := press(odd); !got.Has("option.4.label") || !got.Has("locale.0.code") {
			t.Errorf("%s changed the form: %v", odd, got)
		}
	}
	form.Set("question", "A question to see")
	form.Set("do", "preview")
	if got := boss.post("/wording", form).is(http.StatusOK).document().Find("#preview").Parent().Text(); !strings.Contains(got, "A question to see") || !strings.Contains(got, "😍 Amazing") {
		t.Errorf("the preview shows %s", got)
	}
	form.Set("do", "explode")
	boss.post("/wording", form).is(http.StatusUnprocessableEntity)
	if got := w.publishedWording().Version; got != 1 {
		t.Errorf("version %d is published", got)
	}
}

func TestAWrongWordingIsShownAgain(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	tests := map[string]struct{ name, value, wrong string }{
		"no question":         {"question", " ", "question"},
		"no label":            {"option.2.label", "", "option.2.label"},
		"a long emoji":        {"option.0.emoji", strings.Repeat("😀", 33), "option.0.emoji"},
		"an odd meaning":      {"option.1.sentiment", "furious", "option.1.sentiment"},
		"no number":           {"remarks.ask_why_up_to", "many", "remarks.ask_why_up_to"},
		"off the scale":       {"remarks.ask_why_up_to", "6", "remarks.ask_why_up_to"},
		"long thanks":         {"thanks.neutral", strings.Repeat("x", 501), "thanks.neutral"},
		"a language's name":   {"locale.0.code", "klingon language", "locale.0.code"},
		"a nameless language": {"locale.0.code", "", "locale.0.code"},
	}
	for name, tt := range tests {
		for _, button := range []string{"publish", "preview"} {
			form := formOf(boss.page("/wording"), "/wording")
			form.Set("locale.0.code", "fr")
			form.Set(tt.name, tt.value)
			form.Set("do", button)
			page := boss.post("/wording", form).is(http.StatusUnprocessableEntity).document()
			field := page.Find(`[name="` + tt.wrong + `"]`)
			if field.AttrOr("aria-invalid", "") != "true" {
				t.Errorf("%s: %s is not marked", name, tt.wrong)
			}
			if sent := formOf(page, "/wording").Get(tt.name); !field.Is("select") && sent != strings.TrimSpace(tt.value) {
				t.Errorf("%s: the form shows %q again", name, sent)
			}
		}
	}
	form := formOf(boss.page("/wording"), "/wording")
	form.Set("question", "\x00")
	form.Set("do", "publish")
	boss.post("/wording", form).is(http.StatusUnprocessableEntity)
	form.Set("question", "twice")
	form.Set("locale.0.code", "fr")
	form.Set("locale.1.code", "fr")
	boss.post("/wording", form).is(http.StatusUnprocessableEntity)
	if got := w.publishedWording().Version; got != 1 {
		t.Errorf("version %d is published", got)
	}
}

func TestSettingsRoundTrip(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		form := formOf(boss.page("/settings"), "/settings")
		boss.post("/settings", form).leadsTo("/settings")
		if diff := cmp.Diff(defaults(), w.settings()); diff != "" {
			t.Errorf("saved unchanged they changed (-before +after):\n%s", diff)
		}
		for name, value := range map[string]string{
			"ask.suppress_tags": " fraud \r\n\r\nشكرا\r\n", "target": "92.5", "policy": "best", "note": "off", "time_zone": "Asia/Kathmandu",
			"windows.undo_minutes": "0", "write_back.tag": "rated", "min_sample": "30",
		} {
			form.Set(name, value)
		}
		form.Del("ask.users")
		form.Set("ask.outbound", "true")
		boss.post("/settings", form).leadsTo("/settings")
		want := defaults()
		want.Ask.SuppressTags, want.Target, want.Policy, want.Note = []string{"fraud", "شكرا"}, 0.925, rating.CountBest, rating.NoteOff
		want.TimeZone, want.Windows.UndoMinutes, want.WriteBack.Tag, want.MinSample = "Asia/Kathmandu", 0, "rated", 30
		want.Ask.Users, want.Ask.Outbound = false, true
		if diff := cmp.Diff(want, w.settings()); diff != "" {
			t.Errorf("saved (-want +got):\n%s", diff)
		}
		shown := formOf(boss.page("/settings"), "/settings")
		if shown.Get("target") != "92.5" || shown.Get("ask.suppress_tags") != "fraud\nشكرا" || shown.Has("ask.users") {
			t.Errorf("the form shows %v", shown)
		}
	})
}

func (w *world) settings() rating.Settings {
	w.t.Helper()
	return must(w.db.Tenant(workspace).Get(ctx))(w.t).Settings
}

func TestWrongSettingsAreShownAgain(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	for name, value := range map[string]string{
		"ask.min_characters": "many", "ask.sample_percent": "101", "time_zone": "Mars/Olympus", "target": "NaN", "policy": "loudest",
		"windows.rate_hours": "", "min_sample": "-1", "ask.suppress_tags": strings.Repeat("x", 201), "retention_days": "1e3",
	} {
		form := formOf(boss.page("/settings"), "/settings")
		form.Set(name, value)
		page := boss.post("/settings", form).is(http.StatusUnprocessableEntity).document()
		if page.Find(`[name="`+name+`"]`).AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%s = %q is not marked", name, value)
		}
	}
	boss.post("/settings", url.Values{}).is(http.StatusUnprocessableEntity)
	boss.post("/settings", url.Values{"test_contacts": {strings.Repeat("x", 70<<10)}}).is(http.StatusRequestEntityTooLarge)
	if diff := cmp.Diff(defaults(), w.settings()); diff != "" {
		t.Errorf("something was saved (-before +after):\n%s", diff)
	}
}

// The form has a field for every setting of the contract, and no other.
func TestTheFormHasEverySetting(t *testing.T) {
	w := newWorld(t)
	page := w.signIn(jane).page("/settings")
	var shown []string
	page.Find(`form[action="/settings"]`).Find("input[name], select[name], textarea[name]").Each(func(_ int, field *goquery.Selection) {
		shown = append(shown, field.AttrOr("name", ""))
	})
	have := map[string]bool{}
	for _, name := range shown {
		have[name] = true
	}
	wanted := map[string]bool{}
	raw, err := json.Marshal(defaults())
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	leaves("", tree, wanted)
	if diff := cmp.Diff(wanted, have); diff != "" {
		t.Errorf("the form's fields (-contract +form):\n%s", diff)
	}
}

func leaves(prefix string, tree map[string]any, into map[string]bool) {
	for key, value := range tree {
		if inner, ok := value.(map[string]any); ok {
			leaves(prefix+key+".", inner, into)
			continue
		}
		into[prefix+key] = true
	}
}

func TestAPIKeys(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		a := boss.post("/settings/keys", url.Values{"name": {"Dashboard <b>"}, "read_only": {"true"}}).is(http.StatusOK)
		secret := a.document().Find("code.select-all").Text()
		key, err := w.db.APIKey(ctx, seal.Hash(secret))
		if err != nil || key.WorkspaceID != workspace || key.Name != "Dashboard <b>" || !key.ReadOnly || key.CreatedBy != "Jane Agent" {
			t.Fatalf("the key %q is %+v, %v", secret, key, err)
		}
		if strings.Contains(boss.get("/settings").body, secret) || strings.Contains(w.log.String(), secret) {
			t.Error("the key is shown twice")
		}
		boss.post("/settings/keys/"+key.ID+"/revoke", nil).leadsTo("/settings")
		if _, err := w.db.APIKey(ctx, seal.Hash(secret)); err == nil {
			t.Error("the revoked key still works")
		}
		boss.post("/settings/keys/"+key.ID+"/revoke", nil).is(http.StatusNotFound)
		for _, name := range []string{"", "  ", strings.Repeat("x", 101), "a\x00b"} {
			boss.post("/settings/keys", url.Values{"name": {name}}).is(http.StatusUnprocessableEntity)
		}
	})
}
