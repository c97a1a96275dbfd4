package main

import (
	"encoding/base64"
	"strings"
	"testing"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

var newKey = base64.StdEncoding.EncodeToString([]byte("543210zyxwvutsrqponmlkjihgfedcba"))

// While both keys are there, everything goes on: sessions, cards that are out, notes.
func TestRotatingTheKey(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin := w.signedIn(jane)
		id := w.ratedNatively(2)
		card := w.ask(id)
		w.restart("RERATE_SECRET_KEY", newKey+","+secretKey)
		if answer := admin.get("/"); answer.status != 200 {
			t.Errorf("the session is answered %d %s", answer.status, answer.location)
		}
		saved := w.tap(card, w.sam().ID, 5)
		if !strings.Contains(texts(saved.Shown), "saved") {
			t.Errorf("the old card says %q", texts(saved.Shown))
		}
		w.notes(id, 1)
	})
}

// Once somebody has signed in with the new key in place, the old one is not needed for anything but old cards.
func TestTakingTheOldKeyOut(t *testing.T) {
	eachWorld(t, func(w *world) {
		old := w.ask(w.solved())
		w.restart("RERATE_SECRET_KEY", newKey+","+secretKey)
		viewer := w.signedIn(tomas)
		id := w.ratedNatively(2)
		card := w.ask(id)
		w.restart("RERATE_SECRET_KEY", newKey)
		if answer := viewer.get("/"); answer.status != 200 {
			t.Errorf("the session is answered %d %s", answer.status, answer.location)
		}
		w.tap(card, w.sam().ID, 5)
		w.notes(id, 1)
		if connected, err := w.tenant.Get(w.ctx); err != nil || connected.InstallerID != jane {
			t.Errorf("the workspace is %+v, %v", connected, err)
		}
		if answer := w.tap(old, w.sam().ID, 5); !strings.Contains(texts(answer.Shown), "cannot be used any more") {
			t.Errorf("the old card says %q", texts(answer.Shown))
		}
		w.signedIn(jane)
	})
}

// The key was changed at once and the old one is lost: people sign in, and what waited is written.
func TestALostKey(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin := w.signedIn(jane)
		before := w.solved()
		w.byHand()
		w.tap(w.ask(before), w.sam().ID, 4)
		w.restart("RERATE_SECRET_KEY", newKey)
		if answer := admin.get("/"); !strings.HasPrefix(answer.location, "/signin") {
			t.Errorf("the session is answered %d", answer.status)
		}
		id := w.solved()
		w.tap(w.ask(id), w.sam().ID, 5) // cards are sealed with the new key
		w.until("the token is known to be unreadable", func() bool {
			connected, err := w.tenant.Get(w.ctx)
			w.must(err)
			return connected.TokenInvalidAt != nil || w.poke()
		})
		if rating := w.ours(id); len(w.failed(rating.ID)) != 0 {
			t.Errorf("the write-backs are %v", w.writes(rating.ID))
		}
		w.clock.Move(1)
		w.signedIn(jane)
		w.notes(id, 1)
		w.notes(before, 1)
	})
}

// poke makes the sandbox's waiters look again.
func (w *world) poke() bool {
	w.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{})
	return false
}

// The client secret is rotated too: what Intercom signed with the old one is still taken.
func TestRotatingTheClientSecret(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.restart("INTERCOM_CLIENT_SECRET", "the next secret,sandbox-secret")
		id := w.solved()
		w.tap(w.ask(id), w.sam().ID, 5)
		w.notes(id, 1)
		w.restart("INTERCOM_CLIENT_SECRET", "the next secret")
		if result := w.sandbox.InsertCardInComposer(w.ctx, id, jane, nil); result.Call.Status != 401 {
			t.Errorf("the old signature is answered %d", result.Call.Status)
		}
		if got := w.ratings(id); len(got) != 1 || got[0].WhyNot != models.Valid {
			t.Errorf("the ratings are %+v", got)
		}
	})
}
