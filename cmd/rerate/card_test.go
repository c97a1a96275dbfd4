package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/canvas"
	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

func TestACardIsAnsweredWhileIntercomHangs(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand() // what is counted below can only be the card's own path
		sam := w.sam().ID
		id := w.ratedNatively(2)
		card := w.ask(id)
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Hang})
		before := w.calls.n.Load()
		w.tap(card, sam, 1)
		w.press(card, sam, "change", nil)
		w.tap(card, sam, 5)
		w.remark(card, sam, "All good now.")
		w.ask(w.solved())
		if n := w.calls.n.Load() - before; n != 0 {
			t.Errorf("the card's path made %d calls to Intercom", n)
		}
		if got := len(w.ratings(id)); got != 2 {
			t.Errorf("there are %d ratings", got)
		}
		w.sandbox.Behave()
		last := w.settledNotes(id, 2)[1]
		if !strings.Contains(last, "“All good now.”") {
			t.Errorf("the last note says %s", last)
		}
	})
}

func TestUndoIsNotAChangeOfMind(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.sam().ID
		w.set(func(s *models.Settings) { s.Windows.UndoMinutes = 1 })
		id := w.solved()
		card := w.ask(id)
		w.tap(card, sam, 1)
		w.clock.Move(59 * time.Second)
		w.press(card, sam, "change", nil)
		w.tap(card, sam, 5)
		w.clock.Move(59 * time.Second)
		w.settledNotes(id, 0)
		w.clock.Move(time.Second) // the undo time of the second choice is over
		note := w.settledNotes(id, 1)[0]
		if !strings.Contains(note, "Amazing") || !strings.Contains(note, "no earlier rating") {
			t.Errorf("the note says %s", note)
		}
		all := w.ratings(id)
		if len(all) != 2 || all[0].WhyNot != models.Undone || !all[1].Valid() || all[1].Change != "first" {
			t.Errorf("the ratings are %+v", all)
		}

		// At the very end of the undo time a new choice is a change of mind.
		w.press(card, sam, "change", nil)
		changed := w.tap(card, sam, 3)
		if !strings.Contains(texts(changed.Shown), "It is still broken") {
			t.Errorf("the card does not ask what changed: %q", texts(changed.Shown))
		}
		w.press(card, sam, "what_changed", map[string]any{"what_changed": "still_broken"})
		all = w.ratings(id)
		if len(all) != 3 || !all[1].Valid() || all[2].Change != "worse" || all[2].WhatChanged != "still_broken" {
			t.Errorf("the ratings are %+v", all)
		}
	})
}

func TestWindowsCloseKindly(t *testing.T) {
	eachWorld(t, func(w *world) {
		sam := w.sam().ID
		w.set(func(s *models.Settings) { s.Windows.RateHours, s.Windows.ChangeHours = 2, 1 })
		late, inTime := w.ask(w.solved()), w.ask(w.solved())
		w.clock.Move(2*time.Hour - 6*time.Minute)
		w.tap(inTime, sam, 4)
		w.clock.Move(time.Hour)
		if answer := w.tap(late, sam, 4); !strings.Contains(texts(answer.Shown), "too late to rate") {
			t.Errorf("the late card says %q", texts(answer.Shown))
		}
		if answer := w.press(inTime, sam, "change", nil); !strings.Contains(texts(answer.Shown), "too late to change") {
			t.Errorf("the rated card says %q", texts(answer.Shown))
		}
	})
}

func TestALateRemarkIsOneFollowUpNoteAndAnEarlyOneIsInTheNote(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.sam().ID
		w.set(func(s *models.Settings) { s.Windows.UndoMinutes = 1 })
		early, late := w.solved(), w.solved()
		earlyCard, lateCard := w.ask(early), w.ask(late)
		w.tap(earlyCard, sam, 2)
		w.remark(earlyCard, sam, "Still wet inside.")
		note := w.notes(early, 1)[0]
		if !strings.Contains(note, "“Still wet inside.”") {
			t.Errorf("the note does not quote the remark: %s", note)
		}
		w.tap(lateCard, sam, 2)
		w.clock.Move(time.Minute)
		w.settledNotes(late, 1)
		w.clock.Move(time.Hour)
		w.remark(lateCard, sam, "It dripped again.")
		if followUp := w.notes(late, 2)[1]; !strings.Contains(followUp, "“It dripped again.”") {
			t.Errorf("the follow-up says %s", followUp)
		}
		w.clock.Move(time.Hour)
		w.settledNotes(early, 1)
	})
}

