package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// enough is a message that is longer than the default rules want.
var enough = strings.Repeat("tent ", 60)

// answered is a conversation of Sam's, long enough to be asked, that Jane has answered and not closed.
func (w *world) answered(change ...func(*intercomtest.Start)) string {
	w.t.Helper()
	start := intercomtest.Start{Contact: w.sam().ID, Text: enough}
	for _, c := range change {
		c(&start)
	}
	c, err := w.sandbox.NewConversation(start)
	w.must(err)
	w.reply(c.ID, jane)
	return c.ID
}

// close closes a conversation a minute later and lets Rerate learn of it by webhook.
func (w *world) close(id string) {
	w.t.Helper()
	w.step(func() error { _, err := w.sandbox.Close(id, jane); return err })
	w.deliver(id)
}

// reopened has the customer write again, and Jane answer.
func (w *world) reopened(id string) {
	w.t.Helper()
	w.customerReply(id)
	w.reply(id, jane)
	w.deliver(id)
}

// ledger is each row of a conversation in short, oldest first: episode, state, rule, and a star for one that no episode
// has.
func (w *world) ledger(id string) string {
	w.t.Helper()
	var all []string
	for _, r := range w.requests(id) {
		row := fmt.Sprintf("%d %s %s", r.Episode, r.State, r.Rule)
		if r.ClosedAt == nil {
			row = "*" + row
		}
		all = append(all, strings.TrimSpace(row))
	}
	return strings.Join(all, ", ")
}

func (w *world) wantLedger(id, want string) {
	w.t.Helper()
	if got := w.ledger(id); got != want {
		w.t.Errorf("the ledger says %q, want %q", got, want)
	}
}

func (w *world) requests(id string) []models.Request {
	w.t.Helper()
	all, err := w.tenant.RequestsOf(w.ctx, id)
	w.must(err)
	slices.SortStableFunc(all, func(a, b models.Request) int { return a.Episode - b.Episode })
	return all
}

// asks are the messages with which Rerate has asked in a conversation: comments with links, or buttons.
func (w *world) asks(id string) []intercomtest.Part {
	w.t.Helper()
	c, _ := w.sandbox.Conversation(id)
	var found []intercomtest.Part
	for _, p := range c.Parts {
		if strings.Contains(p.Body, baseURL+"/r/") || len(p.QuickReplies) > 0 {
			found = append(found, p)
		}
	}
	return found
}

func (w *world) wantAsks(id string, want int) {
	w.t.Helper()
	if got := len(w.asks(id)); got != want {
		w.t.Errorf("the customer was asked %d times, want %d", got, want)
	}
}

// choose answers the newest buttons of a conversation.
func (w *world) choose(id string, score int) {
	w.t.Helper()
	buttons := w.sandbox.QuickReplies(id)
	if len(buttons) < score {
		w.t.Fatalf("the conversation offers %d buttons", len(buttons))
	}
	w.step(func() error {
		_, err := w.sandbox.TakeQuickReply(id, w.sam().ID, buttons[score-1].UUID)
		return err
	})
	w.deliver(id)
}

func byQuickReply(s *models.Settings) { s.Ask.ChatMethod = rating.AskByQuickReply }

func (w *world) state(id string) string {
	c, _ := w.sandbox.Conversation(id)
	return c.State
}

// Close, asked; opened again, closed again, asked again: each close has its row, and the older question makes room.
func TestACloseIsAskedAndTheNextOneAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.answered()
		w.deliver(id)
		w.wantLedger(id, "")
		w.close(id)
		w.wantLedger(id, "1 sent")
		w.wantAsks(id, 1)
		first := w.requests(id)[0]
		if first.TeammateID != jane || first.CreditRule != rating.LastHumanReply || first.Method != models.ByLink || first.ContactID != w.sam().ID {
			t.Errorf("the request is %+v", first)
		}
		if !first.Facts.TeammateReplied || first.Facts.Characters < 250 {
			t.Errorf("the facts are %+v", first.Facts)
		}
		w.sync(id)
		w.sync(id)
		w.wantAsks(id, 1)

		w.reopened(id)
		w.wantLedger(id, "1 sent")
		w.close(id)
		w.wantLedger(id, "1 expired replaced, 2 sent")
		w.wantAsks(id, 2)
		if w.state(id) != "closed" {
			t.Errorf("the conversation is %s", w.state(id))
		}
	})
}

