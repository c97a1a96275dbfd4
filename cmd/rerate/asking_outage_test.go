package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/rating"
	"rerate/models"
)

// suffer has one call of the conversation's job go wrong, and then lets the job run until nothing is left to do.
func (w *world) suffer(id, place, method, path string, mishap intercomtest.Fault) {
	w.t.Helper()
	mishap.Method, mishap.Path, mishap.Times = method, path, 1
	w.sandbox.Misbehave(mishap)
	_ = w.tryThrough(id)
	if rest, _ := w.sandbox.Faults(); len(rest) != 0 {
		w.t.Fatalf("%s at %s did not happen", mishap.Kind, place)
	}
	for range 3 {
		w.clock.Move(2 * time.Minute)
		w.sync(id)
	}
}

// shut closes a conversation, and keeps the news of it for the job.
func (w *world) shut(id string) {
	w.t.Helper()
	w.step(func() error { _, err := w.sandbox.Close(id, jane); return err })
	w.sandbox.Deliver(w.ctx)
}

// Whatever goes wrong with whichever call of an ask, in the end the customer was asked, and once.
func TestAnAskIsSentOnceAfterAMishap(t *testing.T) {
	const reply = "/conversations/*/reply"
	for _, place := range []struct {
		name, method, path string
		set                func(*models.Settings)
		before             func(w *world, id string) // brings the job to the call
	}{
		{"the read", http.MethodGet, "/conversations/[0-9]*", nil, nil},
		{"the comment with links", http.MethodPost, reply, nil, nil},
		{"the question", http.MethodPost, reply, byQuickReply, nil},
		{"the buttons", http.MethodPost, reply, byQuickReply, func(w *world, id string) {
			// The question arrives, and nobody says so.
			w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Reset, AfterWork: true, Method: http.MethodPost, Path: reply, Times: 1})
			_ = w.tryThrough(id)
			w.clock.Move(2 * time.Minute)
		}},
	} {
		t.Run(place.name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				if place.set != nil {
					w.set(place.set)
				}
				for _, mishap := range mishaps {
					id := w.answered()
					w.shut(id)
					if place.before != nil {
						place.before(w, id)
					}
					w.suffer(id, place.name, place.method, place.path, mishap.fault)
					if got := w.ledger(id); got != "1 sent" {
						t.Errorf("%s: the ledger says %s: %s", mishap.name, got, w.requests(id)[0].Detail)
					}
					c, _ := w.sandbox.Conversation(id)
					questions, others := 0, 0
					for _, p := range c.Parts {
						if strings.Contains(p.Body, "Rate your conversation again") {
							questions++
						}
						if len(p.QuickReplies) > 0 {
							others++
						}
					}
					wantButtons := 0
					if place.set != nil {
						wantButtons = 1
					}
					if questions != 1 || others != wantButtons {
						t.Errorf("%s: %d questions and %d times buttons were sent", mishap.name, questions, others)
					}
				}
			}, manyCalls)
		})
	}
}

// The answer to buttons is stored once and the conversation closed again once, whatever goes wrong.
func TestAnAnswerIsTakenOnceAfterAMishap(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(byQuickReply)
		for _, place := range []struct{ name, method, path string }{
			{"the read", http.MethodGet, "/conversations/[0-9]*"},
			{"the close", http.MethodPost, "/conversations/*/parts"},
			{"the note", http.MethodPost, "/conversations/*/reply"},
		} {
			for _, mishap := range mishaps {
				id := w.answered()
				w.close(id)
				buttons := w.sandbox.QuickReplies(id)
				w.step(func() error { _, err := w.sandbox.TakeQuickReply(id, w.sam().ID, buttons[4].UUID); return err })
				w.sandbox.Deliver(w.ctx)
				w.suffer(id, place.name, place.method, place.path, mishap.fault)
				w.deliver(id)
				closes := 0
				c, _ := w.sandbox.Conversation(id)
				for _, p := range c.Parts {
					if p.Type == "close" {
						closes++
					}
				}
				if closes != 2 || c.State != "closed" || w.told(id) != "quick_reply 5 first" || w.ledger(id) != "1 rated" {
					t.Errorf("%s at %s: %d closes, %s, ratings %s, ledger %s", mishap.name, place.name, closes, c.State, w.told(id), w.ledger(id))
				}
				w.settledNotes(id, 1)
			}
		}
	}, manyCalls)
}

