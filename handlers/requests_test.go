package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/models"
)

// ledgerLine is a row of the ledger, so long before now.
type ledgerLine struct {
	conversation string
	episode      int
	closed       time.Duration // ago; below 0: still open
	asked        time.Duration // after the close; below 0: before it; 0: not asked
	state        models.RequestState
	rule         string
	method       models.Method
	teammate     string
	facts        rating.Close
}

// keep stores rows of the ledger.
func (w *world) keep(lines ...ledgerLine) []models.Request {
	w.t.Helper()
	return keepIn(w, w.db.Tenant(workspace), lines)
}

func keepIn(w *world, tenant models.Tenant, lines []ledgerLine) (stored []models.Request) {
	w.t.Helper()
	err := tenant.Write(ctx, func(tx *models.Tx) error {
		for _, line := range lines {
			c, err := tx.Conversation(line.conversation)
			if err != nil {
				return err
			}
			r, err := tx.SendRequest(c, models.ByCard, 1, func(time.Time) bool { return false })
			if err != nil {
				return err
			}
			if r, err = tx.MoveRequest(r, rating.Look, line.columns(w.t, tx.Now)); err != nil {
				return err
			}
			stored = append(stored, r)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return stored
}

func (l ledgerLine) columns(t testing.TB, now time.Time) map[string]any {
	t.Helper()
	at := now.Add(-l.closed)
	all := map[string]any{
		"episode": max(l.episode, 1), "state": l.state, "rule": l.rule, "teammate_id": l.teammate, "teammate_name": name(l.teammate),
		"created_at": at, "sent_at": nil, "automatic": l.method != models.ByCard, "contact_id": "c" + l.conversation,
	}
	if l.method != "" {
		all["method"] = l.method
	}
	if l.closed >= 0 {
		all["closed_at"] = at
	} else {
		all["created_at"] = now
		all["sent_at"] = now
	}
	if l.asked != 0 {
		all["sent_at"] = at.Add(l.asked)
	}
	if !l.facts.At.IsZero() {
		facts, err := json.Marshal(l.facts)
		if err != nil {
			t.Fatal(err)
		}
		all["facts"] = string(facts)
	}
	return all
}

// aLedger is one row of each kind, and two that are too short.
func (w *world) aLedger() []models.Request {
	w.t.Helper()
	short := rating.Close{
		At: testStart.Add(-3 * day), Channel: "chat", ContactID: "c1", Contacts: 1, StartedBy: rating.ByCustomer, TeammateReplied: true,
		Characters: 31, LastReplyAt: testStart.Add(-3*day - hour),
	}
	return w.keep(
		ledgerLine{conversation: "1", closed: 3 * day, state: rating.Suppressed, rule: "min_characters", method: models.ByLink, facts: short, teammate: jane},
		ledgerLine{conversation: "1", episode: 2, closed: 2 * day, asked: time.Minute, state: rating.HasRemark, method: models.ByLink, teammate: tomas},
		ledgerLine{conversation: "2", closed: 2 * day, state: rating.Suppressed, rule: "min_characters", method: models.ByLink},
		ledgerLine{conversation: "3", closed: 36 * hour, state: rating.Suppressed, rule: "skip_bot_assignee", method: models.ByLink},
		ledgerLine{conversation: "4", closed: day, asked: time.Minute, state: rating.Sent, method: models.ByQuickReply},
		ledgerLine{conversation: "5", closed: day, asked: time.Minute, state: rating.Expired, method: models.ByLink},
		ledgerLine{conversation: "6", closed: 5 * hour, state: rating.Cancelled, rule: rating.Reopened, method: models.ByLink},
		ledgerLine{conversation: "7", closed: 4 * hour, state: rating.Scheduled, method: models.ByLink},
		ledgerLine{conversation: "8", closed: 3 * hour, state: rating.Failed, method: models.ByLink},
		ledgerLine{conversation: "9", closed: -1, state: rating.Sent, method: models.ByCard},
	)
}

func TestLedger(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		w.aLedger()
		for query, want := range map[string]int{
			"": 10, "days=7": 10, "status=asked": 4, "status=answered": 1, "status=waiting": 2, "status=unanswered": 1, "status=not_asked": 4,
			"status=due": 1, "status=failed": 1, "rule=min_characters": 2, "status=not_asked&rule=reopened": 1, "method=quick_reply": 1,
			"method=card": 1, "teammate=" + tomas: 1, "conversation=1": 2, "channel=chat": 10, "channel=email": 0,
			"status=asked&rule=min_characters": 0,
		} {
			page := boss.page("/requests?" + query)
			if got := page.Find("tbody tr").Length(); got != want {
				t.Errorf("%q shows %d rows, want %d", query, got, want)
			}
			if want > 0 && firstNumber.FindString(words(page.Find("#list"))) != strconv.Itoa(want) {
				t.Errorf("%q says %q, want %d rows", query, words(page.Find("#list")), want)
			}
			file := readCSV(boss.get("/requests.csv?" + query).is(http.StatusOK).body)
			if len(file)-1 != want || len(file[0]) != 16 {
				t.Errorf("%q: the file has %d rows, want %d", query, len(file)-1, want)
			}
		}
		page := boss.page("/requests")
		says(t, page.Find("#sums").Parent(), "What became of 9 closes, and 1 request by hand before the close",
			"4 Asked · 1 answered · 2 waiting · 1 not answered in time", "1 To be asked", "1 Could not be asked", "4 Not asked",
			"2 The conversation is too short.", "1 The conversation is assigned to a bot.", "1 The conversation was opened again before it was asked.")
		says(t, page.Find("tbody"), "Do not sendThe conversation is too short.", "AskedBy quick reply", "Cancelled", "To be asked",
			"Not answered in time", "Episode 1, still open", "Answered")
		says(t, boss.page("/requests?state=sent&score=2").Find("section"), "“score” was ignored: there is no such filter", "“state” was ignored")
		says(t, boss.page("/ratings?status=asked").Find("main"), "No ratings yet")
		says(t, boss.page("/requests?status=due&days=7&conversation=1").Find("main"), "No closes match this filter", "with 2 filters set")
		boss.get("/requests?status=asked&rule=&method=&channel=").leadsTo("/requests?status=asked")
	})
}

// Whatever the filter, each number on top leads to just so many rows, and parts add up to their whole.
func TestEveryNumberOfTheLedgerLeadsToItsRows(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.aLedger()
	for _, query := range []string{"", "days=7&channel=chat", "method=link&status=not_asked"} {
		page := boss.page("/requests?" + query)
		checked := 0
		numbers := map[string]int{}
		page.Find("#sums").Parent().Find("a").Each(func(_ int, link *goquery.Selection) {
			text := link.AttrOr("aria-label", words(link))
			want, _ := strconv.Atoi(firstNumber.FindString(text))
			if got := boss.page(link.AttrOr("href", "")).Find("tbody tr").Length(); got != want {
				t.Errorf("%q: %q leads by %s to %d rows", query, text, link.AttrOr("href", ""), got)
			}
			numbers[strings.TrimLeft(text, "0123456789 ")] = want
			checked++
		})
		if checked < 5 {
			t.Errorf("%q: only %d numbers are links", query, checked)
		}
		if numbers["Asked"] != numbers["answered"]+numbers["waiting"]+numbers["not answered in time"] {
			t.Errorf("%q: the parts of what was asked do not add up: %v", query, numbers)
		}
		reasons := 0
		for text, n := range numbers {
			if strings.HasSuffix(text, ".") {
				reasons += n
			}
		}
		if reasons != numbers["Not asked"] {
			t.Errorf("%q: the reasons add up to %d, not to %d", query, reasons, numbers["Not asked"])
		}
	}
}

// A day of the ledger is one of the workspace's zone.
func TestLedgerDays(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		settings := rating.DefaultSettings()
		settings.TimeZone = "Asia/Tokyo" // testStart is 18:00 there
		if err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.SaveSettings(settings) }); err != nil {
			t.Fatal(err)
		}
		w.keep(
			ledgerLine{conversation: "1", closed: 18 * hour, state: rating.Suppressed, rule: "users"}, // midnight
			ledgerLine{conversation: "2", closed: 18*hour + time.Microsecond, state: rating.Suppressed, rule: "users"},
		)
		for query, want := range map[string]string{"from=2026-03-02&to=2026-03-02": "1", "from=2026-03-01&to=2026-03-01": "2"} {
			if rows := readCSV(boss.get("/requests.csv?" + query).body); len(rows) != 2 || rows[1][1] != want {
				t.Errorf("%s: %v", query, rows)
			}
		}
	})
}