// A customer is asked in the language that Intercom knows of them, in links and in buttons, and the question above the
// buttons is known again as ours.
func TestAnAskInTheCustomersLanguage(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		var wording rating.Wording
		w.get("/wording", &wording)
		wording.Locales["fr"] = rating.Translation{Question: "Ça va mieux ?", Labels: []string{"Nul", "Mauvais", "Moyen", "Bien", "Super"}}
		w.call(http.MethodPut, "/wording", wording, http.StatusOK)
		zoe := w.contact("zoe@example.com").ID
		hers := func(s *intercomtest.Start) { s.Contact = zoe }

		byLink := w.answered(hers)
		w.deliver(byLink)
		w.must(w.app.service.Profile(w.ctx, jobs.Profile{Workspace: w.tenant.Workspace, Contact: zoe}))
		w.close(byLink)
		if asks := w.asks(byLink); len(asks) != 1 || !strings.Contains(asks[0].Body, "Ça va mieux ?") || !strings.Contains(asks[0].Body, "Super") {
			t.Errorf("asked with %+v", asks)
		}

		w.set(byQuickReply)
		byButtons := w.answered(hers)
		w.close(byButtons)
		w.sync(byButtons)
		asks := w.asks(byButtons)
		if len(asks) != 1 || len(asks[0].QuickReplies) != 5 || !strings.HasSuffix(asks[0].QuickReplies[4].Text, "Super") {
			t.Errorf("asked with %+v", asks)
		}
		c, _ := w.sandbox.Conversation(byButtons)
		questions := 0
		for _, p := range c.Parts {
			if strings.Contains(p.Body, "Ça va mieux ?") {
				questions++
			}
		}
		if questions != 1 {
			t.Errorf("the question stands there %d times", questions)
		}
		w.wantLedger(byButtons, "1 sent")
	})
}

// The story with buttons: the answer opens the conversation, which is closed again, and that is no episode.
func TestQuickRepliesWithoutALoop(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(byQuickReply)
		id := w.answered()
		w.close(id)
		w.wantLedger(id, "1 sent")
		w.wantAsks(id, 1)
		w.choose(id, 2)
		if got := w.told(id); got != "quick_reply 2 first" || w.state(id) != "closed" {
			t.Errorf("the ratings are %s, the conversation is %s", got, w.state(id))
		}
		for range 3 {
			w.clock.Move(time.Hour)
			w.deliver(id)
		}
		w.wantLedger(id, "1 rated")
		w.wantAsks(id, 1)

		w.reopened(id)
		w.close(id)
		w.wantLedger(id, "1 rated, 2 sent")
		w.choose(id, 5)
		w.deliver(id)
		w.wantLedger(id, "1 rated, 2 rated")
		if got := w.told(id); got != "quick_reply 2 first, quick_reply 5 better" || w.state(id) != "closed" {
			t.Errorf("the ratings are %s, the conversation is %s", got, w.state(id))
		}
		if notes := w.settledNotes(id, 2); !strings.Contains(notes[1], "better") {
			t.Errorf("the note says %s", notes[1])
		}
		if r := w.ratings(id)[1]; r.Integrity != models.ByMessenger || r.ContactID != w.sam().ID || r.TeammateID != jane {
			t.Errorf("the rating is %+v", r)
		}
	})
}

// Whoever writes on after the tap on a button has opened the conversation after all.
func TestAnAnswerAndThenAMessageIsAnEpisode(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(byQuickReply)
		id := w.answered()
		w.close(id)
		buttons := w.sandbox.QuickReplies(id)
		w.step(func() error { _, err := w.sandbox.TakeQuickReply(id, w.sam().ID, buttons[0].UUID); return err })
		w.customerReply(id)
		w.deliver(id)
		if w.state(id) != "open" || w.told(id) != "quick_reply 1 first" {
			t.Errorf("the conversation is %s, the ratings are %s", w.state(id), w.told(id))
		}
		w.reply(id, tomas)
		w.close(id)
		w.wantLedger(id, "1 rated, 2 sent")
	})
}

