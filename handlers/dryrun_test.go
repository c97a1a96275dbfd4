package handlers_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"rerate/internal/rating"
	"rerate/models"
)

// closesToTry are five closes as the rules would have seen them: two of one conversation, one short, one by a lead, one
// asked by hand, and one from long ago.
func (w *world) closesToTry() []models.Request {
	w.t.Helper()
	// asks is a close so many days ago that the default settings ask.
	asks := func(conversation string, episode, days int) ledgerLine {
		closed := day * time.Duration(days)
		at := testStart.Add(-closed)
		return ledgerLine{
			conversation: conversation, episode: episode, closed: closed, asked: time.Minute, state: rating.Sent, method: models.ByLink,
			facts: rating.Close{
				At: at, Channel: "chat", ContactID: "c" + conversation, Contacts: 1, StartedBy: rating.ByCustomer, TeammateReplied: true,
				Characters: 900, LastReplyAt: at.Add(-hour),
			},
		}
	}
	short, lead, hand := asks("2", 1, 3), asks("3", 1, 2), asks("4", 1, 4)
	short.facts.Characters, short.asked, short.state, short.rule = 200, 0, rating.Suppressed, "min_characters"
	lead.facts.Lead = true
	hand.method = models.ByCard
	return w.keep(asks("1", 1, 9), asks("1", 2, 5), short, lead, hand, asks("5", 1, 31))
}

// counts are the columns of a dry run by its words.
func counts(page *goquery.Document) map[string][2]int {
	all := map[string][2]int{}
	page.Find("#dry-run tbody tr").Each(func(_ int, row *goquery.Selection) {
		number := func(i int) int {
			n, _ := strconv.Atoi(words(row.Find("td").Eq(i)))
			return n
		}
		all[words(row.Find("td").First())] = [2]int{number(1), number(2)}
	})
	return all
}

func TestDryRun(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		stored := w.closesToTry()
		form := formOf(boss.page("/settings"), "/settings")
		form.Set("do", "dry-run")
		same := boss.post("/settings", form).is(http.StatusOK).document()
		says(t, same.Find("#dry-run"), "Of 5 closes of the last 30 days, these settings would have asked 3, as many as the settings in force. Nothing was saved or sent.")
		if at := must(w.db.Tenant(workspace).Get(ctx))(t).DryRunAt; at == nil || !at.Equal(w.db.Clock.Now()) {
			t.Errorf("the dry run is remembered at %v", at)
		}
		if same.Find("form[data-unsaved=changed]").Length() != 0 {
			t.Error("a form as it is stored is marked as changed")
		}
		form.Set("ask.min_characters", "199")
		form.Set("ask.max_per_conversation", "1")
		form.Del("ask.leads")
		before := w.settings()
		page := boss.post("/settings", form).is(http.StatusOK).document()
		want := map[string][2]int{
			"Asked": {3, 2}, "A teammate had asked by hand; no rule was needed.": {1, 1}, "Leads are not asked.": {0, 1},
			"The conversation was asked often enough.": {0, 1}, "The conversation is too short.": {1, 0}, "All": {5, 5},
		}
		got := counts(page)
		sum := [2]int{}
		for what, n := range got {
			if what != "All" {
				sum[0], sum[1] = sum[0]+n[0], sum[1]+n[1]
			}
			if want[what] != n {
				t.Errorf("%s: %v, want %v", what, n, want[what])
			}
		}
		if len(got) != len(want) || sum != got["All"] {
			t.Errorf("%v adds up to %v, want %v", got, sum, want)
		}
		says(t, page.Find("#dry-run"), "these settings would have asked 2: 1 fewer than the settings in force")
		examples := page.Find("#dry-run tbody tr").FilterFunction(func(_ int, s *goquery.Selection) bool {
			return strings.HasPrefix(words(s), "The conversation was asked often enough.")
		}).Find("a")
		if examples.Length() != 1 || examples.AttrOr("href", "") != "/requests/"+stored[1].ID {
			t.Errorf("the example is %q", examples.AttrOr("href", ""))
		}
		boss.get(examples.AttrOr("href", "")).is(http.StatusOK)
		kept := formOf(page, "/settings")
		if kept.Get("ask.min_characters") != "199" || kept.Has("ask.leads") || page.Find("form[data-unsaved=changed]").Length() != 1 {
			t.Errorf("what was typed is lost or not marked: %v", kept)
		}
		if after := w.settings(); after.Ask.MinCharacters != before.Ask.MinCharacters {
			t.Error("a dry run saved the settings")
		}
		form.Set("ask.min_characters", "many")
		refused := boss.post("/settings", form).is(http.StatusUnprocessableEntity).document()
		if refused.Find("#dry-run").Length() != 0 {
			t.Error("settings that cannot be are tried")
		}
		says(t, refused.Find("#refused"), "Shortest conversation")
	})
}

func TestDryRunWithoutCloses(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	form := formOf(boss.page("/settings"), "/settings")
	form.Set("do", "dry-run")
	says(t, boss.post("/settings", form).is(http.StatusOK).document().Find("#dry-run"), "No conversation was closed in the last 30 days")
	w.signIn(tomas).post("/settings", form).is(http.StatusForbidden)
}

func TestChangesOfSettings(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		form := formOf(boss.page("/settings"), "/settings")
		boss.post("/settings", form).leadsTo("/settings")
		says(t, boss.page("/settings").Find("#changes").Parent(), "Nobody has changed a setting yet.")
		form.Del("ask.leads")
		form.Set("ask.min_characters", "20")
		form.Set("policy", "best")
		boss.post("/settings", form).leadsTo("/settings")
		w.db.Clock.Move(hour)
		form.Set("ask.suppress_tags", "")
		boss.post("/settings", form).leadsTo("/settings")
		rows := boss.page("/settings").Find("#changes").Parent().Find("tbody tr")
		if rows.Length() != 2 {
			t.Fatalf("%d changes", rows.Length())
		}
		says(t, rows.First(), "Jane Agent", "Tags that forbid asking: fraud, dupe, do_not_send → to none")
		says(t, rows.Last(), "Leads: on → to off", "Shortest conversation: 250 characters → to 20 characters", "Policy: Latest rating → to Best rating")
	})
}
