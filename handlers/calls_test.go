package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"rerate/internal/intercom"
	"rerate/models"
	"rerate/models/modelstest"
)

// listed is every call of a workspace in a tab, oldest first, as "kind conversation outcome: reason".
func (w *world) listed(of string, tab models.CallTab) []string {
	w.t.Helper()
	w.service.Calls.Flush(ctx)
	calls := must(w.db.Tenant(of).Calls(ctx, models.CallFilter{Tab: tab}, nil, 1000))(w.t)
	slices.Reverse(calls)
	lines := []string{}
	for _, c := range calls {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %d %s: %s", c.Kind, c.ConversationID, c.Status, c.Outcome, c.Reason)))
	}
	return lines
}

func (w *world) lists(tab models.CallTab, want ...string) {
	w.t.Helper()
	got := w.listed(workspace, tab)
	for _, line := range want {
		if !slices.ContainsFunc(got, func(l string) bool { return strings.HasPrefix(l, line) }) {
			w.t.Errorf("%s does not list %q: %s", tab, line, strings.Join(got, "\n"))
		}
	}
	if len(got) != len(want) {
		w.t.Errorf("%s lists %d calls, want %d: %s", tab, len(got), len(want), strings.Join(got, "\n"))
	}
}

const talk = "215472621202693" // of the bodies

// Every call that Intercom makes, and every one that Rerate makes, is listed with how it ended.
func TestCallsAreListed(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		shown := cardOf(t, w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]))
		submit := submitOf(t, shown, "2")
		w.call("/canvas/messenger/submit", submit)
		w.call("/canvas/messenger/submit", submit)
		w.call("/canvas/inbox/initialize", bodies["/canvas/inbox/initialize"])
		w.call("/webhooks/intercom", bodies["/webhooks/intercom"])
		w.call("/intercom/health", bodies["/intercom/health"])
		w.lists(models.LiveCalls,
			"GET me  200 done:", "GET admins  200 done:",
			"messenger initialize "+talk+" 200 done:", "messenger submit "+talk+" 200 done:",
			"messenger submit "+talk+" 200 done: This had been answered before",
			"inbox initialize "+talk+" 200 done:", "conversation.admin.closed "+talk+" 200 done:", "health  200 done:")
		w.lists(models.InvalidCalls)
		w.lists(models.TestCalls)

		page := boss.page("/calls")
		if n := page.Find("table tbody tr").Length(); n != 8 {
			t.Errorf("the page lists %d calls", n)
		}
		if text := page.Find("table").Text(); !strings.Contains(text, "Card is tapped") || !strings.Contains(text, "POST /canvas/messenger/submit") {
			t.Errorf("the page says %s", text)
		}
		rating := must(w.db.Tenant(workspace).RatingsOf(ctx, talk))(t)[0]
		if page.Find(`a[href="/ratings/`+rating.ID+`"]`).Length() == 0 {
			t.Error("no call leads to the story")
		}
		if page.Find(`a[target=_blank][href*="`+talk+`"]`).Length() == 0 {
			t.Error("no call leads to the conversation in Intercom")
		}
		if n := boss.page("/calls?direction=out&kind=GET+me").Find("table tbody tr").Length(); n != 1 {
			t.Errorf("filtered are %d calls", n)
		}
		if n := boss.page("/calls?conversation=" + talk).Find("table tbody tr").Length(); n != 5 {
			t.Errorf("of the conversation there are %d calls", n)
		}
		boss.get("/calls?direction=&kind=&conversation=" + talk).leadsTo("/calls?conversation=" + talk)
	})
}

// What was signed and could not be honoured says why, in words for the team.
func TestInvalidCallsSayWhy(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		w.signIn(jane)
		shown := cardOf(t, w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]))
		good := submitOf(t, shown, "2")
		other := strings.Replace(good, talk, "9", 1)
		w.call("/canvas/messenger/submit", submitOf(t, shown, "9"))
		w.call("/canvas/messenger/submit", other)
		w.call("/canvas/messenger/submit", bodies["/canvas/messenger/submit"]) // a state that we never sealed
		w.call("/canvas/messenger/submit", strings.Replace(good, `"type":"contact"`, `"type":"admin"`, 1))
		w.call("/canvas/inbox/submit", bodies["/canvas/inbox/submit"])
		w.call("/canvas/inbox/initialize", bodies["/canvas/messenger/configure"])
		w.call("/intercom/health", bodies["/canvas/messenger/live"])
		w.call("/webhooks/intercom", bodies["/intercom/uninstall"])
		must[any](nil, w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
			settings, err := tx.Settings()
			settings.Windows.RateHours = 1
			if err != nil {
				return err
			}
			return tx.SaveSettings(settings)
		}))(t)
		w.db.Clock.Move(61 * time.Minute)
		w.call("/canvas/messenger/submit", good)
		w.call("/webhooks/intercom", `{"topic":"conversation.deleted","app_id":"a86dr8yl","id":"n","data":{"item":{"type":"conversation","conversation_id":"`+talk+`"}}}`)
		w.call("/canvas/messenger/submit", good)
		w.lists(models.InvalidCalls,
			"messenger submit "+talk+" 200 refused: The choice is not on the scale",
			"messenger submit "+talk+" 200 refused: The card was made for another conversation",
			"messenger submit "+talk+" 200 refused: The card's state is not one that Rerate sealed",
			"messenger submit "+talk+" 200 refused: A teammate tapped the card",
			"inbox submit "+talk+" 200 refused: This button is not known",
			"inbox initialize  200 refused: The request is not one that this address takes. In detail: the body is not a Inbox initialize request: it has no conversation",
			"health  422 refused: The request is not one that this address takes.",
			"webhook  200 refused: The request is not one that this address takes. In detail: the body is not a webhook: it has no topic",
			"messenger submit "+talk+" 200 refused: The time to rate is over",
			"messenger submit "+talk+" 200 refused: The conversation was deleted in Intercom")
	})
}