// A comment of ours may open a closed conversation, as Intercom's documents leave open: it is closed again.
func TestAnAskThatOpensTheConversation(t *testing.T) {
	for _, method := range []rating.ChatMethod{rating.AskByLink, rating.AskByQuickReply} {
		t.Run(string(method), func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				w.set(func(s *models.Settings) { s.Ask.ChatMethod = method })
				id := w.answered()
				w.close(id)
				for range 3 {
					w.clock.Move(time.Minute)
					w.deliver(id)
				}
				w.wantLedger(id, "1 sent")
				w.wantAsks(id, 1)
				if w.state(id) != "closed" {
					t.Errorf("the conversation is %s", w.state(id))
				}
				w.reopened(id)
				w.close(id)
				w.clock.Move(time.Minute)
				w.deliver(id)
				w.wantLedger(id, "1 expired replaced, 2 sent")
			}, func(o *intercomtest.Options) { o.Quirks.AdminCommentReopens = true })
		})
	}
}

// What is to be sent later is taken back when the conversation is opened or snoozed before, or when a rule says no by
// then.
func TestADelayedAsk(t *testing.T) {
	for name, test := range map[string]struct {
		meanwhile func(w *world, id string)
		want      string
		asks      int
	}{
		"nothing happens":     {func(*world, string) {}, "1 sent", 1},
		"the customer writes": {func(w *world, id string) { w.customerReply(id) }, "1 cancelled reopened", 0},
		"a teammate opens it": {func(w *world, id string) { w.step(func() error { _, err := w.sandbox.Reopen(id, jane); return err }) }, "1 cancelled reopened", 0},
		"a teammate snoozes it": {func(w *world, id string) {
			w.step(func() error { _, err := w.sandbox.Snooze(id, jane, w.clock.Now().Add(time.Hour)); return err })
		}, "1 cancelled snoozed", 0},
		"a tag": {func(w *world, id string) {
			w.step(func() error { _, err := w.sandbox.Tag(id, jane, "Fraud"); return err })
		}, "1 cancelled suppress_tags", 0},
		"Intercom asks": {func(w *world, id string) {
			w.must2(w.sandbox.RequestNativeRating(id))
			w.must(w.sandbox.RateNatively(id, w.sam().ID, 3, ""))
		}, "1 cancelled asked_by_intercom", 0},
		"a teammate asks":      {func(w *world, id string) { w.ask(id) }, "1 cancelled asked_by_hand, *1 sent", 0},
		"a setting is changed": {func(w *world, _ string) { w.set(func(s *models.Settings) { s.Ask.Automatic = false }) }, "1 cancelled automatic", 0},
		"a note is written": {func(w *world, id string) {
			w.step(func() error { _, err := w.sandbox.AdminNote(id, jane, "<p>Hm.</p>"); return err })
		}, "1 sent", 1},
		"it is deleted": {func(w *world, id string) { w.must(w.sandbox.DeleteConversation(id)); w.sandbox.Deliver(w.ctx) }, "1 cancelled deleted", 0},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				w.set(func(s *models.Settings) { s.Ask.DelayMinutes = 30 })
				id := w.answered()
				w.close(id)
				w.wantLedger(id, "1 scheduled")
				test.meanwhile(w, id)
				w.clock.Move(30 * time.Minute)
				w.deliver(id)
				w.wantLedger(id, test.want)
				w.wantAsks(id, test.asks)
			})
		})
	}
}

func (w *world) must2(_ any, err error) { w.t.Helper(); w.must(err) }

