package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
)

// installOther connects the second workspace, with one customer and one solved conversation.
func (w *world) installOther() (conversation, customer string) {
	w.t.Helper()
	w.addOther()
	_, err := w.app.service.Connect(w.ctx, w.sandbox.Install(other, otherIvy))
	w.must(err)
	eve := w.sandbox.AddContact(other, intercomtest.Contact{Name: "Eve", Email: "sam@example.com"})
	c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: eve.ID, Text: "Hello"})
	w.must(err)
	_, err = w.sandbox.AdminReply(c.ID, otherIvy, "<p>Hello</p>")
	w.must(err)
	return c.ID, eve.ID
}

// A card's state is good in its own workspace only, though the same app signs for both.
func TestACardOfAnotherWorkspace(t *testing.T) {
	eachWorld(t, func(w *world) {
		there, eve := w.installOther()
		here := w.solved()
		theirs := w.sandbox.InsertCardInComposer(w.ctx, there, otherIvy, nil)
		w.fine(theirs)
		ours := w.sandbox.CardSubmit(w.ctx, w.ask(here), w.sam().ID, "rating", map[string]any{"rating": "2"})
		w.fine(ours)

		// The same body with the other workspace's state, with its id, and with its conversation.
		for name, change := range map[string]func(body map[string]any){
			"their state": func(body map[string]any) {
				body["current_canvas"].(map[string]any)["stored_data"] = theirs.Canvas.StoredData
			},
			"their workspace": func(body map[string]any) { body["workspace_id"] = other },
			"their workspace and conversation": func(body map[string]any) {
				body["workspace_id"] = other
				body["context"].(map[string]any)["conversation_id"] = there
			},
			"their state and conversation": func(body map[string]any) {
				body["current_canvas"].(map[string]any)["stored_data"] = theirs.Canvas.StoredData
				body["context"].(map[string]any)["conversation_id"] = there
			},
		} {
			var body map[string]any
			w.must(json.Unmarshal(ours.Call.Request, &body))
			body["input_values"] = map[string]any{"rating": "5"}
			change(body)
			raw, err := json.Marshal(body)
			w.must(err)
			call := ours.Call
			call.Request = raw
			answer := w.sandbox.Replay(w.ctx, call, "")
			if answer.Status != http.StatusOK || !strings.Contains(string(answer.Answer), "cannot be used any more") {
				t.Errorf("%s: answered %d %s", name, answer.Status, answer.Answer)
			}
		}
		if got := w.told(here); got != "card 2 first" {
			t.Errorf("the ratings are %s", got)
		}
		stored, err := w.app.store.Tenant(other).RatingsOf(w.ctx, here, there)
		if err != nil || len(stored) != 0 {
			t.Errorf("the other workspace has %+v, %v", stored, err)
		}

		// Their own customer rates there, and the note goes there.
		w.tap(theirs.Card.ID, eve, 4)
		w.clock.Move(time.Minute)
		w.must(w.tryIn(w.ctx, other, there))
		if n := len(w.sandbox.Notes(there)); n != 1 {
			t.Errorf("their conversation has %d notes", n)
		}
		w.notes(here, 1)
	})
}

// A key of the management API sees its own workspace, whatever it asks for.
func TestAPIKeysApart(t *testing.T) {
	eachWorld(t, func(w *world) {
		there, eve := w.installOther()
		theirs := w.sandbox.InsertCardInComposer(w.ctx, there, otherIvy, nil)
		w.fine(theirs)
		w.tap(theirs.Card.ID, eve, 4)
		here := w.solved()
		w.tap(w.ask(here), w.sam().ID, 2)
		keys := map[string]string{here: w.key, there: w.apiKey(w.app.store.Tenant(other))}
		for own, key := range keys {
			w.key = key
			var list struct {
				Items []struct {
					Conversation string `json:"conversation_id"`
				}
			}
			w.get("/ratings", &list)
			if len(list.Items) != 1 || list.Items[0].Conversation != own {
				t.Errorf("the key of %s lists %+v", own, list.Items)
			}
			for conversation := range keys {
				want := http.StatusNotFound
				if conversation == own {
					want = http.StatusOK
				}
				w.call(http.MethodGet, "/conversations/"+conversation, nil, want)
			}
		}
		// A page of the other workspace is not there either.
		admin := w.signedIn(jane)
		stored, err := w.app.store.Tenant(other).RatingsOf(w.ctx, there)
		w.must(err)
		if answer := admin.get("/ratings/" + stored[0].ID); answer.status != http.StatusNotFound {
			t.Errorf("the page is answered %d", answer.status)
		}
		if answer := admin.post("/ratings/"+stored[0].ID+"/retry", nil); answer.status != http.StatusNotFound {
			t.Errorf("the retry is answered %d", answer.status)
		}
	})
}
