package main

import (
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/rating"
	"rerate/models"
)

func TestTheSidebarShowsTheHistory(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.ratedNatively(2)
		opened := w.sandbox.InboxAppOpen(w.ctx, id, jane, "")
		w.fine(opened)
		if !strings.Contains(texts(opened.Shown), "🙁 Bad (2 of 5)") { // Intercom's own, which it sends along
			t.Errorf("at first the sidebar says %q", texts(opened.Shown))
		}
		again := w.sandbox.InboxAppSubmit(w.ctx, id, jane, "", "ask_again", nil)
		w.fine(again)
		if _, there := w.sandbox.Draft(id); !there || !strings.Contains(texts(again.Shown), "in your reply") {
			t.Errorf("the reply is empty; the sidebar says %q", texts(again.Shown))
		}
		_, err := w.sandbox.SendComposer(id, jane, "")
		w.must(err)
		w.clock.Move(time.Minute)
		w.tap(again.Then.Card.ID, w.sam().ID, 5)
		w.notes(id, 1)
		w.remark(again.Then.Card.ID, w.sam().ID, "Dry at last.")

		shown := w.sandbox.InboxAppOpen(w.ctx, id, tomas, "")
		w.fine(shown)
		for _, want := range []string{
			"🙁 Bad (2 of 5)", "😍 Amazing (5 of 5), better", "“Dry at last.”", "*Counts:* 😍 Amazing (5 of 5), the latest rating",
			"Asked 2 Mar 2026, 10:03 with a card. Rated, with a remark.", "Episode 1", "Ask again", "Send link", "Record feedback", "Don't ask by itself",
		} {
			if !strings.Contains(texts(shown.Shown), want) {
				t.Errorf("the sidebar does not say %q: %q", want, texts(shown.Shown))
			}
		}
		w.set(func(s *models.Settings) { s.Note = rating.NoteNoScore })
		hidden := w.sandbox.InboxAppOpen(w.ctx, id, tomas, "")
		w.fine(hidden)
		for _, not := range []string{"of 5", "Amazing", "😍", "better"} {
			if strings.Contains(texts(hidden.Shown), not) {
				t.Errorf("without scores the sidebar says %q: %q", not, texts(hidden.Shown))
			}
		}
	})
}

// What the sidebar learns makes the customer's answer count at once; a button of no meaning does no harm.
func TestTheSidebarTellsWhoTakesPart(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.solved()
		w.fine(w.sandbox.InboxAppOpen(w.ctx, id, jane, ""))
		w.tap(w.ask(id), w.sam().ID, 4)
		if all := w.ratings(id); len(all) != 1 || !all[0].Valid() {
			t.Errorf("the ratings are %+v", all)
		}
		odd := w.sandbox.InboxAppSubmit(w.ctx, id, jane, "", "delete_everything", nil)
		if odd.Call.Status != 200 || odd.Then != nil {
			t.Errorf("an unknown button is answered %d %s", odd.Call.Status, odd.Call.Answer)
		}
	})
}

// The sidebar is sent a summary of the conversation, without the teammates' words; whom Intercom credits has a name all
// the same.
func TestARatingLearnedFromTheSidebarNamesItsTeammate(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.solved()
		_, err := w.sandbox.RequestNativeRating(id)
		w.must(err)
		w.must(w.sandbox.RateNatively(id, w.sam().ID, 2, ""))
		w.fine(w.sandbox.InboxAppOpen(w.ctx, id, jane, ""))
		all := w.ratings(id)
		if len(all) != 1 || all[0].TeammateID != jane || all[0].TeammateName != "Jane Agent" {
			t.Errorf("the ratings are %+v", all)
		}
	})
}

// In a group conversation the sidebar is asked for once for each contact.
func TestTheSidebarOfAGroup(t *testing.T) {
	eachWorld(t, func(w *world) {
		zoe := w.contact("zoe@example.com").ID
		id := w.solved()
		w.must(w.sandbox.AddToConversation(id, zoe))
		for _, contact := range []string{w.sam().ID, zoe} {
			w.fine(w.sandbox.InboxAppOpen(w.ctx, id, jane, contact))
		}
		card := w.ask(id)
		w.tap(card, zoe, 4)
		shown := w.sandbox.InboxAppOpen(w.ctx, id, jane, w.sam().ID)
		w.fine(shown)
		if !strings.Contains(texts(shown.Shown), "4 of 5") {
			t.Errorf("the sidebar says %q", texts(shown.Shown))
		}
	}, func(o *intercomtest.Options) { o.Quirks.InboxContext = true })
}