// A card that a teammate sends before the close is the episode's request: nobody is asked twice.
func TestACardByHandBeforeTheClose(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.answered()
		card := w.ask(id)
		w.close(id)
		w.wantLedger(id, "1 sent")
		w.wantAsks(id, 0)
		if r := w.requests(id)[0]; r.Automatic || !r.Facts.AskedByHand {
			t.Errorf("the row is %+v", r)
		}
		w.tap(card, w.sam().ID, 4)
		w.sync(id)
		w.wantLedger(id, "1 rated")
		w.reopened(id)
		w.close(id)
		w.wantLedger(id, "1 rated, 2 sent")
	})
}

// Episodes that were over before Rerate saw them have rows too, and are not asked.
func TestEpisodesThatNobodyToldOf(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.answered()
		w.sandbox.MisbehaveWebhooks(intercomtest.WebhookFault{Kind: intercomtest.Lose})
		for range 2 {
			w.step(func() error { _, err := w.sandbox.Close(id, jane); return err })
			w.customerReply(id)
			w.reply(id, jane)
		}
		w.step(func() error { _, err := w.sandbox.Close(id, jane); return err })
		w.sync(id) // as the poll does
		w.wantLedger(id, "")
		w.must(w.app.store.Tenant(w.tenant.Workspace).Write(w.ctx, func(tx *models.Tx) error { _, err := tx.Conversation(id); return err }))
		w.sync(id)
		w.wantLedger(id, "1 cancelled reopened, 2 cancelled reopened, 3 sent")
		w.wantAsks(id, 1)
	})
}

// What was closed before Rerate was connected is never asked about.
func TestACloseBeforeTheInstallation(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.answered()
		w.step(func() error { _, err := w.sandbox.Close(id, jane); return err })
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.Uninstall() }))
		w.clock.Move(time.Hour)
		w.must2(w.app.service.Connect(w.ctx, w.sandbox.Install(intercomtest.DefaultWorkspace, jane)))
		w.deliver(id)
		w.wantLedger(id, "1 suppressed before_install")
		w.reopened(id)
		w.close(id)
		w.wantLedger(id, "1 suppressed before_install, 2 sent")

		// A refused access is no new installation.
		later := w.answered()
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.TokenInvalid() }))
		w.step(func() error { _, err := w.sandbox.Close(later, jane); return err })
		w.clock.Move(time.Hour)
		w.must2(w.app.service.Connect(w.ctx, w.sandbox.Install(intercomtest.DefaultWorkspace, jane)))
		w.deliver(later)
		w.wantLedger(later, "1 sent")
	})
}

// Test mode asks test contacts only; what it asks is a test for ever, and what was asked before it is not.
func TestTestMode(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(byQuickReply)
		before := w.answered()
		w.close(before)
		w.set(func(s *models.Settings) { s.TestMode = true; s.TestContacts = []string{"ZOE@example.com"} })
		stranger := w.answered()
		w.close(stranger)
		w.wantLedger(stranger, "1 suppressed test_mode")
		zoe := w.contact("zoe@example.com").ID
		tried := w.answered(func(s *intercomtest.Start) { s.Contact = zoe })
		w.close(tried)
		w.wantLedger(tried, "1 sent")
		w.set(func(s *models.Settings) { s.TestMode = false })
		w.step(func() error {
			_, err := w.sandbox.TakeQuickReply(tried, zoe, w.sandbox.QuickReplies(tried)[4].UUID)
			return err
		})
		w.deliver(tried)
		if r := w.ratings(tried)[0]; r.WhyNot != models.Test {
			t.Errorf("the test's rating is %+v", r)
		}
		w.set(func(s *models.Settings) { s.TestMode = true })
		w.choose(before, 4)
		if r := w.ratings(before)[0]; r.WhyNot != models.Valid {
			t.Errorf("the rating of a request from before is %+v", r)
		}
	})
}

// Nobody answers: the request ends with its window, also when nothing else happens.
func TestARequestExpires(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(func(s *models.Settings) { s.Windows.RateHours = 24; byQuickReply(s) })
		id := w.answered()
		w.close(id)
		w.clock.Move(24*time.Hour - time.Second)
		w.must(w.app.service.CatchUp(w.ctx, jobs.CatchUp{}))
		w.wantLedger(id, "1 sent")
		w.clock.Move(time.Second)
		w.must(w.app.service.CatchUp(w.ctx, jobs.CatchUp{}))
		w.wantLedger(id, "1 expired")
		w.choose(id, 5)
		if got := w.told(id); got != "" {
			t.Errorf("a late answer is stored: %s", got)
		}
		w.wantLedger(id, "1 expired")
	})
}

