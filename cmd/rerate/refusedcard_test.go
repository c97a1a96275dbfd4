package main

import (
	"strings"
	"testing"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// A card is one for everybody in the conversation, and what answers a tap takes its place. A tap that is not counted
// must leave a card that the customer can still use.
func TestACardOutlivesATapThatIsNotCounted(t *testing.T) {
	for name, tapInVain := range map[string]func(w *world, card string){
		"a teammate's tap": func(w *world, card string) {
			own := w.sandbox.AddContact(w.tenant.Workspace, intercomtest.Contact{Name: "Jane", Email: "jane@example.com"})
			for range 2 {
				if answer := w.tap(card, own.ID, 5); strings.Count(texts(answer.Shown), "You are a teammate") != 1 {
					w.t.Errorf("the card says %q", texts(answer.Shown))
				}
			}
		},
		"a tap while Rerate is uninstalled": func(w *world, card string) {
			w.sandbox.Uninstall(w.ctx, w.tenant.Workspace)
			w.tap(card, w.sam().ID, 5)
			w.signedIn(jane)
		},
		"a tap while the database is away": func(w *world, card string) {
			w.must(w.app.queue.Stop(w.ctx))
			w.must(w.app.store.Close())
			answer := w.tap(card, w.sam().ID, 5)
			if !strings.Contains(texts(answer.Shown), "try again") {
				w.t.Errorf("the card says %q", texts(answer.Shown))
			}
			w.restart("RERATE_SECRET_KEY", secretKey)
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				id := w.solved()
				card := w.ask(id)
				tapInVain(w, card)
				if got := w.ratings(id); len(got) != 0 {
					t.Errorf("stored were %+v", got)
				}
				w.tap(card, w.sam().ID, 2)
				w.sync(id)
				if got := w.ratings(id); len(got) != 1 || got[0].Score != 2 || got[0].WhyNot != models.Valid {
					shown, _ := w.sandbox.Card(card)
					t.Errorf("then the customer taps, the card says %q, and stored are %+v", texts(shown.Shown()), got)
				}
			})
		})
	}
}