func TestACardIsForItsOwnConversationOnly(t *testing.T) {
	eachWorld(t, func(w *world) {
		sam := w.sam().ID
		id, other := w.solved(), w.solved()
		card := w.ask(id)
		tapped := w.tap(card, sam, 3)
		var body map[string]any
		w.must(json.Unmarshal(tapped.Call.Request, &body))

		forged := func(change func(map[string]any)) intercomtest.Call {
			var copied map[string]any
			w.must(json.Unmarshal(tapped.Call.Request, &copied))
			change(copied)
			raw, err := json.Marshal(copied)
			w.must(err)
			call := tapped.Call
			call.Request = raw
			return w.sandbox.Replay(w.ctx, call, "")
		}
		for name, change := range map[string]func(map[string]any){
			"another conversation": func(b map[string]any) { b["context"].(map[string]any)["conversation_id"] = other },
			"another workspace":    func(b map[string]any) { b["workspace_id"] = "b86dr8yl" },
			"no state":             func(b map[string]any) { delete(b["current_canvas"].(map[string]any), "stored_data") },
			"a changed state": func(b map[string]any) {
				stored := b["current_canvas"].(map[string]any)["stored_data"].(map[string]any)
				stored["state"] = "A" + stored["state"].(string)
			},
			"a score off the scale": func(b map[string]any) { b["input_values"] = map[string]any{"rating": "6"} },
			"no score":              func(b map[string]any) { b["input_values"] = map[string]any{} },
			"an unknown button":     func(b map[string]any) { b["component_id"] = "delete_everything" },
		} {
			answer := forged(change)
			var response canvas.SubmitResponse
			if answer.Status != http.StatusOK || json.Unmarshal(answer.Answer, &response) != nil || response.Validate() != nil {
				t.Errorf("%s: answered %d %s", name, answer.Status, answer.Answer)
			}
		}
		// A context without a conversation is fine: the state says which one is meant.
		if answer := forged(func(b map[string]any) { delete(b["context"].(map[string]any), "conversation_id") }); answer.Status != http.StatusOK {
			t.Errorf("without a conversation: answered %d", answer.Status)
		}
		if got := len(w.ratings(id)) + len(w.ratings(other)); got != 1 {
			t.Errorf("there are %d ratings", got)
		}
	})
}

func TestAuthoringShowsAPreviewAndStoresNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		result := w.sandbox.AddToWorkflow(w.ctx, intercomtest.DefaultWorkspace, nil)
		w.fine(result)
		if !strings.Contains(texts(result.Shown), "preview") || !strings.Contains(texts(result.Shown), "Amazing") {
			t.Errorf("the preview shows %q", texts(result.Shown))
		}
		tapped := w.tap(result.Card.ID, w.sam().ID, 5)
		if !strings.Contains(texts(tapped.Shown), "preview") {
			t.Errorf("a tap on the preview shows %q", texts(tapped.Shown))
		}
		var requests struct{ Items []any }
		w.get("/requests", &requests)
		if len(requests.Items) != 0 {
			t.Errorf("there are requests: %v", requests.Items)
		}
	})
}

func TestTheCardSpeaksTheCustomersLanguage(t *testing.T) {
	eachWorld(t, func(w *world) {
		wording := map[string]any{}
		w.get("/wording", &wording)
		wording["locales"] = map[string]any{"fr": map[string]any{
			"question": "Notez encore une fois", "labels": []string{"Affreux", "Mauvais", "Moyen", "Bien", "Génial"},
			"remarks": map[string]any{"label": "Un mot ?"}, "thanks": map[string]any{"positive": "Merci mille fois !"},
		}}
		w.call(http.MethodPut, "/wording", wording, http.StatusOK)
		zoe := w.contact("zoe@example.com")
		c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: zoe.ID, Text: "Bonjour"})
		w.must(err)
		card := w.ask(c.ID)
		saved := w.tap(card, zoe.ID, 5)
		for _, want := range []string{"Notez encore une fois", "😍 Génial", "Un mot ?", "Envoyer"} {
			if !strings.Contains(texts(saved.Shown), want) {
				t.Errorf("the French card does not say %q: %q", want, texts(saved.Shown))
			}
		}
		if thanks := w.remark(card, zoe.ID, "Parfait"); !strings.Contains(texts(thanks.Shown), "Merci mille fois !") {
			t.Errorf("the thanks are %q", texts(thanks.Shown))
		}
	})
}

