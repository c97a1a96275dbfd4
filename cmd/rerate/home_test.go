package main

import (
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/canvas"
	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// reachable starts the app again at an address that Intercom can reach: a live canvas names one.
func (w *world) reachable() {
	w.t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(w.ctx, "tcp", "127.0.0.1:0")
	w.must(err)
	address := listener.Addr().String()
	w.must(listener.Close())
	w.environment["RERATE_BASE_URL"] = "http://" + address
	w.restart("RERATE_ADDR", address)
}

// closed is a conversation of a contact that a teammate answered and closed, and that has been read. It is too short
// to be asked by itself.
func (w *world) closed(contact, subject string) string {
	w.t.Helper()
	n := intercomtest.Start{Contact: contact, Text: "My tent leaks.", Subject: subject}
	if subject != "" {
		n.Channel = "email"
	}
	c, err := w.sandbox.NewConversation(n)
	w.must(err)
	w.clock.Move(time.Minute)
	w.closeAgain(c.ID)
	return c.ID
}

// closeAgain has Jane answer and close, and the close read.
func (w *world) closeAgain(id string) {
	w.t.Helper()
	_, err := w.sandbox.AdminReply(id, jane, "<p>A new one is on its way.</p>")
	w.must(err)
	w.clock.Move(time.Minute)
	_, err = w.sandbox.Close(id, jane)
	w.must(err)
	w.sandbox.Deliver(w.ctx)
	w.sync(id)
	w.clock.Move(time.Hour)
}

func (w *world) emailOf(admin string) string {
	for _, a := range w.sandbox.Admins(intercomtest.DefaultWorkspace) {
		if a.ID == admin {
			return a.Email
		}
	}
	w.t.Fatalf("the sandbox has no teammate %s", admin)
	return ""
}

func (w *world) home(contact string) intercomtest.CanvasResult {
	w.t.Helper()
	r := w.sandbox.OpenMessengerHome(w.ctx, contact)
	w.fine(r)
	return r
}

func (w *world) feedback(f models.FeedbackFilter) []models.Feedback {
	w.t.Helper()
	all, err := w.tenant.Feedback(w.ctx, f, nil, 100)
	w.must(err)
	return all
}

const offered = "Rate your last conversation"

// The whole way: a look asks nobody, a tap rates, the next look offers nothing until the conversation is closed again.
func TestMessengerHomeOffersTheLastConversation(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.reachable()
		sam, zoe := w.sam().ID, w.contact("zoe@example.com").ID
		w.closed(sam, "")
		id := w.closed(sam, "My  tent\nleaks")
		look := w.home(sam)
		if got := texts(look.Shown); !strings.Contains(got, offered) || !strings.Contains(got, "“My tent leaks” · 2 March 2026") || !strings.Contains(got, "😍 Amazing") {
			t.Errorf("Home shows %q", got)
		}
		if got := texts(w.home(zoe).Shown); strings.Contains(got, "tent") || !strings.Contains(got, "Donnez-nous votre avis") {
			t.Errorf("to Zoë Home shows %q", got)
		}
		if asked := w.reached(id); len(asked) != 0 {
			t.Errorf("a look has asked: %+v", asked)
		}

		rated := w.tap(look.Card.ID, sam, 2)
		if got := texts(rated.Shown); !strings.Contains(got, "Your answer is saved.") {
			t.Errorf("after the tap the card says %q", got)
		}
		all, asked := w.ratings(id), w.reached(id)
		if len(all) != 1 || !all[0].Valid() || all[0].Source != models.FromHome || all[0].Score != 2 || all[0].Integrity != models.ByMessenger {
			t.Fatalf("the ratings are %+v", all)
		}
		if len(asked) != 1 || asked[0].State != "rated" || asked[0].ContactID != sam || asked[0].SeenAt == nil {
			t.Errorf("the requests are %+v", asked)
		}
		if again := w.sandbox.Replay(w.ctx, rated.Call, ""); again.Status != http.StatusOK || !strings.Contains(string(again.Answer), "Your answer is saved.") {
			t.Errorf("the same tap again is answered %d %s", again.Status, again.Answer)
		}
		w.notes(id, 1)
		w.remark(look.Card.ID, sam, "Still wet.")
		w.notes(id, 2)

		if got := texts(w.home(sam).Shown); strings.Contains(got, offered) || !strings.Contains(got, "Tell us what you think") {
			t.Errorf("afterwards Home shows %q", got)
		}
		w.sandbox.Replay(w.ctx, rated.Call, "")
		_, err := w.sandbox.CustomerReply(id, sam, "It leaks again.")
		w.must(err)
		w.closeAgain(id)
		second := w.home(sam)
		if got := texts(second.Shown); !strings.Contains(got, offered) {
			t.Errorf("closed again Home shows %q", got)
		}
		if again := w.sandbox.Replay(w.ctx, rated.Call, ""); again.Status != http.StatusOK || len(w.ratings(id)) != 1 {
			t.Errorf("the first tap, sent again for another offer, is answered %d %s and has left %+v", again.Status, again.Answer, w.ratings(id))
		}
		w.tap(second.Card.ID, sam, 5)
		if all := w.ratings(id); len(all) != 2 || all[1].Change != "better" || all[0].Remark != "Still wet." {
			t.Errorf("the ratings are %+v", all)
		}
	})
}

