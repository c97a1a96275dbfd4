package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/rating"
)

// credited is who each rating of a conversation belongs to, oldest first.
func (w *world) credited(conversation string) string {
	w.t.Helper()
	var all []string
	for _, r := range w.ratings(conversation) {
		all = append(all, fmt.Sprintf("%d %s %s", r.Score, strings.Split(r.TeammateName+" ", " ")[0], r.CreditRule))
	}
	return strings.Join(all, ", ")
}

// step does something a minute later.
func (w *world) step(act func() error) {
	w.t.Helper()
	w.clock.Move(time.Minute)
	w.must(act())
}

func (w *world) reply(conversation, admin string) {
	w.t.Helper()
	w.step(func() error { _, err := w.sandbox.AdminReply(conversation, admin, "<p>Here you are.</p>"); return err })
}

// The first rating belongs to who wrote before it, a later one to who has worked since, and nobody's note counts.
func TestCredit(t *testing.T) {
	for name, test := range map[string]struct {
		live func(w *world, id string) // what happens in the conversation of Sam's, ratings included
		want string
	}{
		"the first rating": {
			func(w *world, id string) { w.reply(id, tomas); w.rateAgain(id, 2) },
			"2 Tomáš last_human_reply",
		},
		"the last to write": {
			func(w *world, id string) { w.reply(id, tomas); w.reply(id, jane); w.rateAgain(id, 2) },
			"2 Jane last_human_reply",
		},
		"who worked since": {
			func(w *world, id string) {
				w.reply(id, tomas)
				w.rateAgain(id, 2)
				w.customerReply(id)
				w.reply(id, jane)
				w.rateAgain(id, 5)
			},
			"2 Tomáš last_human_reply, 5 Jane last_human_reply",
		},
		"a reply after the card was sent is too late": {
			func(w *world, id string) {
				w.reply(id, tomas)
				card := w.ask(id)
				w.reply(id, jane)
				w.tap(card, w.sam().ID, 5)
				w.sync(id)
			},
			"5 Tomáš last_human_reply",
		},
		"a private note and our own note earn nothing": {
			func(w *world, id string) {
				w.reply(id, tomas)
				w.rateAgain(id, 2)
				w.step(func() error { _, err := w.sandbox.AdminNote(id, jane, "<p>Poor Sam.</p>"); return err })
				w.rateAgain(id, 5)
			},
			"2 Tomáš last_human_reply, 5  ",
		},
		"an assignment and a close count where nobody wrote": {
			func(w *world, id string) {
				w.step(func() error { _, err := w.sandbox.Assign(id, jane, tomas); return err })
				w.rateAgain(id, 2)
				w.step(func() error { _, err := w.sandbox.Close(id, tomas); return err })
				w.rateAgain(id, 5)
			},
			"2 Jane last_teammate, 5 Tomáš last_teammate",
		},
		"a bot's reply after a human's": {
			func(w *world, id string) {
				w.reply(id, tomas)
				w.step(func() error { _, err := w.sandbox.BotReply(id, "<p>Beep.</p>"); return err })
				w.rateAgain(id, 2)
			},
			"2 Tomáš last_human_reply",
		},
		"only a bot": {
			func(w *world, id string) {
				w.step(func() error { _, err := w.sandbox.BotReply(id, "<p>Beep.</p>"); return err })
				w.rateAgain(id, 2)
			},
			"2 Operator last_bot_reply",
		},
		"nobody": {
			func(w *world, id string) { w.rateAgain(id, 2) },
			"2  ",
		},
		"reassigned afterwards": {
			func(w *world, id string) {
				w.reply(id, tomas)
				w.rateAgain(id, 2)
				w.step(func() error { _, err := w.sandbox.Assign(id, jane, jane); return err })
				w.reply(id, jane)
				w.sync(id)
			},
			"2 Tomáš last_human_reply",
		},
		"a change of mind without work in between": {
			func(w *world, id string) {
				w.reply(id, tomas)
				card := w.ask(id)
				w.tap(card, w.sam().ID, 2)
				w.sync(id)
				w.clock.Move(time.Hour)
				w.press(card, w.sam().ID, "change", nil)
				w.tap(card, w.sam().ID, 4)
				w.sync(id)
			},
			"2 Tomáš last_human_reply, 4  ",
		},
		"Intercom names the teammate itself": {
			func(w *world, id string) {
				w.reply(id, tomas)
				w.step(func() error { _, err := w.sandbox.RequestNativeRating(id); return err })
				w.reply(id, jane)
				w.step(func() error { return w.sandbox.RateNatively(id, w.sam().ID, 2, "") })
				w.rateAgain(id, 5)
			},
			"2 Tomáš intercom, 5  ",
		},
		"Intercom names no teammate": {
			func(w *world, id string) {
				w.step(func() error { _, err := w.sandbox.BotReply(id, "<p>Beep.</p>"); return err })
				w.step(func() error { _, err := w.sandbox.RequestNativeRating(id); return err })
				w.step(func() error { return w.sandbox.RateNatively(id, w.sam().ID, 2, "") })
				w.deliver(id)
			},
			"2 Operator last_bot_reply",
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: w.sam().ID, Text: "My tent leaks."})
				w.must(err)
				test.live(w, c.ID)
				if got := w.credited(c.ID); got != test.want {
					t.Errorf("credited are %q instead of %q", got, test.want)
				}
				w.sync(c.ID)
				if got := w.credited(c.ID); got != test.want {
					t.Errorf("read once more, credited are %q", got)
				}
			})
		})
	}
}

