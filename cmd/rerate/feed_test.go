package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// comments are what teammates wrote to the customer.
func (w *world) comments(conversation, text string) (all []intercomtest.Part) {
	c, _ := w.sandbox.Conversation(conversation)
	for _, p := range c.Parts {
		if p.Type != "note" && strings.Contains(p.Body, text) {
			all = append(all, p)
		}
	}
	return all
}

func (w *world) sentReplies(conversation string) []models.Reply {
	w.t.Helper()
	all, err := w.tenant.RepliesOf(w.ctx, conversation)
	w.must(err)
	return all
}

// A reply becomes one comment of the teammate who wrote it, whatever the first attempt is told.
func TestAReplyIsSentOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin, viewer := w.signedIn(jane), w.signedIn(tomas)
		w.byHand()
		for _, c := range []struct {
			name  string
			fault *intercomtest.Fault
		}{
			{"at once", nil},
			{"refused for a while", &intercomtest.Fault{Kind: intercomtest.Fail, Method: http.MethodPost, Path: "/conversations/*/reply", Times: 1}},
			{"done, and told that it failed", &intercomtest.Fault{Kind: intercomtest.Fail, Method: http.MethodPost, Path: "/conversations/*/reply", Times: 1, AfterWork: true}},
			{"done, and cut off", &intercomtest.Fault{Kind: intercomtest.Reset, Method: http.MethodPost, Path: "/conversations/*/reply", Times: 1, AfterWork: true}},
		} {
			id := w.rerated()
			w.sync(id)
			path := "/ratings/" + w.ours(id).ID
			form := url.Values{"id": {"form-" + id}, "body": {"We are sorry, <Sam> & co.\r\n\r\nJane"}}
			for range 2 { // pressed twice
				if answer := admin.post(path+"/reply", form); answer.status != http.StatusSeeOther || answer.location != path {
					t.Fatalf("%s: answered %d, to %s", c.name, answer.status, answer.location)
				}
			}
			if answer := viewer.post(path+"/reply", form); answer.status != http.StatusForbidden {
				t.Errorf("%s: a viewer is answered %d", c.name, answer.status)
			}
			if c.fault != nil {
				w.sandbox.Misbehave(*c.fault)
			}
			_ = w.try(w.ctx, id)
			w.clock.Move(time.Minute)
			w.sync(id)
			w.sync(id)
			sent := w.comments(id, "We are sorry")
			if len(sent) != 1 || sent[0].Author.ID != jane || !strings.Contains(sent[0].Body, "&lt;Sam&gt; &amp; co.") {
				t.Errorf("%s: in Intercom are %+v", c.name, sent)
			}
			if all := w.sentReplies(id); len(all) != 1 || all[0].State != models.Done || all[0].PartID == "" {
				t.Errorf("%s: stored are %+v", c.name, all)
			}
			if shown := viewer.get(path).body; !strings.Contains(shown, "We are sorry, &lt;Sam&gt;") || strings.Contains(shown, `action="`+path+`/reply"`) {
				t.Errorf("%s: the viewer does not see the reply, or is offered to reply", c.name)
			}
		}
	})
}

