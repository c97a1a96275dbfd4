package handlers_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/models"
)

// course says where a conversation stands.
func (w *world) course(conversation string, c models.Course) {
	w.t.Helper()
	c.ChangedAt = w.db.Clock.Now()
	err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		row, err := tx.Conversation(conversation)
		if err != nil {
			return err
		}
		if err := tx.ReadConversation(row, models.Chat, nil); err != nil {
			return err
		}
		return tx.SaveCourse(conversation, c)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func ago(d time.Duration) *time.Time {
	at := testStart.Add(-d)
	return &at
}

// queue is low ratings that wait: 2 and 1 are ready, 3 was only answered, 4 was only closed, 5 is as it was; and some
// that do not wait.
func (w *world) queue() map[string]models.Rating {
	w.t.Helper()
	low := func(conversation string, days int) give {
		return give{conversation: conversation, contact: "c" + conversation, score: 2, ago: day * time.Duration(days), teammate: jane}
	}
	stored := map[string]models.Rating{}
	for _, r := range w.store(
		low("1", 2), low("2", 4), low("3", 9), low("4", 5), low("5", 3), low("asked", 6), low("due", 6), low("never", 6), low("gone", 6),
		give{conversation: "good", contact: "c", score: 5, ago: day},
	) {
		stored[r.ConversationID] = r
	}
	for _, ready := range []string{"1", "2"} {
		w.course(ready, models.Course{State: models.StateClosed, TeammateRepliedAt: ago(day + hour), ClosedAt: ago(day), AssigneeID: tomas})
	}
	w.course("3", models.Course{State: models.StateOpen, TeammateRepliedAt: ago(day), ClosedAt: ago(10 * day)})
	w.course("4", models.Course{State: models.StateClosed, TeammateRepliedAt: ago(6 * day), ClosedAt: ago(day)})
	w.keep(
		ledgerLine{conversation: "asked", closed: 5 * day, asked: time.Minute, state: rating.Sent},
		ledgerLine{conversation: "due", closed: 5 * day, state: rating.Scheduled},
	)
	if err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		return errors.Join(tx.SetDoNotAsk("never", true), tx.ConversationDeleted("gone"))
	}); err != nil {
		w.t.Fatal(err)
	}
	return stored
}

func TestWaiting(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		w.signIn(tomas)
		stored := w.queue()
		page := boss.page("/ratings/waiting")
		var order []string
		for _, href := range page.Find(`tbody a[href^="/ratings/"]`).EachIter() {
			for conversation, r := range stored {
				if href.AttrOr("href", "") == "/ratings/"+r.ID {
					order = append(order, conversation)
				}
			}
		}
		if diff := cmp.Diff([]string{"2", "1", "3", "4", "5"}, order); diff != "" {
			t.Errorf("the order is wrong (-want +got):\n%s", diff)
		}
		rows := page.Find("tbody tr")
		says(t, page.Find("#list"), "5 low ratings wait, 2 ready to ask again")
		says(t, rows.Eq(0), "Ready to ask again", "c2", "Tomáš", "4 days", "1 Mar 08:00 by a teammate", "Ask again")
		says(t, rows.Eq(2), "Not ready", "Answered; close it when it is solved.", "Name of "+jane)
		says(t, rows.Eq(3), "Nobody has answered since.")
		says(t, rows.Eq(4), "—")
		tile := tile(t, boss.page("/"), "Low and not asked again")
		says(t, tile, "5 of 9 low")
		if href := tile.Find(".tile-value a").First().AttrOr("href", ""); href != "/ratings/waiting" {
			t.Errorf("the tile leads to %q", href)
		}
		says(t, boss.page("/ratings/waiting?days=7").Find("#list"), "4 low ratings wait, 2 ready")
		says(t, boss.page("/ratings/waiting?teammate="+tomas).Find("main"), "Nothing waits", "Clear the filter")
		says(t, boss.page("/ratings/waiting?valid=no").Find("section"), "“valid” was ignored")
		if tabs := boss.page("/ratings?channel=chat").Find(`nav[aria-label=Ratings] a`); tabs.Eq(1).AttrOr("href", "") != "/ratings/waiting?channel=chat" {
			t.Errorf("the tab leads to %q", tabs.Eq(1).AttrOr("href", ""))
		}
	})
}

