package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// A refusal that no waiting heals ends the one write-back that it is about, visibly, and can be tried again.
func TestARefusalEndsVisiblyAndCanBeTriedAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.WriteBack.Tag = "rated again" })
		admin, viewer := w.signedIn(jane), w.signedIn(tomas)
		w.byHand()
		w.complete(w.rerated()) // makes the attributes and the tag
		for _, refused := range []struct {
			status       int
			method, path string
			kinds        []models.WriteBackKind
		}{
			{http.StatusForbidden, http.MethodPost, "/conversations/*/reply", []models.WriteBackKind{models.Note}},
			{http.StatusBadRequest, http.MethodPut, "/conversations/*", []models.WriteBackKind{models.Attributes}},
			{http.StatusUnprocessableEntity, http.MethodPost, "/events", []models.WriteBackKind{models.DataEvent}},
			{http.StatusNotFound, http.MethodPost, "/conversations/*/tags", []models.WriteBackKind{models.Tag}},
			{http.StatusForbidden, http.MethodPost, "/tags", []models.WriteBackKind{models.Tag}},
			{http.StatusConflict, http.MethodPost, "/conversations/*/reply", []models.WriteBackKind{models.Note}},
			{http.StatusForbidden, http.MethodGet, "/conversations/[0-9]*", []models.WriteBackKind{models.Attributes, models.DataEvent, models.Note, models.Tag}},
		} {
			where := refused.method + " " + refused.path
			id := w.rerated()
			w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Status: refused.status, Method: refused.method, Path: refused.path})
			w.sync(id)
			rating := w.ours(id).ID
			failed := w.failed(rating)
			if !slices.Equal(failed, refused.kinds) {
				t.Errorf("%d at %s: failed are %v", refused.status, where, failed)
			}
			shown := admin.get("/ratings/" + rating)
			if shown.status != http.StatusOK || !strings.Contains(shown.body, "/ratings/"+rating+"/retry") {
				t.Errorf("%d at %s: the admin's page offers no retry", refused.status, where)
			}
			for _, kind := range failed {
				if detail := w.writes(rating)[kind].Detail; !strings.HasSuffix(detail, ".") || !strings.Contains(shown.body, detail) {
					t.Errorf("%d at %s: the page does not say why, %q", refused.status, where, detail)
				}
			}
			if strings.Contains(viewer.get("/ratings/"+rating).body, "/retry") {
				t.Errorf("%d at %s: the viewer's page offers a retry", refused.status, where)
			}
			if answer := viewer.post("/ratings/"+rating+"/retry", nil); answer.status != http.StatusForbidden {
				t.Errorf("%d at %s: the viewer's retry is answered %d", refused.status, where, answer.status)
			}

			w.clock.Move(time.Hour)
			if answer := admin.post("/ratings/"+rating+"/retry", nil); answer.location != "/ratings/"+rating {
				t.Errorf("%d at %s: the retry is answered %d %s", refused.status, where, answer.status, answer.location)
			}
			w.sync(id)
			if again := w.failed(rating); !slices.Equal(again, refused.kinds) {
				t.Errorf("%d at %s: tried again too early, failed are %v", refused.status, where, again)
			}
			w.sandbox.Behave()
			admin.post("/ratings/"+rating+"/retry", nil)
			w.complete(id)
			if strings.Contains(admin.get("/ratings/"+rating).body, "/retry") {
				t.Errorf("%d at %s: there is still something to try again", refused.status, where)
			}
		}
	}, manyCalls)
}

// failed are the kinds of a rating's write-backs that a person has to look at, by name.
func (w *world) failed(rating string) []models.WriteBackKind {
	w.t.Helper()
	var kinds []models.WriteBackKind
	for kind, b := range w.writes(rating) {
		if b.State == models.GaveUp {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds
}

// The retry button is enough: the queue does the rest.
func TestARetryIsWorkedByTheQueue(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin := w.signedIn(jane)
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusForbidden, Path: "/conversations/*/reply"})
		id := w.rerated()
		w.sync(id)
		w.settledNotes(id, 0)
		w.sandbox.Behave()
		admin.post("/ratings/"+w.ours(id).ID+"/retry", nil)
		w.notes(id, 1)
	})
}

func TestADeletedConversationEndsVisibly(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.rerated()
		w.must(w.sandbox.DeleteConversation(id))
		w.sync(id)
		rating := w.ours(id).ID
		for range 2 {
			for kind, b := range w.writes(rating) {
				if b.State != models.GaveUp || !strings.Contains(b.Detail, "does not know this conversation") {
					t.Errorf("%s is %s: %s", kind, b.State, b.Detail)
				}
			}
			w.must(w.app.service.RetryWriteBacks(w.ctx, w.tenant.Workspace, rating))
			w.sync(id)
		}
	})
}

// A token that Intercom has revoked loses nothing: what waits is written after somebody has signed in again.
func TestARevokedTokenWaitsForSomebodyToReconnect(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.WriteBack.Tag = "rated again" })
		viewer := w.signedIn(tomas)
		card := w.ask(w.ratedNatively(2))
		shown, _ := w.sandbox.Card(card)
		id := shown.Conversation
		w.sandbox.Revoke(w.tenant.Workspace)
		w.tap(card, w.sam().ID, 5)
		w.sync(id)
		connected, err := w.tenant.Get(w.ctx)
		if err != nil || connected.TokenInvalidAt == nil {
			t.Errorf("the workspace is %+v, %v", connected, err)
		}
		if state := w.app.service.Health(w.ctx, w.tenant.Workspace); state != "UNHEALTHY" {
			t.Errorf("the health is %s", state)
		}
		if body := viewer.get("/").body; !strings.Contains(body, "Reconnect Intercom") {
			t.Error("the overview does not ask to reconnect")
		}
		// Meanwhile customers go on.
		later := w.solved()
		w.tap(w.ask(later), w.sam().ID, 4)
		w.sync(later)
		for _, conversation := range []string{id, later} {
			rating := w.ours(conversation).ID
			if states := w.states(rating); !slices.Equal(states, []models.WriteBackState{models.Waiting}) {
				t.Errorf("the write-backs are %v", states)
			}
		}
		w.clock.Move(time.Hour)
		again := w.signedIn(jane)
		w.notes(id, 1)
		w.notes(later, 1)
		w.complete(id)
		if body := again.get("/").body; strings.Contains(body, "Reconnect Intercom") {
			t.Error("the overview still asks to reconnect")
		}
	})
}