// Calls that nobody can be given are counted for the process, and nothing of them is stored.
func TestWhoseCallsNobodyKnows(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	before := len(w.listed(workspace, ""))
	body := bodies["/canvas/messenger/submit"]
	if text := boss.page("/calls").Find("main").Text(); strings.Contains(text, "signature") {
		t.Errorf("before anything happened the page says %s", text)
	}
	w.callWith("/canvas/messenger/submit", body, http.Header{intercom.BodySignatureHeader: {strings.Repeat("0", 64)}}).is(http.StatusUnauthorized)
	w.callWith("/webhooks/intercom", body, http.Header{}).is(http.StatusUnauthorized)
	w.call("/canvas/messenger/submit", "hello")
	w.call("/canvas/messenger/submit", `{"workspace_id":"a86dr8yl","workspace_id":"nobody","context":{}}`)
	w.call("/canvas/messenger/submit", `{"workspace_id":"a86dr8yl","app_id":"nobody"}`)
	if after := len(w.listed(workspace, "")); after != before {
		t.Errorf("%d calls were listed", after-before)
	}
	text := strings.Join(strings.Fields(boss.page("/calls").Find("main").Text()), " ")
	for _, want := range []string{"2 calls with a wrong signature", "INTERCOM_CLIENT_SECRET", "3 signed calls named no workspace"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q: %s", want, text)
		}
	}
}

// In test mode calls stand in a tab of their own.
func TestCallsOfTestMode(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	live := len(w.listed(workspace, models.LiveCalls))
	must[any](nil, w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		settings, err := tx.Settings()
		settings.TestMode = true
		if err != nil {
			return err
		}
		return tx.SaveSettings(settings)
	}))(t)
	shown := cardOf(t, w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]))
	w.call("/canvas/messenger/submit", submitOf(t, shown, "9"))
	w.lists(models.TestCalls, "messenger initialize "+talk+" 200 done:")
	w.lists(models.InvalidCalls, "messenger submit "+talk+" 200 refused:")
	if got := len(w.listed(workspace, models.LiveCalls)); got != live {
		t.Errorf("%d live calls, want %d", got, live)
	}
	if text := boss.page("/calls?tab=invalid").Find("table").Text(); !strings.Contains(text, "Test") {
		t.Errorf("an invalid call of test mode is not marked: %s", text)
	}
}

// Nothing of what was said in a call is kept.
func TestCallsKeepNothingOfWhatWasSaid(t *testing.T) {
	w := newWorld(t)
	w.signIn(jane)
	const said = "SAID-AND-NOT-KEPT"
	shown := cardOf(t, w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]))
	for _, body := range []string{
		submitOf(t, shown, said),
		strings.Replace(submitOf(t, shown, "2"), `"type":"contact"`, `"type":"contact","name":"`+said+`","email":"`+said+`@example.com"`, 1),
		strings.Replace(bodies["/canvas/messenger/submit"], `"component_id":"rating"`, `"component_id":"`+said+`"`, 1),
		`{"workspace_id":"a86dr8yl","component_id":"send_remark","input_values":{"remark":{"x":"` + said + `"}}}`,
	} {
		w.call("/canvas/messenger/submit", body)
	}
	w.call("/webhooks/intercom", strings.Replace(bodies["/webhooks/intercom"], "conversation.admin.closed", said+" and a topic", 1))
	w.service.Calls.Flush(ctx)
	all := must(json.Marshal(must(w.db.Tenant(workspace).Calls(ctx, models.CallFilter{}, nil, 100))(t)))(t)
	if strings.Contains(string(all), said) || !strings.Contains(string(all), "messenger submit") {
		t.Errorf("kept is %s", all)
	}
}