// The tag in a list of low ratings stands at those that wait, and at no other.
func TestTheTagSaysWhatWaits(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		stored := w.queue()
		stored["tested"] = w.store(give{conversation: "tested", contact: "c", score: 1, ago: day})[0]
		err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
			c, err := tx.Conversation("tested")
			if err == nil {
				_, err = tx.BeginRequest(c, rating.Send, models.Request{Method: models.ByLink, SentAt: ago(hour), Test: true})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range []struct {
			address, rows string
			want          []string
		}{
			{"/ratings?outcome=low", "tbody tr", []string{"1", "2", "3", "4", "5", "tested"}},
			{"/", "#low ~ * tbody tr", []string{"1", "2", "4", "5", "tested"}}, // the newest five
		} {
			rows := boss.page(list.address).Find(list.rows)
			var tagged []string
			for conversation, r := range stored {
				row := rows.Has(`a[href="/ratings/` + r.ID + `"]`)
				if strings.Contains(row.Text(), "Not asked again") {
					tagged = append(tagged, conversation)
				}
			}
			slices.Sort(tagged)
			if diff := cmp.Diff(list.want, tagged); diff != "" {
				t.Errorf("%s (-want +got):\n%s", list.address, diff)
			}
		}
	})
}

func TestAskAgainFromTheList(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss, viewer := w.signIn(jane), w.signIn(tomas)
		stored := w.queue()
		page := boss.page("/ratings/waiting?days=30")
		action := page.Find("tbody form").First().AttrOr("action", "")
		if action != "/ratings/"+stored["2"].ID+"/ask" {
			t.Fatalf("the first button asks by %q", action)
		}
		if viewer.page("/ratings/waiting").Find("tbody form").Length() != 0 {
			t.Error("viewers have a button that they may not press")
		}
		viewer.post(action, nil).is(http.StatusForbidden)
		jobs := w.rows()["river_job"]
		boss.post(action, formOf(page, action)).leadsTo("/ratings/waiting?days=30")
		after := boss.page("/ratings/waiting?days=30")
		says(t, after.Find("main"), "The customer is being asked again.", "4 low ratings wait, 1 ready")
		due := must(w.db.Tenant(workspace).RequestsOf(ctx, "2"))(t)
		if len(due) != 1 || due[0].State != rating.Scheduled || due[0].AskedBy != jane || due[0].Automatic || w.rows()["river_job"] != jobs+1 {
			t.Errorf("what is to be sent is %+v", due)
		}
		says(t, boss.post("/ratings/"+stored["gone"].ID+"/ask", nil).is(http.StatusConflict).document().Find("main"), "This conversation was deleted in Intercom")
		boss.post("/ratings/none/ask", nil).is(http.StatusNotFound)
		boss.post(action, url.Values{"next": {"https://evil.example/"}}).leadsTo("/")
	})
}

func TestMadeUpConversationsAreNotAsked(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	if err := w.service.AddExampleData(ctx, workspace); err != nil {
		t.Fatal(err)
	}
	page := boss.page("/ratings/waiting")
	if page.Find("tbody tr").Length() == 0 || page.Find("tbody form").Length() != 0 {
		t.Error("the list is empty, or offers to ask somebody made up")
	}
	id := strings.TrimPrefix(page.Find(`tbody a[href^="/ratings/"]`).First().AttrOr("href", ""), "/ratings/")
	says(t, boss.post("/ratings/"+id+"/ask", nil).is(http.StatusConflict).document().Find("main"), "made up")
	walked := 0
	for address := "/ratings/waiting?days=365"; address != ""; {
		page := boss.page(address)
		walked += page.Find("tbody tr").Length()
		address = page.Find(`a[rel="next"]`).AttrOr("href", "")
	}
	if said := boss.listed("/ratings/waiting?days=365"); walked != said || said < 60 {
		t.Errorf("the pages have %d rows, the list says %d", walked, said)
	}
}