// The customer's Workflow shows the card: Rerate says when, by an attribute, and records.
func TestAWorkflowsCard(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(func(s *models.Settings) { s.Ask.ChatMethod = rating.AskByWorkflowCard })
		quiet := w.answered()
		w.close(quiet) // makes the attribute
		w.fine(w.sandbox.SetWorkflow(w.ctx, intercomtest.DefaultWorkspace, intercomtest.Workflow{Attribute: "Ask for rating", Is: true, Wait: 2 * time.Minute}))
		short := w.solved()
		id := w.answered()
		w.close(id)
		w.deliver(short)
		w.wantLedger(id, "1 scheduled")
		w.wantLedger(short, "1 suppressed min_characters")
		if got := w.sandbox.Attributes(id)["Ask for rating"]; got != true {
			t.Errorf("the attribute is %v", got)
		}
		w.clock.Move(2 * time.Minute)
		shown := w.sandbox.RunWorkflows(w.ctx)
		if len(shown) != 1 {
			t.Fatalf("%d cards are shown", len(shown))
		}
		w.fine(shown[0])
		w.wantLedger(id, "1 sent")
		w.tap(shown[0].Card.ID, w.sam().ID, 5)
		w.deliver(id)
		w.wantLedger(id, "1 rated")
		if got := w.sandbox.Attributes(id)["Ask for rating"]; got != false {
			t.Errorf("afterwards the attribute is %v", got)
		}
		if got := w.told(id); got != "card 5 first" {
			t.Errorf("the ratings are %s", got)
		}
		w.clock.Move(3*24*time.Hour + time.Minute)
		w.sync(quiet)
		w.wantLedger(quiet, "1 failed")
		if r := w.requests(quiet)[0]; !strings.Contains(r.Detail, "No Workflow") || w.sandbox.Attributes(quiet)["Ask for rating"] != false {
			t.Errorf("the row is %+v", r)
		}
	})
}

// A teammate asks by hand, from Rerate.
func TestAskNow(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		ask := func(id string) error {
			_, err := w.app.service.AskNow(w.ctx, w.tenant.Workspace, id, tomas)
			return err
		}
		id := w.solved()
		w.must(ask(id))
		w.must(ask(id)) // a second click before the job
		w.sync(id)
		w.wantAsks(id, 1)
		w.wantLedger(id, "1 sent")
		if err := ask(id); err == nil || !strings.Contains(err.Error(), "less than a minute") {
			t.Errorf("asked again at once: %v", err)
		}
		w.clock.Move(time.Minute)
		w.must(ask(id))
		w.sync(id)
		w.wantLedger(id, "1 expired replaced, *1 sent")
		w.wantAsks(id, 2)
		if err := ask("404404404404404"); err == nil || !strings.Contains(err.Error(), "does not know") {
			t.Errorf("asked in a conversation that is not there: %v", err)
		}
		w.must(w.sandbox.DeleteConversation(id))
		w.sandbox.Deliver(w.ctx)
		w.clock.Move(time.Hour)
		if err := ask(id); err == nil || !strings.Contains(err.Error(), "deleted") {
			t.Errorf("asked in a deleted conversation: %v", err)
		}

		// What waits for its time is sent at once.
		w.set(func(s *models.Settings) { s.Ask.DelayMinutes = 60 })
		waits := w.answered()
		w.close(waits)
		w.must(ask(waits))
		w.sync(waits)
		w.wantLedger(waits, "1 sent")
		if r := w.requests(waits)[0]; r.Automatic || r.AskedBy != tomas {
			t.Errorf("the row is %+v", r)
		}
		w.set(func(s *models.Settings) { s.TestMode = true })
		if err := ask(w.answered()); err == nil || !strings.Contains(err.Error(), "Test mode") {
			t.Errorf("asked a customer in test mode: %v", err)
		}
	})
}