// What Intercom refuses stands on the page with its reason and can be sent again; what cannot be taken keeps what was typed.
func TestAReplyThatFails(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin := w.signedIn(jane)
		w.byHand()
		id := w.rerated()
		w.sync(id)
		path := "/ratings/" + w.ours(id).ID
		long := strings.Repeat("é", 5001)
		for body, says := range map[string]string{" \r\n ": "Write something first", long: "5,000 characters at most"} {
			answer := admin.post(path+"/reply", url.Values{"id": {"x"}, "body": {body}})
			if answer.status != http.StatusUnprocessableEntity || !strings.Contains(answer.body, says) || !strings.Contains(answer.body, body[:1]) {
				t.Errorf("%.9q is answered %d", body, answer.status)
			}
			if body == long && !strings.Contains(answer.body, long) {
				t.Error("what was typed is lost")
			}
		}
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusForbidden, Method: http.MethodPost, Path: "/conversations/*/reply"})
		admin.post(path+"/reply", url.Values{"id": {"refused"}, "body": {"Not now"}})
		w.sync(id)
		reply := w.sentReplies(id)[0]
		shown := admin.get(path).body
		if reply.State != models.GaveUp || !strings.Contains(shown, "Not now") || !strings.Contains(shown, path+"/replies/refused/retry") {
			t.Errorf("the reply is %+v", reply)
		}
		w.sandbox.Behave()
		if answer := admin.post(path+"/replies/refused/retry", nil); answer.location != path {
			t.Errorf("retry leads to %s", answer.location)
		}
		w.sync(id)
		if n := len(w.comments(id, "Not now")); n != 1 || w.sentReplies(id)[0].State != models.Done {
			t.Errorf("%d comments, %+v", n, w.sentReplies(id)[0])
		}
	})
}

// Handled, found and left out: each on the page, in the file and in the API.
func TestTheFeed(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin, viewer := w.signedIn(jane), w.signedIn(tomas)
		w.byHand()
		id := w.ratedNatively(2)
		card := w.ask(id)
		w.tap(card, w.sam().ID, 1)
		w.remark(card, w.sam().ID, "Der Rückruf kam nie, <b>OR</b> did it?")
		w.sync(id)
		rating := w.ours(id).ID
		found := func(query string) int {
			var listed struct {
				Items []struct {
					ID        string  `json:"id"`
					HandledBy *string `json:"handled_by"`
				} `json:"items"`
			}
			w.get("/ratings?"+query, &listed)
			return len(listed.Items)
		}
		for query, n := range map[string]int{"q=ruckruf": 1, "q=kam+ruck": 1, "q=%22OR%22+nie": 1, "q=refund": 0, "q=ruckruf&handled=yes": 0, "q=ruckruf&handled=no": 1} {
			if got := found(query); got != n {
				t.Errorf("%s finds %d", query, got)
			}
			if got := strings.Count(viewer.get("/ratings?"+query).body, `id="open-`); got != n {
				t.Errorf("the page of %s shows %d", query, got)
			}
			if got := strings.Count(viewer.get("/ratings.csv?"+query).body, rating); got != n {
				t.Errorf("the file of %s has %d", query, got)
			}
		}
		if page := viewer.get("/ratings?q=ruckruf").body; !strings.Contains(page, "<mark>Rückruf</mark>") || strings.Contains(page, "<b>OR") {
			t.Error("what was found is not marked, or the remark is not escaped")
		}
		if answer := viewer.post("/ratings/"+rating+"/handled", url.Values{"handled": {"yes"}}); answer.status != http.StatusForbidden {
			t.Errorf("a viewer marks: %d", answer.status)
		}
		if answer := admin.post("/ratings/"+rating+"/handled", url.Values{"handled": {"yes"}, "back": {"/ratings?q=ruckruf"}}); answer.location != "/ratings?q=ruckruf" {
			t.Errorf("marking leads to %s", answer.location)
		}
		if found("handled=yes") != 1 || found("handled=no&q=ruckruf") != 0 || !strings.Contains(viewer.get("/ratings/"+rating).body, "Handled") {
			t.Error("the rating is not marked as handled")
		}
		if answer := admin.post("/ratings/"+rating+"/leave-out", url.Values{"reason": {"Wrong customer"}}); answer.status != http.StatusSeeOther {
			t.Errorf("leaving out is answered %d: %s", answer.status, answer.body)
		}
		if page := viewer.get("/ratings?why_not=void").body; !strings.Contains(page, "Wrong customer") {
			t.Error("the list does not say why the rating is left out")
		}
		admin.post("/ratings/"+rating+"/handled", url.Values{"handled": {"no"}})
		if found("handled=yes") != 0 {
			t.Error("the mark is not taken back")
		}
	})
}
