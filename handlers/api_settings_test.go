package handlers_test

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

func (w *apiWorld) put(path, body string, header ...string) answer {
	w.t.Helper()
	return w.call(http.MethodPut, "/api/v1"+path, w.key, body, header...)
}

func asJSONText(t *testing.T, value any) string {
	t.Helper()
	body, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestAPISettings(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		if diff := cmp.Diff(rating.DefaultSettings(), as[rating.Settings](w.get("/settings"))); diff != "" {
			t.Error(diff)
		}
		next := rating.DefaultSettings()
		next.Policy, next.TimeZone, next.TestContacts, next.Ask.SuppressTags = rating.CountWorst, "Europe/Dublin", []string{"qa@example.com"}, nil
		stored := next.Clean()
		if diff := cmp.Diff(stored, as[rating.Settings](w.put("/settings", asJSONText(t, next)))); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(stored, as[rating.Settings](w.get("/settings"))); diff != "" {
			t.Error(diff)
		}
		theirs := as[rating.Settings](w.call("GET", "/api/v1/settings", w.foe, ""))
		if diff := cmp.Diff(rating.DefaultSettings(), theirs); diff != "" {
			t.Error(diff)
		}
	})
}

// The document of the contract is the default, key for key.
func TestAPISettingsAreTheContracts(t *testing.T) {
	design, err := os.ReadFile("../../shared/design.md")
	if err != nil {
		t.Skip("the contract is not beside the checkout (../shared/design.md)")
	}
	block := regexp.MustCompile("(?s)```json\n(\\{\"ask\".*?)\n```").FindSubmatch(design)
	if block == nil {
		t.Fatal("the contract shows no settings")
	}
	w := newAPIWorld(t, modelstest.Open(t, models.SQLite, jobTables))
	var want, got any
	if err := json.Unmarshal(block[1], &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(w.get("/settings").body), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAPIPutSettingsRefuses(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		body := asJSONText(t, rating.DefaultSettings())
		with := func(old, replacement string) string {
			if !strings.Contains(body, old) {
				t.Fatalf("no %s in %s", old, body)
			}
			return strings.Replace(body, old, replacement, 1)
		}
		for name, c := range map[string]struct {
			body      string
			status    int
			locations []string
		}{
			"nothing":         {"", 400, nil},
			"no JSON":         {"{", 400, []string{"body"}},
			"a list":          {"[]", 422, []string{"body"}},
			"an empty object": {"{}", 422, []string{"body"}},
			"unknown field":   {with(`"policy"`, `"color":1,"policy"`), 422, []string{"body.color"}},
			"unknown inside":  {with(`"users"`, `"user":1,"users"`), 422, []string{"body.ask.user"}},
			"other case":      {with(`"policy"`, `"Policy"`), 422, []string{"body.Policy"}},
			"missing field":   {with(`"note":"full",`, ``), 422, []string{"body"}},
			"wrong type":      {with(`"min_characters":250`, `"min_characters":"250"`), 422, []string{"body.ask.min_characters"}},
			"fraction":        {with(`"min_characters":250`, `"min_characters":2.5`), 422, []string{"body.ask.min_characters"}},
			"huge number":     {with(`"min_characters":250`, `"min_characters":1e30`), 422, nil},
			"null object":     {with(`"channels":{"chat":true,"email":true}`, `"channels":null`), 422, []string{"body.ask.channels"}},
			"two bad values": {
				strings.Replace(with(`"policy":"latest"`, `"policy":"mean"`), `"time_zone":"UTC"`, `"time_zone":"Mars"`, 1),
				422,
				[]string{"body.policy", "body.time_zone"},
			},
			"NUL":       {with(`"tag":""`, `"tag":"\u0000"`), 422, []string{"body.write_back.tag"}},
			"not UTF-8": {with(`"tag":""`, "\"tag\":\"\xff\""), 422, []string{"body"}},
			"too large": {strings.Repeat(" ", 300<<10) + body, 413, nil},
		} {
			t.Run(name, func(t *testing.T) {
				a := w.put("/settings", c.body)
				a.t = t
				a.isProblem(c.status, c.locations...)
				if len(a.body) > 4000 {
					t.Errorf("the answer repeats what was sent: %d bytes", len(a.body))
				}
			})
		}
		w.put("/settings", body, "Content-Type", "text/plain").isProblem(http.StatusUnsupportedMediaType)
		if diff := cmp.Diff(rating.DefaultSettings(), as[rating.Settings](w.get("/settings"))); diff != "" {
			t.Error(diff)
		}
	})
}