// reached are the requests that reached a customer.
func (w *world) reached(conversation string) (reached []models.Request) {
	w.t.Helper()
	all, err := w.tenant.RequestsOf(w.ctx, conversation)
	w.must(err)
	for _, r := range all {
		if r.State.Asked() {
			reached = append(reached, r)
		}
	}
	return reached
}

// What may not be rated is not offered, and not taken from somebody who was offered it before.
func TestMessengerHomeOffersNothingElse(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.reachable()
		sam := w.sam().ID
		id := w.closed(sam, "")
		look := w.home(sam)
		none := func(why string) {
			t.Helper()
			if got := texts(w.home(sam).Shown); strings.Contains(got, offered) {
				t.Errorf("%s: Home shows %q", why, got)
			}
			late := w.sandbox.CardSubmit(w.ctx, look.Card.ID, sam, "rating", map[string]any{"rating": "4"})
			w.fine(late)
			if got := texts(late.Shown); !strings.Contains(got, "too late") {
				t.Errorf("%s: a tap is answered %q", why, got)
			}
			if n := len(w.ratings(id)); n != 0 {
				t.Fatalf("%s: %d ratings", why, n)
			}
			look = intercomtest.CanvasResult{Card: w.fresh(sam)}
		}
		w.set(func(s *models.Settings) { s.Windows.RateHours = 1 })
		none("the time to rate is over")
		w.set(func(s *models.Settings) { s.Windows.RateHours = 0; s.TestMode = true })
		none("test mode")
		w.set(func(s *models.Settings) { s.TestMode = false; s.Ask.SuppressTags = []string{"vip"} })
		_, err := w.sandbox.Tag(id, jane, "VIP")
		w.must(err)
		w.sync(id)
		none("a tag")
		w.set(func(s *models.Settings) { s.Ask.SuppressTags = nil })
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.SetDoNotAsk(id, true) }))
		none("a teammate said no")
	})
}

// fresh is a look at Home's live card that was made before anything changed: its copy is still the live one.
func (w *world) fresh(contact string) intercomtest.Card {
	return w.sandbox.OpenMessengerHome(w.ctx, contact).Card
}