func TestTheLedgerGoesOn(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		var lines []ledgerLine
		for i := range 120 {
			lines = append(lines, ledgerLine{conversation: fmt.Sprint(i), closed: 6 * hour, state: rating.Suppressed, rule: "users"}) // all at once
		}
		var stored []string
		for _, r := range w.keep(lines...) {
			stored = append(stored, r.ID)
		}
		slices.Reverse(stored)
		var seen []string
		for address := "/requests"; address != ""; {
			page := boss.page(address)
			page.Find(`tbody a[href^="/requests/"]`).Each(func(_ int, a *goquery.Selection) {
				seen = append(seen, strings.TrimPrefix(a.AttrOr("href", ""), "/requests/"))
			})
			address = page.Find(`a[rel="next"]`).AttrOr("href", "")
			if len(seen) > 120 {
				t.Fatal("the list does not end")
			}
		}
		if diff := cmp.Diff(stored, seen); diff != "" {
			t.Errorf("stored and seen differ (-stored +seen):\n%s", diff)
		}
	})
}

func TestARowOfTheLedger(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		rows := w.aLedger()
		page := boss.page("/requests/" + rows[0].ID)
		says(t, page.Find("main"), "Close of episode 1", "Do not send", "The conversation is too short.", "Name of "+jane,
			"One contact only1 contact✓ Yes", "More than 250 characters in all31 characters✕ No: not asked",
			"Closed at most 7 × 24 hours after the last replyClosed 60 minutes after it– Not looked at", "None of the tags fraud, dupe, do_not_sendNo tags")
		if rules := words(page.Find("table")); strings.Contains(rules, "Leads are not asked") || strings.Contains(rules, "lot") {
			t.Errorf("rules that are off are shown: %s", rules)
		}
		// The boundary of that time stays when an admin changes it later.
		w.db.Clock.Move(hour)
		form := formOf(boss.page("/settings"), "/settings")
		form.Set("ask.min_characters", "20")
		boss.post("/settings", form).leadsTo("/settings")
		says(t, boss.page("/requests/"+rows[0].ID).Find("table"), "More than 250 characters in all31 characters✕ No: not asked")
		says(t, boss.page("/requests/"+rows[1].ID).Find("main"), "was not kept for this close", "By link", "Answered")
		says(t, boss.page("/requests/"+rows[9].ID).Find("main"), "Request in episode 1", "Still open", "A teammate or a Workflow asked")
		boss.get("/requests/" + strings.Repeat("a", 65)).is(http.StatusNotFound)
		boss.get("/requests/nothing").is(http.StatusNotFound)
	})
}