// The gate of a Workflow's card is turned in spite of mishaps.
func TestTheGateIsTurnedAfterAMishap(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(func(s *models.Settings) { s.Ask.ChatMethod = rating.AskByWorkflowCard })
		for _, place := range []struct{ name, method, path string }{
			{"the list of attributes", http.MethodGet, "/conversations/attributes"},
			{"the attribute", http.MethodPut, "/conversations/*"},
		} {
			for _, mishap := range mishaps {
				id := w.answered()
				w.shut(id)
				w.suffer(id, place.name, place.method, place.path, mishap.fault)
				lines := 0
				c, _ := w.sandbox.Conversation(id)
				for _, p := range c.Parts {
					if p.Attribute != nil {
						lines++
					}
				}
				if w.sandbox.Attributes(id)["Ask for rating"] != true || lines != 1 || w.ledger(id) != "1 scheduled" {
					t.Errorf("%s at %s: attributes %v, %d lines, ledger %s", mishap.name, place.name, w.sandbox.Attributes(id), lines, w.ledger(id))
				}
			}
		}
	}, manyCalls)
}

// An ask that Intercom refuses for good ends visibly, and one that cannot be sent for a day does too.
func TestAnAskThatCannotBeSent(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		refuse := intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusForbidden, Method: http.MethodPost, Path: "/conversations/*/reply"}
		w.sandbox.Misbehave(refuse)
		id := w.answered()
		w.close(id)
		w.sandbox.Behave()
		w.wantLedger(id, "1 failed")
		if r := w.requests(id)[0]; !strings.Contains(r.Detail, "Intercom refused it") {
			t.Errorf("the row says %q", r.Detail)
		}
		w.sync(id)
		w.wantAsks(id, 0)

		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Method: http.MethodPost, Path: "/conversations/*/reply"})
		id = w.answered()
		w.shut(id)
		for range 25 * 4 {
			w.clock.Move(15 * time.Minute)
			w.sync(id)
		}
		r := w.requests(id)[0]
		if r.State != rating.Failed || r.Attempts > 80 || r.Attempts < 20 {
			t.Errorf("the row is %s after %d attempts", r.State, r.Attempts)
		}
		w.sandbox.Behave()
		w.sync(id)
		w.wantAsks(id, 0)
	}, manyCalls)
}

// A workspace that is connected again after days does not ask about what has gone cold.
func TestAnAskThatHasGoneCold(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(func(s *models.Settings) { s.Ask.DelayMinutes = 60 })
		for name, c := range map[string]struct {
			away time.Duration
			want string
		}{"a day": {25 * time.Hour, "1 sent"}, "longer": {25*time.Hour + time.Minute, "1 failed"}} {
			id := w.answered()
			w.close(id)
			w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.TokenInvalid() }))
			w.clock.Move(c.away)
			w.must2(w.app.service.Connect(w.ctx, w.sandbox.Install(intercomtest.DefaultWorkspace, jane)))
			w.sync(id)
			if got := w.ledger(id); got != c.want {
				t.Errorf("%s: the ledger says %s", name, got)
			}
		}
	})
}

// The teammate who is credited may have left: the one who connected Rerate asks instead.
func TestAnAskInTheNameOfSomebodyWhoLeft(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.answered()
		w.reply(id, tomas)
		w.sandbox.Misbehave(intercomtest.Fault{
			Kind: intercomtest.Fail, Status: http.StatusNotFound, Method: http.MethodPost, Path: "/conversations/*/reply", Times: 1,
		})
		w.close(id)
		w.wantLedger(id, "1 sent")
		if asks := w.asks(id); len(asks) != 1 || asks[0].Author.ID != jane {
			t.Errorf("asked by %+v", asks)
		}
		other := w.answered()
		w.reply(other, tomas)
		w.close(other)
		if asks := w.asks(other); len(asks) != 1 || asks[0].Author.ID != tomas {
			t.Errorf("asked by %+v", asks)
		}
	})
}
