package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"rerate/internal/intercom/canvas"
	"rerate/internal/intercom/intercomtest"
	"rerate/internal/rating"
	"rerate/models"
)

func TestAReratingIsToldCountedAndWrittenBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		sam := w.sam().ID
		id := w.ratedNatively(2)
		card := w.ask(id)
		answer := w.tap(card, sam, 5)
		if !strings.Contains(texts(answer.Shown), "Your answer is saved.") {
			t.Errorf("the card says %q", texts(answer.Shown))
		}
		note := w.notes(id, 1)[0]
		for _, want := range []string{"😍 Amazing (5 of 5)", "better", "🙁 Bad (2 of 5)"} {
			if !strings.Contains(note, want) {
				t.Errorf("the note does not say %q: %s", want, note)
			}
		}
		thanks := w.remark(card, sam, "Thank you <b>Jane</b>\nfor the new tent! 👨‍👩‍👧‍👦")
		if thanks.Event != canvas.Completed || !strings.Contains(texts(thanks.Shown), "✅") {
			t.Errorf("after the remark the card says %q, event %q", texts(thanks.Shown), thanks.Event)
		}
		followUp := w.notes(id, 2)[1]
		if !strings.Contains(followUp, "Thank you &lt;b&gt;Jane&lt;/b&gt;<br>for the new tent! 👨‍👩‍👧‍👦") {
			t.Errorf("the follow-up note does not quote the remark as text: %s", followUp)
		}
		attributes := w.sandbox.Attributes(id)
		for name, want := range map[string]string{"First rating": "2", "Latest rating": "5", "Counted rating": "5", "Rating change": "better"} {
			if got := fmt.Sprint(attributes[name]); got != want {
				t.Errorf("the attribute %s is %s instead of %s", name, got, want)
			}
		}
		events := w.sandbox.Events(sam)
		if len(events) != 1 || events[0].Name != "rated-conversation" {
			t.Errorf("the contact's events are %+v", events)
		}
		var summary struct {
			Counted, First struct{ Rated, Positive float64 }
			Changes        struct{ Better, Same, Worse int }
			Matrix         [][]int
		}
		w.get("/summary?from=2026-01-01&to=2026-12-31", &summary)
		if summary.Counted.Positive != 1 || summary.First.Positive != 0 || summary.Changes.Better != 1 || summary.Matrix[1][4] != 1 {
			t.Errorf("the summary is %+v", summary)
		}
	})
}

// Every pair of first and new score, in words.
func TestTheNoteSaysTheRightWordForEveryPair(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		type pair struct{ first, second int }
		conversations := map[pair]string{}
		for first := 1; first <= 5; first++ {
			for second := 1; second <= 5; second++ {
				id := w.ratedNatively(first)
				w.tap(w.ask(id), w.sam().ID, second)
				w.sync(id) // before the clock moves on: a lease must not end under a job at work
				conversations[pair{first, second}] = id
			}
		}
		for p, id := range conversations {
			word := "<b>better</b> than the first"
			if p.second == p.first {
				word = "the <b>same</b> as the first"
			} else if p.second < p.first {
				word = "<b>worse</b> than the first"
			}
			if note := w.notes(id, 1)[0]; !strings.Contains(note, word) || strings.Contains(note, "went down") != (p.second < p.first) {
				t.Errorf("first %d, then %d: %s", p.first, p.second, note)
			}
		}
	})
}

func TestAFirstRatingHasNothingToCompareWith(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.solved()
		w.tap(w.ask(id), w.sam().ID, 4)
		if note := w.notes(id, 1)[0]; !strings.Contains(note, "no earlier rating") {
			t.Errorf("the note says %s", note)
		}
	})
}

func TestThreeRatingsInARow(t *testing.T) {
	eachWorld(t, func(w *world) {
		sam := w.sam().ID
		id := w.ratedNatively(2)
		w.tap(w.ask(id), sam, 5)
		w.notes(id, 1)
		w.tap(w.ask(id), sam, 4)
		third := w.notes(id, 2)[1]
		for _, want := range []string{"<b>better</b> than the first, 🙁 Bad (2 of 5)", "<b>Down</b> from the rating before, 😍 Amazing (5 of 5)"} {
			if !strings.Contains(third, want) {
				t.Errorf("the third note does not say %q: %s", want, third)
			}
		}
		var changes []rating.Change
		for _, r := range w.ratings(id) {
			changes = append(changes, r.Change)
		}
		if got := fmt.Sprint(changes); got != "[first better better]" {
			t.Errorf("the changes are %s", got)
		}
		if requests, err := w.tenant.RequestsOf(w.ctx, id); err != nil || len(requests) != 2 {
			t.Errorf("there are %d requests, %v", len(requests), err)
		}
	})
}

