package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"rerate/internal/intercom/canvas"
	"rerate/internal/intercom/intercomtest"
	"rerate/internal/intercom/intercomtest/canvastypes"
	"rerate/models"
)

// Every canvas that we answer is one that Intercom would show, by our own rules and by Intercom's types.
func TestIntercomTakesEveryCanvasOfOurs(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.byHand()
	canvases := map[string]canvas.Canvas{}
	for _, contact := range []string{"sam@example.com", "zoe@example.com", "omar@example.com"} {
		w.everyCanvas(w.contact(contact).ID)
	}
	for _, call := range w.sandbox.Calls() {
		var answer struct{ Canvas *canvas.Canvas }
		if call.Kind != intercomtest.KindCanvas || json.Unmarshal(call.Answer, &answer) != nil || answer.Canvas == nil {
			continue
		}
		name := fmt.Sprintf("%d %s", call.Number, call.Path)
		if err := answer.Canvas.Validate(); err != nil {
			t.Errorf("%s: %v in %s", name, err, call.Answer)
		}
		canvases[name] = *answer.Canvas
	}
	if len(canvases) < 60 {
		t.Errorf("there are only %d canvases", len(canvases))
	}
	canvastypes.Check(t, canvases)
}

// everyCanvas makes the app answer with each of its canvases for one contact.
func (w *world) everyCanvas(contact string) {
	w.t.Helper()
	start := func() string {
		c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: contact, Text: "Hello"})
		w.must(err)
		return c.ID
	}
	id := start()
	w.sandbox.InboxAppOpen(w.ctx, id, jane, "") // no rating yet
	card := w.ask(id)
	own := w.sandbox.AddContact(w.tenant.Workspace, intercomtest.Contact{Email: "jane@example.com"})
	w.tap(card, own.ID, 5)                                                                      // a teammate's own
	w.tap(card, contact, 2)                                                                     // saved, with a remark field
	w.press(card, contact, "send_remark", map[string]any{"remark": string(make([]byte, 6000))}) // refused
	w.press(card, contact, "change", nil)                                                       // the scale again
	w.clock.Move(time.Hour)
	w.tap(card, contact, 5)                                                                  // what changed?
	w.press(card, contact, "what_changed", map[string]any{"what_changed": "fixed"})          // saved
	w.remark(card, contact, "Thanks!")                                                       // thanks
	w.sandbox.InboxAppOpen(w.ctx, id, jane, "")                                              // the history
	w.sandbox.InboxAppSubmit(w.ctx, id, jane, "", "ask_again", nil)                          // with a notice
	w.sandbox.InboxAppSubmit(w.ctx, id, jane, "", "no_such_button", nil)                     // refused
	w.sandbox.CardSubmit(w.ctx, w.ask(start()), contact, "no_such_button", nil)              // cannot be used
	w.sandbox.CardSubmit(w.ctx, w.ask(start()), jane, "rating", map[string]any{"rating": 1}) // as an admin
	w.sandbox.OpenMessengerHome(w.ctx, contact)
	preview := w.sandbox.AddToWorkflow(w.ctx, w.tenant.Workspace, nil)
	w.fine(preview)
	w.tap(preview.Card.ID, contact, 3)

	w.set(func(s *models.Settings) { s.Windows.RateHours, s.Windows.ChangeHours = 1, 1 })
	late, tapped := w.ask(start()), w.ask(start())
	w.tap(tapped, contact, 4)
	w.clock.Move(2 * time.Hour)
	w.tap(late, contact, 4)                 // too late to rate
	w.press(tapped, contact, "change", nil) // too late to change
	w.set(func(s *models.Settings) { s.Windows.RateHours, s.Windows.ChangeHours = 0, 0 })

	wording := map[string]any{}
	w.get("/wording", &wording)
	remarks := wording["remarks"].(map[string]any)
	remarks["enabled"] = false
	w.call(http.MethodPut, "/wording", wording, http.StatusOK)
	w.tap(w.ask(start()), contact, 4) // thanks at once
	remarks["enabled"] = true
	w.call(http.MethodPut, "/wording", wording, http.StatusOK)

	gone := start()
	goneCard := w.ask(gone)
	w.must(w.sandbox.DeleteConversation(gone))
	w.sandbox.Deliver(w.ctx)
	w.tap(goneCard, contact, 4)
	for _, step := range []string{"conversation", "home", "operator"} {
		w.sandbox.ConfigureCard(w.ctx, w.tenant.Workspace, jane, step, nil, "", nil)
	}
}