type versionJSON struct {
	Version     int            `json:"version"`
	PublishedAt string         `json:"published_at"`
	Author      *string        `json:"author"`
	Wording     rating.Wording `json:"wording"`
}

func TestAPIWording(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		a := w.get("/wording")
		if diff := cmp.Diff(rating.DefaultWording(), as[rating.Wording](a)); diff != "" {
			t.Error(diff)
		}
		if a.header.Get("Wording-Version") != "1" || a.header.Get("Last-Modified") != "Mon, 02 Mar 2026 09:00:00 GMT" {
			t.Errorf("headers %v", a.header)
		}
		next := rating.DefaultWording()
		next.Question = "كيف كانت محادثتك؟ 👨‍👩‍👧‍👦"
		next.Options = []rating.Option{
			{Score: 1, Emoji: "👎🏿", Label: "לא"}, {Score: 2, Emoji: "🏳️‍🌈", Label: "𝔬𝔨", Sentiment: rating.Neutral}, {Score: 3, Emoji: "7️⃣", Label: "Oui"},
		}
		next.Locales = map[string]rating.Translation{"fr": {Question: "Notez à nouveau", Labels: []string{"Non", "Bof", "Oui"}}}
		put := w.put("/wording", asJSONText(t, next))
		if diff := cmp.Diff(next, as[rating.Wording](put)); diff != "" || put.header.Get("Wording-Version") != "2" {
			t.Errorf("version %q: %s", put.header.Get("Wording-Version"), diff)
		}
		if diff := cmp.Diff(next, as[rating.Wording](w.get("/wording"))); diff != "" {
			t.Error(diff)
		}
		first := as[listOf[versionJSON]](w.get("/wording/versions?limit=1"))
		if len(first.Items) != 1 || first.Items[0].Version != 2 || first.Items[0].Author == nil || *first.Items[0].Author != "API key Nightly export" || first.NextCursor == nil {
			t.Fatalf("%+v", first)
		}
		second := as[listOf[versionJSON]](w.get("/wording/versions?cursor=" + *first.NextCursor))
		if len(second.Items) != 1 || second.Items[0].Version != 1 || second.Items[0].Author != nil || second.NextCursor != nil ||
			second.Items[0].PublishedAt != "2026-03-02T09:00:00Z" {
			t.Errorf("%+v", second)
		}
	})
}

func TestAPIPutWordingRefuses(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		turned := rating.DefaultWording()
		turned.Options[0].Score, turned.Options[4].Score = 5, 1
		empty := rating.DefaultWording()
		empty.Question, empty.Options[1].Label = "", " "
		one := rating.DefaultWording()
		one.Options = one.Options[:1]
		one.Remarks.AskWhyUpTo = 1
		for _, c := range []struct {
			wording   rating.Wording
			locations []string
		}{
			{turned, []string{"body.options.1.score", "body.options.5.score"}},
			{empty, []string{"body.question", "body.options.2.label"}},
			{one, []string{"body.options"}},
		} {
			w.put("/wording", asJSONText(t, c.wording)).isProblem(http.StatusUnprocessableEntity, c.locations...)
		}
		w.put("/wording", strings.Replace(asJSONText(t, rating.DefaultWording()), `"emoji"`, `"emojy"`, 1)).
			isProblem(http.StatusUnprocessableEntity, "body.options[0].emojy")
		w.put("/wording", strings.Repeat(" ", 3<<20)).isProblem(http.StatusRequestEntityTooLarge)
		if got := as[listOf[versionJSON]](w.get("/wording/versions")).Items; len(got) != 1 {
			t.Errorf("versions %+v", got)
		}
	})
}
