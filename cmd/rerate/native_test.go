package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/rating"
	"rerate/models"
)

// mirrored is a world that answers Intercom's own rating too.
func mirrored(w *world) {
	w.byHand()
	w.set(func(s *models.Settings) { s.WriteBack.NativeRating = true })
}

// deliver sends the webhooks and works on the conversation.
func (w *world) deliver(conversation string) {
	w.t.Helper()
	for _, call := range w.sandbox.Deliver(w.ctx) {
		if call.Status != http.StatusOK {
			w.t.Errorf("%s was answered %d %s", call.Topic, call.Status, call.Answer)
		}
	}
	w.sync(conversation)
}

// told is each rating of a conversation in short, oldest first.
func (w *world) told(conversation string) string {
	w.t.Helper()
	var all []string
	for _, r := range w.ratings(conversation) {
		all = append(all, fmt.Sprintf("%s %d %s", r.Source, r.Score, r.Change))
	}
	return strings.Join(all, ", ")
}

// The four answers of Intercom to our rating, and that none of them is read back as a rating of the customer's.
func TestOurRatingInIntercomsOwn(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(w *world, id string)
		remark  string
		state   models.WriteBackState
		detail  string
		native  int // what Intercom holds in the end
		told    string
	}{
		"an open request": {
			prepare: func(w *world, id string) { _, err := w.sandbox.RequestNativeRating(id); w.must(err) },
			state:   models.Done, detail: "now 4 of 5", native: 4, told: "card 4 first",
		},
		"an open request, with a remark": {
			prepare: func(w *world, id string) { _, err := w.sandbox.RequestNativeRating(id); w.must(err) },
			remark:  "Fine.", state: models.Done, detail: "now 4 of 5", native: 4, told: "card 4 first",
		},
		"answered before": {
			prepare: func(w *world, id string) {
				_, err := w.sandbox.RequestNativeRating(id)
				w.must(err)
				w.must(w.sandbox.RateNatively(id, w.sam().ID, 2, ""))
				w.sync(id)
			},
			state: models.Done, detail: "now 4 of 5", native: 4, told: "intercom 2 first, card 4 better",
		},
		"no request": {
			prepare: func(*world, string) {},
			state:   models.Skipped, detail: "No rating has been requested", told: "card 4 first",
		},
		"locked by a remark": {
			prepare: func(w *world, id string) {
				_, err := w.sandbox.RequestNativeRating(id)
				w.must(err)
				w.must(w.sandbox.RateNatively(id, w.sam().ID, 2, "Too slow."))
			},
			state: models.Skipped, detail: "locked because a remark", native: 2, told: "intercom 2 first, card 4 better",
		},
		"the window is closed": {
			prepare: func(w *world, id string) {
				_, err := w.sandbox.RequestNativeRating(id)
				w.must(err)
				w.clock.Move(25 * time.Hour)
			},
			state: models.Skipped, detail: "no longer accepts answers", told: "card 4 first",
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				mirrored(w)
				id := w.solved()
				test.prepare(w, id)
				w.clock.Move(time.Minute)
				card := w.ask(id)
				w.tap(card, w.sam().ID, 4)
				if test.remark != "" {
					w.remark(card, w.sam().ID, test.remark)
				}
				w.clock.Move(time.Minute)
				w.sync(id)
				native := w.writes(w.ours(id).ID)[models.NativeRating]
				if native.State != test.state || !strings.Contains(native.Detail, test.detail) {
					t.Errorf("the write-back is %s: %s", native.State, native.Detail)
				}
				w.clock.Move(time.Minute)
				w.deliver(id)
				c, _ := w.sandbox.Conversation(id)
				var held int
				if n := len(c.Ratings); n > 0 {
					held = c.Ratings[n-1].Score
				}
				if held != test.native || w.told(id) != test.told {
					t.Errorf("Intercom holds %d, the ratings are %s", held, w.told(id))
				}
				w.settledNotes(id, 1)
			}, func(o *intercomtest.Options) { o.RatingWindow = 24 * time.Hour })
		})
	}
}