// The next page goes on where the last one ended, and keeps tab and filter.
func TestPagesOfCalls(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	for range 120 {
		w.call("/intercom/health", bodies["/intercom/health"])
		w.db.Clock.Move(time.Second)
	}
	w.service.Calls.Flush(ctx)
	address, seen := "/calls?direction=in", 0
	for pages := 1; ; pages++ {
		page := boss.page(address)
		seen += page.Find("table tbody tr").Length()
		next, more := page.Find("a[rel=next]").Attr("href")
		if !more {
			if seen != 120 || pages != 3 {
				t.Errorf("%d calls on %d pages", seen, pages)
			}
			break
		}
		if u := must(url.Parse(next))(t); u.Query().Get("direction") != "in" {
			t.Errorf("the next page is %s", next)
		}
		address = next
	}
	if first, ok := boss.page(address).Find("a[rel=first]").Attr("href"); !ok || first != "/calls?direction=in" {
		t.Errorf("back to the newest is %q", first)
	}
}

// An empty tab says why it is empty.
func TestEmptyCalls(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.service.Calls.Flush(ctx)
	for address, want := range map[string]string{
		"/calls?tab=invalid":                 "Nothing went wrong",
		"/calls?tab=test":                    "Test mode is off",
		"/calls?conversation=1":              "No such call",
		"/calls?tab=test&kind=GET+me":        "No such call here",
		"/calls?tab=nonsense&conversation=x": "Calls",
	} {
		page := boss.page(address)
		titles := page.Find("main h2").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		if !slices.Contains(append(titles, page.Find("h1").Text()), want) {
			t.Errorf("%s says %q, want %q", address, titles, want)
		}
	}
	text := boss.page("/calls?tab=nonsense&conversation=x&more=1").Find("section").First().Text()
	for _, want := range []string{"tab “nonsense” was ignored", "conversation “x” was ignored", "“more” was ignored"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say that %s: %s", want, text)
		}
	}
}

type callJSON struct {
	ID             string  `json:"id"`
	At             string  `json:"at"`
	Direction      string  `json:"direction"`
	Kind           string  `json:"kind"`
	Path           string  `json:"path"`
	ConversationID *string `json:"conversation_id"`
	Test           bool    `json:"test"`
	Status         *int    `json:"status"`
	Outcome        string  `json:"outcome"`
	Reason         string  `json:"reason"`
	DurationMS     float64 `json:"duration_ms"`
}

func TestAPICalls(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.write(w.ours, func(tx *models.Tx) error {
			return tx.AddCalls([]models.Call{
				{
					At: modelstest.Start, Direction: models.FromThem, Kind: "messenger submit", Path: "POST /canvas/messenger/submit", ConversationID: "7",
					Status: 200, Outcome: models.CallDone, Micros: 1500,
				},
				{At: modelstest.Start.Add(time.Second), Direction: models.ToThem, Kind: "GET me", Path: "GET /me", Outcome: models.CallDone},
				{At: modelstest.Start, Direction: models.ToThem, Kind: "GET me", Path: "GET /me", Outcome: models.CallFailed, Reason: "No."},
			})
		})
		read := func(path string) (l struct {
			Items []callJSON `json:"items"`
			Next  *string    `json:"next_cursor"`
		},
		) {
			t.Helper()
			if err := json.Unmarshal([]byte(w.get(path).is(http.StatusOK).body), &l); err != nil {
				t.Fatal(err)
			}
			return l
		}
		first := read("/calls?limit=1")
		if len(first.Items) != 1 || first.Next == nil || first.Items[0].Kind != "GET me" || first.Items[0].Status != nil || first.Items[0].ConversationID != nil {
			t.Fatalf("the newest is %+v", first)
		}
		rest := read("/calls?tab=live&cursor=" + *first.Next)
		if len(rest.Items) != 1 || rest.Next != nil || *rest.Items[0].ConversationID != "7" || *rest.Items[0].Status != 200 || rest.Items[0].DurationMS != 1.5 ||
			rest.Items[0].At != "2026-03-02T09:00:00Z" {
			t.Errorf("the rest is %+v", rest)
		}
		if got := read("/calls?tab=invalid"); len(got.Items) != 1 || got.Items[0].Reason != "No." || got.Items[0].Outcome != "failed" {
			t.Errorf("invalid are %+v", got)
		}
		for query, want := range map[string]int{"direction=in": 1, "kind=GET+me": 1, "conversation=7": 1, "conversation=8": 0, "tab=test": 0} {
			if got := len(read("/calls?" + query).Items); got != want {
				t.Errorf("%s finds %d calls, want %d", query, got, want)
			}
		}
	})
}