func TestTwoContactsRateApart(t *testing.T) {
	eachWorld(t, func(w *world) {
		sam, zoe := w.sam().ID, w.contact("zoe@example.com").ID
		id := w.solved()
		w.must(w.sandbox.AddToConversation(id, zoe))
		card := w.ask(id)
		w.tap(card, sam, 1)
		// Zoë finds Sam's answer on the card; her own question is in French.
		own := w.press(card, zoe, "change", nil)
		if !strings.Contains(texts(own.Shown), "Amazing") {
			t.Fatalf("Zoë is shown %q", texts(own.Shown))
		}
		w.tap(card, zoe, 5)
		w.notes(id, 2)
		for _, r := range w.ratings(id) {
			if r.Change != rating.First || !r.Valid() {
				t.Errorf("%s's rating is %s, left out as %q", r.ContactID, r.Change, r.WhyNot)
			}
		}
		if got := len(w.ratings(id)); got != 2 {
			t.Errorf("there are %d ratings", got)
		}
	})
}

func TestATeammatesOwnTapNeverCounts(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.solved()
		card := w.ask(id)
		r := w.sandbox.CardSubmit(w.ctx, card, jane, "rating", map[string]any{"rating": "5"})
		if r.Call.Status != http.StatusOK {
			t.Errorf("the tap was answered %d", r.Call.Status)
		}
		asCustomer := w.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{Name: "Jane", Email: "Jane@Example.com"})
		w.must(w.sandbox.AddToConversation(id, asCustomer.ID))
		own := w.tap(w.ask(id), asCustomer.ID, 5)
		if !strings.Contains(texts(own.Shown), "teammate") {
			t.Errorf("the card says %q", texts(own.Shown))
		}
		w.sync(id)
		if all := w.ratings(id); len(all) != 0 {
			t.Errorf("stored were %+v", all)
		}
	})
}

func TestAnAnswerOfAStrangerStaysOut(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.solved()
		card := w.ask(id)
		stranger := w.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{Name: "Somebody else"}).ID
		answer := w.tap(card, stranger, 1)
		if !strings.Contains(texts(answer.Shown), "saved") {
			t.Errorf("the card says %q", texts(answer.Shown))
		}
		w.sync(id)
		all := w.ratings(id)
		if len(all) != 1 || all[0].WhyNot != models.Unverified {
			t.Fatalf("stored were %+v", all)
		}
		w.settledNotes(id, 0)
		// Once Intercom lists the contact, the answer counts.
		w.must(w.sandbox.AddToConversation(id, stranger))
		w.sync(id)
		if all := w.ratings(id); !all[0].Valid() {
			t.Errorf("the rating is still left out as %q", all[0].WhyNot)
		}
		w.notes(id, 1)
	})
}

func TestTheSameSubmitTwentyTimesIsOneRatingAndOneNote(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.ratedNatively(2)
		card := w.ask(id)
		first := w.tap(card, w.sam().ID, 5)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if again := w.sandbox.Replay(w.ctx, first.Call, first.Call.Path); again.Status != http.StatusOK {
					t.Errorf("a replay was answered %d", again.Status)
				}
			})
		}
		all.Wait()
		w.notes(id, 1)
		if got := len(w.ratings(id)); got != 2 { // Intercom's and ours
			t.Errorf("there are %d ratings", got)
		}
	})
}

func TestAnOldSubmitAfterANewerOneChangesNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.sam().ID
		id := w.solved()
		old := w.tap(w.ask(id), sam, 1)
		w.notes(id, 1)
		w.tap(w.ask(id), sam, 5)
		w.notes(id, 2)
		w.sandbox.Replay(w.ctx, old.Call, old.Call.Path)
		w.settledNotes(id, 2)
		all := w.ratings(id)
		if len(all) != 2 || all[1].Score != 5 || !all[1].Valid() {
			t.Errorf("the ratings are %+v", all)
		}
	})
}