// Intercom's own rating arrives by webhook, after ours in time.
func TestANativeRatingAfterOurs(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.solved()
		w.tap(w.ask(id), w.sam().ID, 4)
		w.notes(id, 1)
		w.clock.Move(time.Hour)
		_, err := w.sandbox.RequestNativeRating(id)
		w.must(err)
		w.must(w.sandbox.RateNatively(id, w.sam().ID, 2, ""))
		w.deliver(id)
		if got := w.told(id); got != "card 4 first, intercom 2 worse" {
			t.Errorf("the ratings are %s", got)
		}
		w.settledNotes(id, 1)
	})
}

// Intercom's own rating was given before ours, but is learned of later: what ours is compared with changes.
func TestANativeRatingBeforeOursLearnedLater(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.solved()
		card := w.ask(id)
		_, err := w.sandbox.RequestNativeRating(id)
		w.must(err)
		w.must(w.sandbox.RateNatively(id, w.sam().ID, 2, ""))
		w.clock.Move(time.Minute)
		w.tap(card, w.sam().ID, 5)
		if got := w.told(id); got != "card 5 first" {
			t.Errorf("at first the ratings are %s", got)
		}
		w.deliver(id)
		if got := w.told(id); got != "intercom 2 first, card 5 better" {
			t.Errorf("the ratings are %s", got)
		}
		if ours := w.ours(id); ours.PreviousScore == nil || *ours.PreviousScore != 2 {
			t.Errorf("our rating is %+v", ours)
		}
		w.settledNotes(id, 1)
		if note := w.sandbox.Notes(id)[0].Body; !strings.Contains(note, "better") {
			t.Errorf("the note says %s", note)
		}
	})
}

// A score that the customer changes in Intercom is another rating; a remark that follows is told once.
func TestAChangedNativeScoreAndALateRemark(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.ratedNatively(2)
		w.deliver(id)
		for _, score := range []int{4, 4, 2} {
			w.must(w.sandbox.RateNatively(id, w.sam().ID, score, ""))
			w.deliver(id)
			w.clock.Move(time.Hour)
		}
		if got := w.told(id); got != "intercom 2 first, intercom 4 better, intercom 2 same" {
			t.Errorf("the ratings are %s", got)
		}
		w.must(w.sandbox.RateNatively(id, w.sam().ID, 2, "It broke again."))
		w.deliver(id)
		w.deliver(id)
		all := w.ratings(id)
		if last := all[len(all)-1]; last.Remark != "It broke again." || all[0].Remark != "" {
			t.Errorf("the ratings are %+v", all)
		}
	})
}

// From API 2.15 on Intercom shows the latest answered request: two requests, the second one answered later.
func TestTwoNativeRatings(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.ratedNatively(2)
		w.deliver(id)
		_, err := w.sandbox.RequestNativeRating(id)
		w.must(err)
		w.deliver(id)
		if got := w.told(id); got != "intercom 2 first" {
			t.Errorf("after the second request the ratings are %s", got)
		}
		w.clock.Move(time.Hour)
		w.must(w.sandbox.RateNatively(id, w.sam().ID, 2, ""))
		w.deliver(id)
		if got := w.told(id); got != "intercom 2 first, intercom 2 same" {
			t.Errorf("after the second answer the ratings are %s", got)
		}
	})
}

// The customer's own answer to a later request of Intercom's is theirs, also when it equals ours.
func TestANativeRatingThatEqualsOurs(t *testing.T) {
	for name, before := range map[string]bool{"ours was mirrored": true, "ours could not be mirrored": false} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				mirrored(w)
				id := w.solved()
				if before {
					_, err := w.sandbox.RequestNativeRating(id)
					w.must(err)
				}
				w.tap(w.ask(id), w.sam().ID, 4)
				w.deliver(id)
				w.clock.Move(time.Hour)
				_, err := w.sandbox.RequestNativeRating(id)
				w.must(err)
				w.clock.Move(time.Minute)
				w.must(w.sandbox.RateNatively(id, w.sam().ID, 4, ""))
				w.deliver(id)
				if got := w.told(id); got != "card 4 first, intercom 4 same" {
					t.Errorf("the ratings are %s", got)
				}
			})
		})
	}
}

