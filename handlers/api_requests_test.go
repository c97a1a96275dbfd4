package handlers_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/rating"
	"rerate/models"
)

func (w *apiWorld) ask202(conversation string) requestJSON {
	w.t.Helper()
	a := w.call(http.MethodPost, "/api/v1/requests", w.key, `{"conversation_id":"`+conversation+`"}`).is(http.StatusAccepted)
	var row requestJSON
	if err := json.Unmarshal([]byte(a.body), &row); err != nil {
		w.t.Fatal(err)
	}
	return row
}

func (w *apiWorld) read(conversation, channel string) {
	w.t.Helper()
	w.write(w.ours, func(tx *models.Tx) error {
		c, err := tx.Conversation(conversation)
		if err != nil {
			return err
		}
		return tx.ReadConversation(c, channel, []string{"anna"})
	})
}

func TestAPIAsk(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.read("1", "email")
		jobs := w.rows()["river_job"]
		row := w.ask202("1")
		if row.State != "scheduled" || row.Method != "link" || row.ConversationID != "1" || row.Automatic || row.SentAt != nil {
			t.Errorf("%+v", row)
		}
		if w.rows()["river_job"] <= jobs {
			t.Error("no job sends it")
		}
		if again := w.ask202("1"); again.ID != row.ID {
			t.Errorf("asked twice at once there are the requests %s and %s", row.ID, again.ID)
		}
		if listed := as[listOf[requestJSON]](w.get("/requests?status=due")).Items; len(listed) != 1 || listed[0].ID != row.ID {
			t.Errorf("the ledger has %+v", listed)
		}
		w.write(w.ours, func(tx *models.Tx) error {
			r, err := tx.Request(row.ID)
			if err != nil {
				return err
			}
			_, err = tx.MoveRequest(r, rating.Send, map[string]any{"sent_at": tx.Now})
			return err
		})
		ask := func() answer { return w.call(http.MethodPost, "/api/v1/requests", w.key, `{"conversation_id":"1"}`) }
		w.db.Clock.Move(time.Minute - time.Second)
		ask().isProblem(http.StatusConflict)
		w.db.Clock.Move(time.Second)
		if later := w.ask202("1"); later.ID == row.ID {
			t.Error("a minute later nobody is asked again")
		}
	})
}

func TestAPIAskIsRefused(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.read("1", "chat")
		w.read("2", "chat")
		w.write(w.ours, func(tx *models.Tx) error { return tx.ConversationDeleted("2") })
		before := w.rows()
		ask := func(body string) answer { return w.call(http.MethodPost, "/api/v1/requests", w.key, body) }
		ask(`{}`).isProblem(http.StatusUnprocessableEntity, "body")
		ask(`{"conversation_id":"1","again":true}`).isProblem(http.StatusUnprocessableEntity, "body.again")
		ask(`{"conversation_id":""}`).isProblem(http.StatusUnprocessableEntity, "body.conversation_id")
		ask(`{"conversation_id":"../1"}`).isProblem(http.StatusUnprocessableEntity, "body.conversation_id")
		ask(`{"conversation_id":"2"}`).isProblem(http.StatusConflict)
		ask(`{"conversation_id":"3"}`).isProblem(http.StatusConflict) // the token of this test is good for nothing
		w.call(http.MethodPost, "/api/v1/requests", w.readOnly, `{"conversation_id":"1"}`).isProblem(http.StatusForbidden)
		if diff := cmp.Diff(before, w.rows()); diff != "" {
			t.Errorf("something was stored (-before +after):\n%s", diff)
		}
	})
}

// A conversation that Rerate has never seen is looked up in Intercom first.
func TestAPIAskLooksInIntercom(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.signIn(jane)
		w.key = w.newKey(w.db.Tenant(workspace), false)
		talk, err := w.sandbox.NewConversation(intercomtest.Start{Contact: w.sandbox.Contacts(workspace)[0].ID, Text: "Hello"})
		if err != nil {
			t.Fatal(err)
		}
		if row := w.ask202(talk.ID); row.Channel != "chat" || row.State != "scheduled" {
			t.Errorf("%+v", row)
		}
		w.call(http.MethodPost, "/api/v1/requests", w.key, `{"conversation_id":"999"}`).isProblem(http.StatusNotFound)
	})
}
