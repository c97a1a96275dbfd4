package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models/modelstest"
)

// rater is a customer before a card.
type rater struct{ conversation, card, contact string }

// raters asks that many customers, each in a conversation of their own.
func (w *world) raters(n int) (all []rater) {
	w.t.Helper()
	for range n {
		contact := w.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{
			Name: "Customer", Email: fmt.Sprintf("c%d@example.com", time.Now().UnixNano()),
		})
		c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: contact.ID, Text: "Hello"})
		w.must(err)
		_, err = w.sandbox.AdminReply(c.ID, jane, "<p>Hello</p>")
		w.must(err)
		all = append(all, rater{c.ID, w.ask(c.ID), contact.ID})
	}
	return all
}

// tapped is what a customer sees after a tap.
type tapped string

const (
	thanked  tapped = "thanked"
	tryAgain tapped = "try again"
	nothing  tapped = "nothing" // no answer came
)

// tapOnce taps a score and says what the card shows.
func (w *world) tapOnce(s rater, score int) tapped {
	r := w.sandbox.CardSubmit(w.ctx, s.card, s.contact, "rating", map[string]any{"rating": fmt.Sprint(score)})
	switch {
	case r.Call.Status != http.StatusOK:
		return nothing
	case r.Shown != nil && strings.Contains(texts(r.Shown), "Your answer is saved."):
		return thanked
	case r.Shown != nil && strings.Contains(texts(r.Shown), "try again"):
		return tryAgain
	}
	w.t.Errorf("a tap is answered %d %s", r.Call.Status, r.Problem)
	return nothing
}

// tapAll has every customer tap until they are thanked, some at once, and answers how often they had to tap again.
func (w *world) tapAll(raters []rater) (again int) {
	w.t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	lanes := make(chan struct{}, 8)
	for i, s := range raters {
		all.Go(func() {
			lanes <- struct{}{}
			defer func() { <-lanes }()
			for began := time.Now(); w.tapOnce(s, 1+i%5) != thanked; {
				if time.Since(began) > rush {
					w.t.Error("a tap could not be saved")
					return
				}
				mu.Lock()
				again++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return again
}

// storedOnce wants one rating and one note for every customer.
func (w *world) storedOnce(raters []rater) {
	w.t.Helper()
	for i, s := range raters {
		w.notes(s.conversation, 1)
		if stored := w.ratings(s.conversation); len(stored) != 1 || stored[0].Score != 1+i%5 {
			w.t.Errorf("customer %d has %d ratings", i, len(stored))
		}
	}
	if code, said := w.rerate("verify"); code != 0 {
		w.t.Errorf("rerate verify ended with %d and said %s", code, said)
	}
}

// PostgreSQL stops hard under taps, is away, and comes back; then it stops gently; then it stands still. Whoever is thanked is
// stored, once; all others are asked to try again; and everything goes on by itself, the notes too.
func TestPostgreSQLGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	server := modelstest.NewServer(t)
	w := newWorldOn(t, server.URL, manyCalls)
	raters := w.raters(40)
	if again := w.tapAll(raters[:5]); again != 0 {
		t.Errorf("before, %d taps failed", again)
	}
	for n, away := range []struct {
		how        string
		begin, end func()
	}{
		{"killed", func() { server.Stop(false) }, server.Start},
		{"stopped", func() { server.Stop(true) }, server.Start},
		{"paused", nil, nil},
	} {
		if away.begin == nil {
			away.begin = func() { away.end = server.Pause() }
		}
		some := raters[5+10*n : 15+10*n]
		began := time.Now()
		var taps sync.WaitGroup
		taps.Go(func() { w.tapAll(some) })
		away.begin()
		last := raters[len(raters)-1-n]
		if got := w.tapOnce(last, 1); got != tryAgain {
			t.Errorf("%s: a tap shows %s", away.how, got)
		}
		if got := w.probe("/readyz"); got != http.StatusServiceUnavailable {
			t.Errorf("%s: /readyz is %d", away.how, got)
		}
		if got := w.probe("/livez"); got != http.StatusOK {
			t.Errorf("%s: /livez is %d", away.how, got)
		}
		away.end()
		w.within(30*time.Second, "it is ready again", func() bool { return w.probe("/readyz") == http.StatusOK })
		taps.Wait()
		t.Logf("%s: ready and all stored after %v", away.how, time.Since(began))
	}
	w.tapAll(raters)
	// A job that the queue had in hand when the connection broke counts as stuck after five minutes, and its conversation is free
	// again after two: they are moved in time rather than waited for.
	w.clock.Move(3 * time.Minute)
	w.within(patience, "the queue has done what it can", func() bool {
		return w.number("SELECT COUNT(*) FROM river_job WHERE state = 'available' OR state = 'running' AND attempted_at > NOW() - INTERVAL '3 seconds'") == 0
	})
	_, err := w.exec("UPDATE river_job SET attempted_at = attempted_at - INTERVAL '10 minutes' WHERE state = 'running'")
	w.must(err)
	w.storedOnce(raters)
}

// The answer to a COMMIT is lost after PostgreSQL has done it, or the COMMIT itself is: the customer is asked to try again,
// does, and is stored once.
func TestACommitWhoseEndNobodyHears(t *testing.T) {
	t.Parallel()
	proxy := modelstest.Between(t, modelstest.Migrated(t, "postgres", migrateQueue))
	w := newWorldOn(t, proxy.URL, manyCalls)
	w.stopQueue() // only taps commit
	raters := w.raters(20)
	for i, s := range raters {
		lose := proxy.LoseAnswers
		if i%2 == 1 {
			lose = proxy.LoseCommits
		}
		lose(1)
		got := w.tapOnce(s, 1+i%5)
		w.within(patience, "a COMMIT was lost", func() bool { return proxy.ToLose() == 0 })
		want := 1 - i%2
		switch got {
		case thanked:
			want = 1 // it was tried again at once
		case nothing:
			t.Error("a tap is not answered")
		}
		if stored := w.ratings(s.conversation); len(stored) != want {
			t.Errorf("then %d ratings are stored, want %d", len(stored), want)
		}
	}
	if again := w.tapAll(raters); again != 0 {
		t.Errorf("afterwards %d taps failed", again)
	}
	w.storedOnce(raters)
}
