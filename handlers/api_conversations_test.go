package handlers_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/models"
)

type answeredJSON struct {
	Score  int    `json:"score"`
	At     string `json:"at"`
	Source string `json:"source"`
}

type conversationJSON struct {
	ID       string        `json:"id"`
	Channel  string        `json:"channel"`
	Contacts []string      `json:"contacts"`
	First    *answeredJSON `json:"first"`
	Latest   *answeredJSON `json:"latest"`
	Counted  *struct {
		Score float64 `json:"score"`
	} `json:"counted"`
	Change   *string       `json:"change"`
	Ratings  []ratingJSON  `json:"ratings"`
	Requests []requestJSON `json:"requests"`
}

type requestJSON struct {
	ID             string  `json:"id"`
	ConversationID string  `json:"conversation_id"`
	Episode        int     `json:"episode"`
	ClosedAt       *string `json:"closed_at"`
	State          string  `json:"state"`
	Reason         string  `json:"reason"`
	Rule           *string `json:"rule"`
	Channel        string  `json:"channel"`
	Method         string  `json:"method"`
	SentAt         *string `json:"sent_at"`
	RatedAt        *string `json:"rated_at"`
	Score          *int    `json:"score"`
	Automatic      bool    `json:"automatic"`
	Test           bool    `json:"test"`
	Teammate       *struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"teammate"`
}

// ask sends a request and answers it with the score, unless that is 0.
func (w *apiWorld) ask(conversation string, score int) models.Request {
	w.t.Helper()
	var request models.Request
	w.write(w.ours, func(tx *models.Tx) error {
		c, err := tx.Conversation(conversation)
		if err != nil {
			return err
		}
		if request, err = tx.SendRequest(c, models.ByCard, 1, func(time.Time) bool { return true }); err != nil || score == 0 {
			return err
		}
		return tx.RequestRated(request.ID)
	})
	if score != 0 {
		w.rate(w.ours, conversation, "anna", score, time.Minute, func(r *models.Rating) { r.RequestID, r.At = request.ID, w.db.Clock.Now() })
	}
	return request
}

func TestAPIConversation(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.rate(w.ours, "1", "anna", 1, 0, func(r *models.Rating) { r.Source = models.FromIntercom })
		w.rate(w.ours, "1", "ben", 3, time.Minute)
		w.write(w.ours, func(tx *models.Tx) error {
			c, err := tx.Conversation("1")
			if err != nil {
				return err
			}
			return tx.ReadConversation(c, "email", []string{"ben", "anna"})
		})
		w.db.Clock.Move(time.Hour)
		request := w.ask("1", 5)
		w.rate(w.ours, "1", "anna", 4, 2*time.Hour, func(r *models.Rating) { r.WhyNot = models.Undone })

		c := as[conversationJSON](w.get("/conversations/1"))
		if c.ID != "1" || c.Channel != "email" || c.Counted == nil || c.Counted.Score != 5 || c.Change == nil || *c.Change != "better" {
			t.Errorf("%+v", c)
		}
		if diff := cmp.Diff([]string{"anna", "ben"}, c.Contacts); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(&answeredJSON{1, "2026-03-02T09:00:00Z", "intercom"}, c.First); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(&answeredJSON{5, "2026-03-02T10:00:00Z", "card"}, c.Latest); diff != "" {
			t.Error(diff)
		}
		var scores []int
		for _, r := range c.Ratings {
			scores = append(scores, r.Score)
		}
		if diff := cmp.Diff([]int{1, 3, 5, 4}, scores); diff != "" {
			t.Error(diff)
		}
		at, five := "2026-03-02T10:00:00Z", 5
		want := []requestJSON{{
			ID: request.ID, ConversationID: "1", Episode: 1, State: "rated", Reason: "Rated.", Channel: "email", Method: "card",
			SentAt: &at, RatedAt: &at, Score: &five,
		}}
		if diff := cmp.Diff(want, c.Requests); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAPIConversationWithoutValidRating(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.rate(w.ours, "1", "anna", 1, 0, func(r *models.Rating) { r.WhyNot = models.Unverified })
		c := as[conversationJSON](w.get("/conversations/1"))
		if c.First != nil || c.Latest != nil || c.Counted != nil || c.Change != nil || len(c.Ratings) != 1 || c.Contacts == nil || c.Requests == nil {
			t.Errorf("%+v", c)
		}
	})
}

func TestAPIRequests(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		const n = 7
		for i := range n {
			w.ask(fmt.Sprint(i+1), i%3)
			if i%2 == 0 {
				w.db.Clock.Move(time.Second) // some were made at the same time
			}
		}
		// No rule says no yet; the ledger shows rows of those that will.
		pool, err := w.db.SQL()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pool.ExecContext(ctx, `UPDATE requests SET state = 'suppressed', rule = 'min_characters', sent_at = NULL,
			closed_at = created_at WHERE conversation_id = '1'`); err != nil {
			t.Fatal(err)
		}
		all := as[listOf[requestJSON]](w.get("/requests")).Items
		if len(all) != n {
			t.Fatalf("%d rows", len(all))
		}
		oldest := all[n-1]
		if oldest.Reason != "The conversation is too short." || oldest.Rule == nil || *oldest.Rule != "min_characters" ||
			oldest.SentAt != nil || oldest.ClosedAt == nil || oldest.Score != nil {
			t.Errorf("suppressed: %+v", oldest)
		}
		if open := all[0]; open.State != "sent" || open.Score != nil || open.Rule != nil || open.RatedAt != nil || open.Channel != "chat" {
			t.Errorf("sent: %+v", open)
		}
		var walked []requestJSON
		for path := "/requests?limit=2"; ; {
			page := as[listOf[requestJSON]](w.get(path))
			walked = append(walked, page.Items...)
			if page.NextCursor == nil {
				break
			}
			path = "/requests?limit=2&cursor=" + url.QueryEscape(*page.NextCursor)
		}
		if diff := cmp.Diff(all, walked); diff != "" {
			t.Error(diff)
		}
	})
}