func TestTheLedgerBeforeTheFirstClose(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	says(t, boss.page("/requests").Find("main"), "No conversation was closed yet", "Look at the rules")
	form := formOf(boss.page("/settings"), "/settings")
	form.Del("ask.automatic")
	boss.post("/settings", form).leadsTo("/settings")
	says(t, boss.page("/requests").Find("main"), "Asking by itself is switched off")
	pool := must(w.db.SQL())(t)
	if _, err := pool.ExecContext(ctx, "UPDATE workspaces SET token = NULL"); err != nil {
		t.Fatal(err)
	}
	says(t, boss.page("/requests").Find("main"), "Intercom is not connected")
}

// The story of a conversation tells its closes between its ratings.
func TestTheStoryTellsTheCloses(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	rated := w.store(
		give{conversation: "1", contact: "c1", score: 1, ago: 4 * day},
		give{conversation: "1", contact: "c1", score: 5, ago: hour},
	)
	rows := w.aLedger()
	story := boss.page("/ratings/" + rated[0].ID).Find("#story").Parent()
	says(t, story, "Closed and not asked again", "The conversation is too short.", "Asked again by link")
	text := words(story)
	if strings.Index(text, "Closed and not asked") < strings.Index(text, "Terrible") || strings.Contains(text, "min_characters") {
		t.Errorf("the story is %s", text)
	}
	if story.Find(`a[href="/requests/`+rows[0].ID+`"]`).Length() != 1 {
		t.Error("the close has no way into the ledger")
	}
}
