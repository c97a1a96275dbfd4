package main

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// A rating that follows another, on the same card or on one of a later episode, may be explained with one tap. The team
// reads it in the note.
func TestWhatChanged(t *testing.T) {
	for answer, told := range map[string]string{
		"fixed": "it is fixed now", "explained": "it was explained", "still_broken": "it is still broken", "tapped_wrong": "an answer was a wrong tap",
	} {
		t.Run(answer, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				sam := w.sam().ID
				id := w.ratedNatively(2)
				w.set(func(s *models.Settings) { s.Windows.UndoMinutes = 1 })
				card := w.ask(id)
				w.sync(id) // reads Intercom's own rating
				shown := w.tap(card, sam, 5)
				if !strings.Contains(texts(shown.Shown), "It is fixed now") || !strings.Contains(texts(shown.Shown), "I tapped the wrong one") {
					t.Fatalf("the card does not ask what changed: %q", texts(shown.Shown))
				}
				shown = w.press(card, sam, "what_changed", map[string]any{"what_changed": answer})
				if strings.Contains(texts(shown.Shown), "It is fixed now") || !strings.Contains(texts(shown.Shown), "Send") {
					t.Errorf("afterwards it says %q", texts(shown.Shown))
				}
				w.clock.Move(time.Minute)
				if note := w.settledNotes(id, 1)[0]; !strings.Contains(note, "The customer says: "+told+".") {
					t.Errorf("the note says %s", note)
				}
				all := w.ratings(id)
				if len(all) != 2 || !all[0].Valid() || !all[1].Valid() || all[1].Change != "better" || all[1].WhatChanged != answer {
					t.Errorf("the ratings are %+v", all)
				}

				var listed struct {
					Items []struct {
						Score       int     `json:"score"`
						WhatChanged *string `json:"what_changed"`
					} `json:"items"`
				}
				w.get("/ratings?conversation="+id, &listed)
				if len(listed.Items) != 2 || listed.Items[0].WhatChanged == nil || *listed.Items[0].WhatChanged != answer || listed.Items[1].WhatChanged != nil {
					t.Errorf("the API answers %+v", listed.Items)
				}
				rows, err := csv.NewReader(strings.NewReader(string(w.call(http.MethodGet, "/ratings.csv", nil, http.StatusOK)))).ReadAll()
				w.must(err)
				if last := slices.Index(rows[0], "what_changed"); last < 0 || rows[1][last] != answer || rows[2][last] != "" {
					t.Errorf("the file says %q", rows)
				}
			})
		})
	}
}

// What is said after the note goes into a note that follows it, with a remark that comes soon; a remark that comes even
// later has a note of its own. No note comes twice.
func TestWhatChangedAfterTheNote(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.sam().ID
		id := w.ratedNatively(2)
		w.set(func(s *models.Settings) { s.Windows.UndoMinutes = 1 })
		card := w.ask(id)
		w.sync(id)
		w.tap(card, sam, 4)
		w.clock.Move(time.Minute)
		if note := w.settledNotes(id, 1)[0]; strings.Contains(note, "The customer says") {
			t.Errorf("the note says %s", note)
		}
		w.press(card, sam, "what_changed", map[string]any{"what_changed": "explained"})
		w.settledNotes(id, 1) // it waits for a remark
		w.clock.Move(time.Minute)
		follow := w.settledNotes(id, 2)[1]
		if !strings.Contains(follow, "The customer says: it was explained.") || strings.Contains(follow, "remark") {
			t.Errorf("the note that follows says %s", follow)
		}
		w.clock.Move(time.Minute)
		w.remark(card, sam, "Clear as day.")
		last := w.settledNotes(id, 3)[2]
		if !strings.Contains(last, "Clear as day.") || strings.Contains(last, "The customer says") {
			t.Errorf("the last note says %s", last)
		}
		w.clock.Move(time.Hour)
		w.settledNotes(id, 3)
	})
}

// A remark that comes while the tap waits to be told goes along with it.
func TestWhatChangedAndARemarkShareANote(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.sam().ID
		id := w.ratedNatively(2)
		w.set(func(s *models.Settings) { s.Windows.UndoMinutes, s.Note = 1, rating.NoteNoScore })
		card := w.ask(id)
		w.sync(id)
		w.tap(card, sam, 4)
		w.clock.Move(time.Minute)
		w.settledNotes(id, 1)
		w.press(card, sam, "what_changed", map[string]any{"what_changed": "still_broken"})
		w.remark(card, sam, "No hot water.")
		follow := w.settledNotes(id, 2)[1]
		if !strings.Contains(follow, "it is still broken") || !strings.Contains(follow, "No hot water.") {
			t.Errorf("the note that follows says %s", follow)
		}
		w.clock.Move(time.Hour)
		w.settledNotes(id, 2)
	})
}

// The question is asked of no first rating, and after a change within the undo time only
// where there was a rating before that.
func TestWhenWhatChangedIsAsked(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(func(s *models.Settings) { s.Windows.UndoMinutes = 1 })
		sam := w.sam().ID
		id := w.solved()
		card := w.ask(id)
		asked := func(score int) bool {
			return strings.Contains(texts(w.tap(card, sam, score).Shown), "It is fixed now")
		}
		if asked(2) {
			t.Error("a first rating is asked what changed")
		}
		w.sync(id) // now it is known that Sam takes part, so the rating counts
		w.press(card, sam, "change", nil)
		if asked(3) {
			t.Error("a change within the undo time is asked what changed")
		}
		w.clock.Move(time.Minute)
		w.press(card, sam, "change", nil)
		if !asked(4) {
			t.Errorf("a change after it is not: %+v", w.ratings(id))
		}
		forged := w.sandbox.CardSubmit(w.ctx, card, sam, "what_changed", map[string]any{"what_changed": "<b>"})
		w.fine(forged)
		if all := w.ratings(id); all[len(all)-1].WhatChanged != "" {
			t.Errorf("stored is %q", all[len(all)-1].WhatChanged)
		}
	})
}
