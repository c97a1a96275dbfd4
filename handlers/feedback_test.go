package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"rerate/models"
)

// written stores feedback, the last the newest.
func (w *world) written(all ...models.Feedback) {
	w.t.Helper()
	for i, f := range all {
		if f.SourceKey == "" {
			f.SourceKey = fmt.Sprint("key ", i)
		}
		if err := w.db.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { _, err := tx.AddFeedback(f); return err }); err != nil {
			w.t.Fatal(err)
		}
		w.db.Clock.Move(time.Minute)
	}
}

func TestFeedbackPage(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss, viewer := w.signIn(jane), w.signIn(tomas)
		if got := boss.page("/ratings/feedback").Text(); !strings.Contains(got, "No feedback yet") || !strings.Contains(got, "Record feedback") {
			t.Errorf("an empty list says %s", got)
		}
		w.written(
			models.Feedback{Source: models.FromHome, Text: "<b>More</b> tents", Score: 2, Scale: 5, Emoji: "🙁", Label: "Bad", ContactID: "c9"},
			models.Feedback{Source: models.FromTeammate, Text: "=Poles bend", Category: "problem", ConversationID: "215473", TeammateID: jane, TeammateName: "Jane Agent"},
		)
		page := boss.page("/ratings/feedback")
		rows := page.Find("table.rows tbody tr")
		if rows.Length() != 2 || !strings.Contains(rows.Eq(0).Text(), "Poles bend") || !strings.Contains(rows.Eq(0).Text(), "Something is broken") ||
			!strings.Contains(rows.Eq(0).Text(), "Jane Agent") || !strings.Contains(rows.Eq(1).Text(), "<b>More</b> tents") || !strings.Contains(rows.Eq(1).Text(), "Bad") {
			t.Errorf("the rows are %s", rows.Text())
		}
		if href, _ := rows.Eq(0).Find("a.rows-out").Attr("href"); !strings.HasSuffix(href, "/conversation/215473") {
			t.Errorf("the conversation is at %q", href)
		}
		if tab := page.Find("nav[aria-label='Ratings'] a[aria-current=page]").Text(); !strings.Contains(tab, "Feedback") {
			t.Errorf("the tab is %q", tab)
		}
		if href, _ := boss.page("/ratings").Find("nav[aria-label='Ratings'] a").Eq(2).Attr("href"); href != "/ratings/feedback" {
			t.Errorf("the list of ratings leads to %q", href)
		}
		for query, want := range map[string]int{
			"text=TENTS": 1, "source=teammate": 1, "category=problem": 1, "category=idea": 0, "score=2": 1, "handled=no": 2, "contact=c9": 1, "conversation=215473": 1,
			"source=mars": 2, "colour=red": 2,
		} {
			filtered := boss.page("/ratings/feedback?" + query)
			if n := filtered.Find("table.rows tbody tr").Length(); n != want {
				t.Errorf("%s shows %d rows, want %d", query, n, want)
			}
			if ignored := strings.Contains(filtered.Text(), "was ignored"); ignored != (query == "source=mars" || query == "colour=red") {
				t.Errorf("%s: ignored is %v", query, ignored)
			}
		}
		boss.get("/ratings/feedback?text=&score=2").leadsTo("/ratings/feedback?score=2")
		if viewer.page("/ratings/feedback").Find("form[action$='/handled']").Length() != 0 {
			t.Error("a viewer may mark feedback")
		}
		action, _ := rows.Eq(0).Find("form[action$='/handled']").Attr("action")
		viewer.post(action, url.Values{"handled": {"yes"}}).is(http.StatusForbidden)
		boss.post(action, url.Values{"handled": {"perhaps"}}).is(http.StatusUnprocessableEntity)
		boss.post("/ratings/feedback/none/handled", url.Values{"handled": {"yes"}}).is(http.StatusNotFound)
		boss.post(action, url.Values{"handled": {"yes"}, "back": {"/ratings/feedback?category=problem"}}).leadsTo("/ratings/feedback?category=problem")
		if got := boss.page("/ratings/feedback?handled=yes").Text(); !strings.Contains(got, "marked as handled") || !strings.Contains(got, "by Jane Agent") {
			t.Errorf("handled, the list says %s", got)
		}
		boss.post(action, url.Values{"handled": {"no"}, "back": {"//evil.example"}}).leadsTo("/ratings/feedback")
		if n := boss.page("/ratings/feedback?handled=no").Find("table.rows tbody tr").Length(); n != 2 {
			t.Errorf("open again are %d", n)
		}
		file := boss.get("/ratings/feedback.csv").is(http.StatusOK)
		lines := readCSV(file.body)
		if len(lines) != 3 || lines[0][1] != "text" || lines[1][1] != "'=Poles bend" || lines[2][3] != "2" || lines[1][3] != "" {
			t.Errorf("the file is %q", lines)
		}
		if lines := readCSV(boss.get("/ratings/feedback.csv?source=home").body); len(lines) != 2 {
			t.Errorf("filtered, the file is %q", lines)
		}
	})
}