// In one request of Intercom's the customer goes back to what we had mirrored, and adds a remark there.
func TestANativeChangeAfterTheMirror(t *testing.T) {
	eachWorld(t, func(w *world) {
		mirrored(w)
		id := w.ratedNatively(2)
		w.tap(w.ask(id), w.sam().ID, 4)
		w.deliver(id)
		for _, score := range []int{2, 4} {
			w.clock.Move(time.Hour)
			w.must(w.sandbox.RateNatively(id, w.sam().ID, score, ""))
			w.deliver(id)
			w.deliver(id)
		}
		if got := w.told(id); got != "intercom 2 first, card 4 better, intercom 2 same, intercom 4 better" {
			t.Errorf("the ratings are %s", got)
		}

		remarked := w.solved()
		_, err := w.sandbox.RequestNativeRating(remarked)
		w.must(err)
		w.tap(w.ask(remarked), w.sam().ID, 4)
		w.deliver(remarked)
		w.clock.Move(time.Hour)
		w.must(w.sandbox.RateNatively(remarked, w.sam().ID, 4, "Fine now."))
		w.deliver(remarked)
		if got := w.told(remarked); got != "card 4 first" || w.ours(remarked).Remark != "Fine now." {
			t.Errorf("the ratings are %s, the remark %q", got, w.ours(remarked).Remark)
		}
	})
}

// The mirror is cut off after its work: it is neither counted as another rating nor lost.
func TestAMirrorThatIsCutOff(t *testing.T) {
	eachWorld(t, func(w *world) {
		mirrored(w)
		id := w.solved()
		_, err := w.sandbox.RequestNativeRating(id)
		w.must(err)
		w.tap(w.ask(id), w.sam().ID, 4)
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Reset, AfterWork: true, Times: 1, Path: "/conversations/*/rating"})
		if w.try(w.ctx, id) == nil {
			t.Error("the job does not ask to run again")
		}
		w.clock.Move(time.Minute)
		w.deliver(id)
		w.deliver(id)
		if native := w.writes(w.ours(id).ID)[models.NativeRating]; native.State != models.Done || w.told(id) != "card 4 first" {
			t.Errorf("the write-back is %s, the ratings are %s", native.State, w.told(id))
		}
	})
}

// A scale of another size is mirrored by its place and recognised.
func TestAMirrorOfAnotherScale(t *testing.T) {
	eachWorld(t, func(w *world) {
		mirrored(w)
		wording := map[string]any{}
		w.get("/wording", &wording)
		wording["options"] = []map[string]any{{"score": 1, "emoji": "👎", "label": "No"}, {"score": 2, "emoji": "👍", "label": "Yes"}}
		wording["remarks"].(map[string]any)["ask_why_up_to"] = 1
		w.call(http.MethodPut, "/wording", wording, http.StatusOK)
		id := w.solved()
		_, err := w.sandbox.RequestNativeRating(id)
		w.must(err)
		w.tap(w.ask(id), w.sam().ID, 2)
		w.deliver(id)
		w.clock.Move(time.Minute)
		w.deliver(id)
		c, _ := w.sandbox.Conversation(id)
		if w.told(id) != "card 2 first" || c.Ratings[0].Score != 5 {
			t.Errorf("Intercom holds %+v, the ratings are %s", c.Ratings, w.told(id))
		}
	})
}

// A request that nobody has answered is an object of nulls in some versions: no rating.
func TestAnEmptyNativeRatingIsNone(t *testing.T) {
	for _, form := range []string{"", "fields", "absent"} {
		t.Run("form "+form, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				id := w.solved()
				w.tap(w.ask(id), w.sam().ID, 4)
				w.deliver(id)
				if all := w.ratings(id); len(all) != 1 || all[0].Change != rating.First {
					t.Errorf("the ratings are %+v", all)
				}
			}, func(o *intercomtest.Options) { o.Quirks.EmptyRating = form })
		})
	}
}