// rateAgain asks by a workflow's card, so that nobody's reply carries it, and has Sam rate.
func (w *world) rateAgain(conversation string, score int) {
	w.t.Helper()
	w.fine(w.sandbox.AddToWorkflow(w.ctx, intercomtest.DefaultWorkspace, nil))
	w.clock.Move(time.Minute)
	result := w.sandbox.RunWorkflow(w.ctx, conversation)
	w.fine(result)
	w.clock.Move(time.Minute)
	w.tap(result.Card.ID, w.sam().ID, score)
	w.sync(conversation)
	w.clock.Move(time.Minute)
}

func (w *world) customerReply(conversation string) {
	w.t.Helper()
	w.step(func() error { _, err := w.sandbox.CustomerReply(conversation, w.sam().ID, "Still wet."); return err })
}

// The summary's teammate filter speaks of the same conversations as the ratings' credit.
func TestSummaryByTeammate(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		for i, admin := range []string{jane, tomas, tomas} {
			c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: w.sam().ID, Text: "My tent leaks."})
			w.must(err)
			w.reply(c.ID, admin)
			w.rateAgain(c.ID, 1)
			if i == 2 { // Jane makes good what was bad
				w.customerReply(c.ID)
				w.reply(c.ID, jane)
				w.rateAgain(c.ID, 5)
			}
		}
		for teammate, want := range map[string]float64{"": 3, jane: 2, tomas: 1, "278": 0} {
			var summary struct {
				Counted struct{ Rated, Positive float64 }
			}
			w.get("/summary?from=2026-01-01&to=2026-12-31&teammate="+teammate, &summary)
			if summary.Counted.Rated != want {
				t.Errorf("teammate %q has %v ratings instead of %v", teammate, summary.Counted.Rated, want)
			}
		}
		var list struct {
			Items []struct {
				Score    int
				Teammate struct{ ID, Name string }
			}
		}
		w.get("/ratings?teammate="+jane, &list)
		if len(list.Items) != 2 || list.Items[0].Teammate.ID != jane {
			t.Errorf("Jane's ratings are %+v", list.Items)
		}
	})
}

// The request keeps who had worked before it, whatever happens to the conversation later.
func TestTheRequestKeepsItsCredit(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.solved()
		w.reply(id, tomas)
		w.rateAgain(id, 2)
		requests, err := w.tenant.RequestsOf(w.ctx, id)
		if err != nil || len(requests) != 1 || requests[0].TeammateID != tomas || requests[0].State != rating.HasRating {
			t.Errorf("the requests are %+v, %v", requests, err)
		}
	})
}