// The list goes on where it ended, and the cursor of one list is none of another's business.
func TestFeedbackPages(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	var all []models.Feedback
	for i := range 120 {
		all = append(all, models.Feedback{Source: models.FromHome, Text: fmt.Sprint("no. ", i, ".")})
	}
	w.written(all...)
	seen, address := map[string]bool{}, "/ratings/feedback?source=home"
	for range 3 {
		page := boss.page(address)
		for _, row := range page.Find("table.rows tbody tr td:first-child").EachIter() {
			seen[strings.TrimSpace(row.Text())] = true
		}
		address, _ = page.Find("a[rel=next]").Attr("href")
	}
	if len(seen) != 120 || address != "" {
		t.Errorf("seen are %d, then %q", len(seen), address)
	}
}

func TestAPIFeedback(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		for i, f := range []models.Feedback{
			{Source: models.FromHome, Text: "More tents", Score: 2, Scale: 5, Emoji: "🙁", Label: "Bad", ContactID: "c9", Test: true},
			{Source: models.FromTeammate, Text: "Poles bend", Category: "problem", ConversationID: "215473", TeammateID: "1", TeammateName: "Jane"},
		} {
			f.SourceKey = fmt.Sprint(i)
			if err := w.ours.Write(ctx, func(tx *models.Tx) error { _, err := tx.AddFeedback(f); return err }); err != nil {
				t.Fatal(err)
			}
			w.db.Clock.Move(time.Minute)
		}
		page := w.get("/feedback?limit=1").is(http.StatusOK).body
		for _, want := range []string{
			`"text":"Poles bend","category":"problem","score":null,"scale":null,`, `"source":"teammate","contact_id":null,"conversation_id":"215473","teammate":{"id":"1","name":"Jane"}`,
			`"handled_at":null,"handled_by":"","test":false}],"next_cursor":"`,
		} {
			if !strings.Contains(page, want) {
				t.Errorf("%s is not in %s", want, page)
			}
		}
		for query, want := range map[string]string{
			"": "Poles bend More tents ", "?source=home": "More tents ", "?score=2": "More tents ", "?text=POLES": "Poles bend ", "?category=idea": "",
			"?handled=no&contact=c9": "More tents ", "?conversation=215473": "Poles bend ",
		} {
			got := ""
			body := w.get("/feedback" + query).is(http.StatusOK).body
			for _, part := range strings.Split(body, `"text":"`)[1:] {
				text, _, _ := strings.Cut(part, `"`)
				got += text + " "
			}
			if got != want {
				t.Errorf("%s answers %q, want %q", query, got, want)
			}
		}
		w.get("/feedback?source=mars").is(http.StatusUnprocessableEntity)
		w.get("/feedback?cursor=x").is(http.StatusUnprocessableEntity)
	})
}
