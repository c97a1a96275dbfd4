package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// replies is what is known of each rating of a conversation, oldest first: whether a teammate replied before it and after
// the one before.
func (w *world) replies(conversation string) string {
	w.t.Helper()
	var all []string
	for _, r := range w.ratings(conversation) {
		all = append(all, fmt.Sprintf("%d %s", r.Score, r.Replied))
	}
	return strings.TrimRight(strings.Join(all, ", "), " ")
}

// Whether a teammate replied between two ratings is read from the conversation: a reply that reaches the customer, by a
// person, in just that time. What cannot be known is not said.
func TestRepliedBetweenRatings(t *testing.T) {
	for name, test := range map[string]struct {
		live func(w *world, id string)
		want string
	}{
		"a reply in between": {
			func(w *world, id string) {
				w.reply(id, tomas)
				w.rateAgain(id, 2)
				w.reply(id, jane)
				w.rateAgain(id, 5)
			},
			"2 , 5 yes",
		},
		"nothing in between": {
			func(w *world, id string) { w.reply(id, tomas); w.rateAgain(id, 2); w.rateAgain(id, 5) },
			"2 , 5 no",
		},
		"a note, an assignment, the customer and a bot are no reply": {
			func(w *world, id string) {
				w.rateAgain(id, 2)
				w.step(func() error { _, err := w.sandbox.AdminNote(id, jane, "<p>Poor Sam.</p>"); return err })
				w.step(func() error { _, err := w.sandbox.Assign(id, jane, tomas); return err })
				w.step(func() error { _, err := w.sandbox.BotReply(id, "<p>Beep.</p>"); return err })
				w.customerReply(id)
				w.rateAgain(id, 5)
			},
			"2 , 5 no",
		},
		"our own ask is no reply": {
			func(w *world, id string) {
				w.rateAgain(id, 2)
				card := w.ask(id)
				w.tap(card, w.sam().ID, 4)
				w.sync(id)
			},
			"2 , 4 no",
		},
		"a reply after both": {
			func(w *world, id string) { w.rateAgain(id, 2); w.rateAgain(id, 5); w.reply(id, jane); w.sync(id) },
			"2 , 5 no",
		},
		"each pair for itself": {
			func(w *world, id string) {
				w.rateAgain(id, 2)
				w.reply(id, jane)
				w.rateAgain(id, 1)
				w.rateAgain(id, 5)
			},
			"2 , 1 yes, 5 no",
		},
		"Intercom's own rating is one of the pair": {
			func(w *world, id string) {
				w.step(func() error { _, err := w.sandbox.RequestNativeRating(id); return err })
				w.step(func() error { return w.sandbox.RateNatively(id, w.sam().ID, 2, "") })
				w.reply(id, jane)
				w.rateAgain(id, 5)
			},
			"2 , 5 yes",
		},
		"not read since it was given": {
			func(w *world, id string) {
				card := w.ask(id)
				w.tap(card, w.sam().ID, 2)
				w.sync(id)
				w.clock.Move(time.Hour)
				w.press(card, w.sam().ID, "change", nil)
				w.tap(card, w.sam().ID, 4)
			},
			"2 , 4",
		},
		"a rating in between that does not count any more": {
			func(w *world, id string) {
				w.rateAgain(id, 2)
				w.reply(id, jane)
				w.rateAgain(id, 3)
				w.rateAgain(id, 5)
				w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.SetWhyNot(w.ratings(id)[1], models.Void) }))
				w.sync(id)
			},
			"2 , 3 yes, 5 yes",
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: w.sam().ID, Text: "My tent leaks."})
				w.must(err)
				test.live(w, c.ID)
				if got := w.replies(c.ID); got != test.want {
					t.Errorf("it is known that %q instead of %q", got, test.want)
				}
			})
		})
	}
}

// Intercom gives the newest 500 parts: a reply that is seen is one, what is out of sight may be one.
func TestRepliesOutOfSight(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: w.sam().ID, Text: "My tent leaks."})
		w.must(err)
		chatter := func() {
			for range 501 {
				_, err := w.sandbox.AdminNote(c.ID, jane, "<p>Hm.</p>")
				w.must(err)
			}
			w.clock.Move(time.Minute)
		}
		w.rateAgain(c.ID, 2)
		chatter()
		w.rateAgain(c.ID, 3)
		if got := w.replies(c.ID); got != "2 , 3" {
			t.Errorf("what is out of sight is known: %q", got)
		}
		chatter()
		w.reply(c.ID, jane)
		w.rateAgain(c.ID, 5)
		w.rateAgain(c.ID, 4)
		if got := w.replies(c.ID); got != "2 , 3 , 5 yes, 4 no" {
			t.Errorf("it is known that %q", got)
		}
	})
}

// A report tells those who were answered in between from those who were not.
func TestReportKnowsRepliesBetween(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		for i, second := range []int{5, 2, 5} {
			c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: w.sam().ID, Text: "My tent leaks."})
			w.must(err)
			w.rateAgain(c.ID, 1)
			if i < 2 {
				w.reply(c.ID, jane)
			}
			w.rateAgain(c.ID, second)
		}
		got := w.report()
		if got.AnsweredWithReply != 2 || got.RecoveredWithReply != 1 || got.AnsweredAlone != 1 || got.RecoveredAlone != 1 {
			t.Errorf("with a reply %d of %d, without %d of %d", got.RecoveredWithReply, got.AnsweredWithReply, got.RecoveredAlone, got.AnsweredAlone)
		}
	})
}
