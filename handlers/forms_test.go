package handlers_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/internal/seal"
	"rerate/views"
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

// What cannot be undone is shown before it is saved: how many ratings a shorter time reaches. More time, or none, needs no word.
func TestKeepingRatingsForLessTimeIsAgreedTo(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		w.store(
			give{conversation: "1", contact: "c", score: 2, remark: "Long ago", ago: 400 * 24 * time.Hour},
			give{conversation: "2", contact: "c", score: 2, ago: 400 * 24 * time.Hour}, give{conversation: "3", contact: "c", score: 2, remark: "Now"},
		)
		save := func(days, agreed string) answer {
			form := formOf(boss.page("/settings"), "/settings")
			form.Set("retention_days", days)
			if agreed != "" {
				form.Set(views.AgreeToErase(must(strconv.Atoi(agreed))(t)), "true")
			}
			return boss.post("/settings", form)
		}
		for _, step := range []struct {
			days, agreed string
			saved        bool
		}{
			{"90", "", false},
			{"90", "365", false},
			{"90", "90", true},
			{"90", "", true},
			{"365", "", true},
			{"0", "", true},
			{"365", "", false},
			{"365", "365", true},
			{"364", "365", false},
		} {
			before := w.settings().RetentionDays
			p := save(step.days, step.agreed)
			want := map[bool]int{true: http.StatusSeeOther, false: http.StatusUnprocessableEntity}[step.saved]
			if p.status != want {
				t.Errorf("%s days, agreed to %q: answered %d", step.days, step.agreed, p.status)
			}
			if !step.saved {
				for _, text := range []string{"2 ratings are older than " + step.days + " days now, 1 with a remark", `name="erase_older_than_` + step.days + `"`, `value="` + step.days + `"`} {
					if !strings.Contains(p.body, text) {
						t.Errorf("the page does not say %s", text)
					}
				}
			}
			if now := w.settings().RetentionDays; (strconv.Itoa(now) == step.days) != step.saved || !step.saved && now != before {
				t.Errorf("after %s days, agreed to %q, %d are stored", step.days, step.agreed, now)
			}
		}
	})
}