// Emoji of several code points, right-to-left text and characters of four bytes come back as they went in.
func TestTextsComeBackByteForByte(t *testing.T) {
	eachWorld(t, func(w *world) {
		sam := w.sam().ID
		const (
			family = "👨‍👩‍👧‍👦"
			flag   = "🏴󠁧󠁢󠁳󠁣󠁴󠁿"
			keycap = "1️⃣"
			skin   = "👍🏽"
			remark = "شكرًا جزيلاً 𝒻ür 🏳️‍🌈 = \"all\", 'fine'\n=HYPERLINK(1)"
		)
		wording := map[string]any{}
		w.get("/wording", &wording)
		wording["question"] = "كيف كانت المحادثة؟ 𠜎"
		wording["options"] = []map[string]any{
			{"score": 1, "emoji": keycap, "label": "سيئ"},
			{"score": 2, "emoji": flag, "label": "𝓸𝓴"},
			{"score": 3, "emoji": skin, "label": "جيد"},
			{"score": 4, "emoji": family, "label": "ممتاز"},
		}
		w.call(http.MethodPut, "/wording", wording, http.StatusOK)
		id := w.solved()
		card := w.ask(id)
		saved := w.tap(card, sam, 4)
		for _, want := range []string{"كيف كانت المحادثة؟ 𠜎", keycap + " سيئ", flag + " 𝓸𝓴", skin + " جيد", family + " ممتاز"} {
			if !strings.Contains(texts(saved.Shown), want) {
				t.Errorf("the card does not say %q: %q", want, texts(saved.Shown))
			}
		}
		w.notes(id, 1)
		w.remark(card, sam, remark)
		notes := strings.Join(w.notes(id, 2), "\n")
		if !strings.Contains(notes, family+" ممتاز (4 of 4)") || !strings.Contains(notes, "شكرًا جزيلاً 𝒻ür 🏳️‍🌈") {
			t.Errorf("the notes are %s", notes)
		}
		var list struct {
			Items []struct{ Emoji, Label, Remark string }
		}
		w.get("/ratings", &list)
		if len(list.Items) != 1 || list.Items[0].Emoji != family || list.Items[0].Label != "ممتاز" || list.Items[0].Remark != remark {
			t.Errorf("the API answers %+v", list.Items)
		}
		csv := string(w.call(http.MethodGet, "/ratings.csv", nil, http.StatusOK))
		if !strings.Contains(csv, family) || !strings.Contains(csv, "شكرًا جزيلاً 𝒻ür 🏳️‍🌈 = \"\"all\"\", 'fine'\n=HYPERLINK(1)") {
			t.Errorf("the CSV is %s", csv)
		}
	})
}

func TestARequestThatNobodyAnsweredIsUsedAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.solved()
		w.ask(id)
		w.ask(id)
		requests, err := w.tenant.RequestsOf(w.ctx, id)
		if err != nil || len(requests) != 1 {
			t.Errorf("there are %d requests, %v", len(requests), err)
		}
	})
}

func TestTestModeIsMarkedAndLeftOut(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.TestMode = true })
		id := w.solved()
		w.tap(w.ask(id), w.sam().ID, 5)
		if note := w.notes(id, 1)[0]; !strings.Contains(note, "Test rating") {
			t.Errorf("the note says %s", note)
		}
		all := w.ratings(id)
		if len(all) != 1 || all[0].WhyNot != models.Test || len(w.sandbox.Attributes(id)) != 0 {
			t.Errorf("the ratings are %+v, the attributes %v", all, w.sandbox.Attributes(id))
		}
	})
}

func TestStopDuringALeaseGivesItBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.solved()
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Hang})
		w.tap(w.ask(id), w.sam().ID, 5)
		w.until("the job hangs", func() bool { return w.sandbox.Hanging() > 0 })
		stopping, cancel := context.WithTimeout(w.ctx, 10*time.Millisecond)
		defer cancel()
		_ = w.app.queue.Stop(stopping) // the deadline has passed: running jobs are cancelled
		w.sandbox.Behave()
		w.settledNotes(id, 1)
	})
}