// Somebody without a conversation, or whom nobody knows, can write to the team. It is stored once, reaches the list and
// no figure.
func TestOpenFeedbackOnMessengerHome(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.reachable()
		var before, after any
		w.get("/summary?from=2026-01-01&to=2026-12-31", &before)
		zoe, ben := w.contact("zoe@example.com").ID, w.contact("ben@example.com").ID
		look := w.home(ben)
		if got := texts(look.Shown); !strings.Contains(got, "Sagen Sie uns Ihre Meinung") || !strings.Contains(got, "Ihre Worte an das Team") {
			t.Errorf("Home shows %q", got)
		}
		empty := w.press(look.Card.ID, ben, "send_feedback", map[string]any{"feedback": "  ", "feedback_score": ""})
		if got := texts(empty.Shown); !strings.Contains(got, "Bitte schreiben Sie etwas") {
			t.Errorf("an empty form is answered %q", got)
		}
		long := strings.Repeat("ß", 5001)
		refused := w.press(look.Card.ID, ben, "send_feedback", map[string]any{"feedback": long, "feedback_score": "4"})
		if got := texts(refused.Shown); !strings.Contains(got, "zu lang") || !strings.Contains(got, long) || chosenScore(refused.Shown) != "4" {
			t.Errorf("a long text is answered %.200q", got)
		}
		sent := w.press(look.Card.ID, ben, "send_feedback", map[string]any{"feedback": "Mehr Zelte!", "feedback_score": "4"})
		if got := texts(sent.Shown); !strings.Contains(got, "Vielen Dank") {
			t.Errorf("it is answered %q", got)
		}
		if again := w.sandbox.Replay(w.ctx, sent.Call, ""); again.Status != http.StatusOK || !strings.Contains(string(again.Answer), "Vielen Dank") {
			t.Errorf("the same again is answered %d %s", again.Status, again.Answer)
		}
		w.press(w.home(zoe).Card.ID, zoe, "send_feedback", map[string]any{"feedback": "", "feedback_score": "1"})
		all := w.feedback(models.FeedbackFilter{})
		if len(all) != 2 {
			t.Fatalf("stored are %+v", all)
		}
		if f := all[1]; f.Text != "Mehr Zelte!" || f.Score != 4 || f.Scale != 5 || f.Label != "Good" || f.ContactID != ben || f.Source != models.FromHome || f.Locale != "de" || f.ConversationID != "" {
			t.Errorf("stored is %+v", f)
		}
		w.get("/summary?from=2026-01-01&to=2026-12-31", &after)
		if !sameFigures(before, after) {
			t.Errorf("the figures were %v, are %v", before, after)
		}
	})
}

func sameFigures(before, after any) bool { return reflect.DeepEqual(before, after) }

func chosenScore(c *canvas.Content) string {
	for _, part := range c.Components {
		if s, ok := part.(canvas.SingleSelect); ok && s.Value != "" {
			return s.Value
		}
	}
	return ""
}

// A teammate who looks at Home is shown what customers see and nothing of anybody, and is not counted.
func TestTeammatesAndStrangersOnMessengerHome(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.reachable()
		sam := w.sam().ID
		id := w.closed(sam, "Secret matter")
		w.home(sam)
		own := w.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{Name: "Jane", Email: w.emailOf(jane)}).ID
		visitor := w.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{Role: "lead", Locale: "ar"}).ID
		look := w.home(own)
		if got := texts(look.Shown); strings.Contains(got, "Secret") || !strings.Contains(got, "This is a preview") {
			t.Errorf("to a teammate Home shows %q", got)
		}
		for component, values := range map[string]map[string]any{"rating": {"rating": "1"}, "send_feedback": {"feedback": "mine"}} {
			r := w.press(w.home(own).Card.ID, own, component, values)
			if got := texts(r.Shown); !strings.Contains(got, "teammate here") {
				t.Errorf("a teammate's %s is answered %q", component, got)
			}
		}
		stranger := w.home(visitor)
		if got := texts(stranger.Shown); !strings.Contains(got, "أخبرنا برأيك") {
			t.Errorf("to a visitor Home shows %q", got)
		}
		w.press(stranger.Card.ID, visitor, "rating", map[string]any{"rating": "1"}) // not offered
		w.press(w.home(visitor).Card.ID, visitor, "send_feedback", map[string]any{"feedback": "شكرا"})
		nobody := w.press(w.home(sam).Card.ID, "", "rating", map[string]any{"rating": "1"})
		if got := texts(nobody.Shown); !strings.Contains(got, "Open a conversation") {
			t.Errorf("nobody's tap is answered %q", got)
		}
		if len(w.ratings(id)) != 0 || len(w.feedback(models.FeedbackFilter{})) != 1 {
			t.Errorf("stored are %+v and %+v", w.ratings(id), w.feedback(models.FeedbackFilter{}))
		}
		for _, forged := range []string{"0", "6", "five", ""} {
			w.press(w.home(sam).Card.ID, sam, "rating", map[string]any{"rating": forged})
		}
		if len(w.ratings(id)) != 0 || len(w.reached(id)) != 0 {
			t.Errorf("a score off the scale has stored %+v, %+v", w.ratings(id), w.reached(id))
		}
	})
}

// Without an address that Intercom can call there is no live card.
func TestHomeWithoutASafeAddress(t *testing.T) {
	eachWorld(t, func(w *world) {
		home := w.sandbox.OpenMessengerHome(w.ctx, w.sam().ID)
		if got := texts(home.Shown); home.Problem != "" || !strings.Contains(got, "Open a conversation to rate it") {
			t.Errorf("Home shows %q, %s", got, home.Problem)
		}
	})
}
