package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
)

// Intercom may ask for the same card many times at once: it is one request.
func TestFiftyCardsAtOnceAreOneRequest(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.solved()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				r := w.sandbox.InsertCardInComposer(w.ctx, id, jane, nil)
				if r.Problem != "" || r.Call.Status != http.StatusOK {
					t.Errorf("answered %d %s", r.Call.Status, r.Problem)
				}
			})
		}
		all.Wait()
		requests, err := w.tenant.RequestsOf(w.ctx, id)
		if err != nil || len(requests) != 1 {
			t.Errorf("there are %d requests, %v", len(requests), err)
		}
	})
}

// Two hundred customers rate at once: every answer is stored, and each has its one note before long.
func TestTwoHundredRateAtOnce(t *testing.T) {
	const customers = 200
	eachWorld(t, func(w *world) {
		type seat struct{ contact, conversation, card string }
		var seats []seat
		for i := range customers {
			contact := w.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{
				Name: fmt.Sprintf("Customer %d", i), Email: fmt.Sprintf("c%d@example.com", i),
			})
			c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: contact.ID, Text: "Hello"})
			w.must(err)
			_, err = w.sandbox.AdminReply(c.ID, tomas, "<p>Hello</p>")
			w.must(err)
			seats = append(seats, seat{contact.ID, c.ID, w.ask(c.ID)})
		}
		began := time.Now()
		var all sync.WaitGroup
		for i, s := range seats {
			all.Go(func() {
				w.tapUntilSaved(s.card, s.contact, 1+i%5)
			})
		}
		all.Wait()
		taken := time.Since(began)
		for _, s := range seats {
			w.until("the note is there", func() bool { return len(w.sandbox.Notes(s.conversation)) > 0 })
		}
		t.Logf("taken in %v, told in %v", taken, time.Since(began))
		for i, s := range seats {
			w.settledNotes(s.conversation, 1)
			stored := w.ratings(s.conversation)
			if len(stored) != 1 || stored[0].Score != 1+i%5 || !stored[0].Valid() || stored[0].TeammateID != tomas && stored[0].TeammateID != jane {
				t.Errorf("stored are %+v", stored)
			}
			if failed := w.failed(stored[0].ID); len(failed) > 0 {
				t.Errorf("failed are %v", failed)
			}
			if n := len(w.sandbox.Events(s.contact)); n != 1 {
				t.Errorf("the contact has %d events", n)
			}
		}
		var summary struct {
			Counted struct{ Rated, Positive float64 }
		}
		w.get("/summary?from=2026-01-01&to=2026-12-31", &summary)
		if summary.Counted.Rated != customers || summary.Counted.Positive != customers/5*2 {
			t.Errorf("the summary is %+v", summary)
		}
	}, manyCalls)
}

// rush is how long a busy machine may need for all of them.
const rush = 3 * time.Minute

// tapUntilSaved taps again when a busy machine could not answer, or could not save the answer in time: the card says
// so and can be used.
func (w *world) tapUntilSaved(card, contact string, score int) {
	for began := time.Now(); time.Since(began) < rush; {
		r := w.sandbox.CardSubmit(w.ctx, card, contact, "rating", map[string]any{"rating": fmt.Sprint(score)})
		switch {
		case r.Call.Status == 0: // no answer within Intercom's ten seconds; the card stays as it was
		case r.Problem != "" || r.Shown == nil:
			w.t.Errorf("a tap was answered %d %s", r.Call.Status, r.Problem)
			return
		case strings.Contains(texts(r.Shown), "Your answer is saved."):
			return
		case !strings.Contains(texts(r.Shown), "try again"):
			w.t.Errorf("a tap shows %q", texts(r.Shown))
			return
		}
	}
	w.t.Errorf("a tap could not be saved in %v", rush)
}
