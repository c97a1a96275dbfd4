package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/rating"
	"rerate/models"
)

// beside is what the sidebar says, opened anew.
func (w *world) beside(conversation string) string {
	w.t.Helper()
	r := w.sandbox.InboxAppOpen(w.ctx, conversation, jane, "")
	w.fine(r)
	return texts(r.Shown)
}

// use presses a button of the sidebar as it stands.
func (w *world) use(conversation, component string, values map[string]any) intercomtest.CanvasResult {
	w.t.Helper()
	r := w.sandbox.InboxAppSubmit(w.ctx, conversation, jane, "", component, values)
	w.fine(r)
	return r
}

func (w *world) tells(shown string, wanted ...string) {
	w.t.Helper()
	for _, want := range wanted {
		if !strings.Contains(shown, want) {
			w.t.Errorf("it does not say %q: %q", want, shown)
		}
	}
}

func TestTheSidebarSaysWhyAnEpisodeWasNotAsked(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.closed(w.sam().ID, "")
		shown := w.beside(id)
		w.tells(shown, "Asked or not", "Not asked. The conversation is too short.", "Episode 1, closed 2 Mar 2026, 09:02", "No rating in this conversation yet.")
		w.set(func(s *models.Settings) { s.Ask.MinCharacters, s.Ask.DelayMinutes = 0, 90 })
		_, err := w.sandbox.CustomerReply(id, w.sam().ID, "And the pole?")
		w.must(err)
		w.closeAgain(id)
		w.tells(w.beside(id), "Will be asked 2 Mar 2026, 11:33 by link.", "Episode 2, closed 2 Mar 2026, 10:03", "Episode 1")
	})
}

// Sending a link is one ask, however often the button's body arrives.
func TestSendLinkFromTheSidebar(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.closed(w.sam().ID, "")
		w.beside(id)
		w.byHand()
		before := w.calls.n.Load()
		sent := w.use(id, "send_link", nil)
		if n := w.calls.n.Load() - before; n != 0 {
			t.Errorf("the button made %d calls to Intercom", n)
		}
		w.tells(texts(sent.Shown), "*The link goes out in a moment.", "close the conversation as usual", "Will be asked 2 Mar 2026", "by link, by Jane Agent")
		w.sync(id)
		links := func() (n int) {
			c, _ := w.sandbox.Conversation(id)
			for _, p := range c.Parts {
				if strings.Contains(p.Body, "/r/") {
					n++
				}
			}
			return n
		}
		if links() != 1 {
			t.Fatalf("%d comments hold links", links())
		}
		w.tells(w.beside(id), "Asked 2 Mar 2026", "by link, by Jane Agent. There is no answer yet.")
		w.clock.Move(time.Hour)
		again := w.sandbox.Replay(w.ctx, sent.Call, "")
		if again.Status != http.StatusOK || !strings.Contains(string(again.Answer), "has been asked meanwhile") {
			t.Errorf("the same again is answered %d %s", again.Status, again.Answer)
		}
		w.sync(id)
		if links() != 1 {
			t.Errorf("after the same again %d comments hold links", links())
		}
		twice := w.use(id, "send_link", nil) // on the sidebar that shows the first ask: a second one, wanted
		w.tells(texts(twice.Shown), "The link goes out in a moment.")
		w.sync(id)
		if links() != 2 {
			t.Errorf("after a second one %d comments hold links", links())
		}
	})
}

func TestSendLinkIsRefusedInWords(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.closed(w.sam().ID, "")
		w.set(func(s *models.Settings) { s.TestMode = true })
		w.beside(id)
		w.tells(texts(w.use(id, "send_link", nil).Shown), "Test mode is on", "Ask again")
		odd := w.sandbox.InboxAppSubmit(w.ctx, id, jane, "", "unknown", nil)
		if odd.Call.Status != http.StatusOK {
			t.Errorf("an unknown button is answered %d", odd.Call.Status)
		}
	})
}

// A teammate can keep a conversation from being asked, which takes back what waits, and undo it.
func TestDontAskFromTheSidebar(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.Ask.MinCharacters, s.Ask.DelayMinutes = 0, 600 })
		id := w.closed(w.sam().ID, "")
		w.tells(w.beside(id), "Will be asked", "Don't ask by itself")
		said := w.use(id, "dont_ask", nil)
		w.tells(texts(said.Shown), "*Rerate will not ask in this conversation by itself.", "a teammate said so", "Ask by itself again")
		w.sync(id)
		w.tells(w.beside(id), "taken back before it was sent. A teammate said not to ask in this conversation.")
		for range 2 {
			w.tells(texts(w.use(id, "may_ask", nil).Shown), "asks in this conversation by itself again", "Don't ask by itself")
		}
		c, err := w.tenant.Conversation(w.ctx, id)
		w.must(err)
		if c.DoNotAsk {
			t.Error("it is still not to be asked")
		}
	})
}

// What a teammate writes down reaches the list once, with its conversation, and no figure. What is wrong loses nothing.
func TestRecordFeedbackFromTheSidebar(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.closed(w.sam().ID, "")
		w.beside(id)
		var before, after any
		w.get("/summary?from=2026-01-01&to=2026-12-31", &before)
		w.tells(texts(w.use(id, "record_feedback", nil).Shown), "What they said", "Category", "Save feedback", "Back")
		w.tells(texts(w.use(id, "back", nil).Shown), "Ratings", "Record feedback")
		w.use(id, "record_feedback", nil)
		wrong := w.use(id, "save_feedback", map[string]any{"feedback_text": " Poles bend. ", "feedback_category": "", "feedback_score": "2"})
		w.tells(texts(wrong.Shown), "Choose a category.", "Poles bend.", "Save feedback")
		if chosenScore(wrong.Shown) != "2" {
			t.Error("the score is lost")
		}
		wrong = w.use(id, "save_feedback", map[string]any{"feedback_text": "", "feedback_category": "problem"})
		w.tells(texts(wrong.Shown), "Write down what the customer said.", "problem")
		saved := w.use(id, "save_feedback", map[string]any{"feedback_text": "Poles bend.", "feedback_category": "problem", "feedback_score": "2"})
		w.tells(texts(saved.Shown), "*The feedback is saved in the [list]("+baseURL+"/ratings/feedback).", "Ratings")
		w.sandbox.Replay(w.ctx, saved.Call, "")
		all := w.feedback(models.FeedbackFilter{Conversation: id})
		if len(all) != 1 {
			t.Fatalf("stored are %+v", all)
		}
		if f := all[0]; f.Text != "Poles bend." || f.Category != "problem" || f.Score != 2 || f.Source != models.FromTeammate ||
			f.TeammateID != jane || f.TeammateName != "Jane Agent" || f.ContactID != w.sam().ID {
			t.Errorf("stored is %+v", f)
		}
		if len(w.ratings(id)) != 0 {
			t.Errorf("the ratings are %+v", w.ratings(id))
		}
		w.get("/summary?from=2026-01-01&to=2026-12-31", &after)
		if !sameFigures(before, after) {
			t.Errorf("the figures were %v, are %v", before, after)
		}
	})
}

// A low rating that nobody has asked about waits, and the sidebar says for what; without scores it says nothing.
func TestTheSidebarsRecoveryQueue(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		other := w.ratedNatively(1)
		w.sandbox.Deliver(w.ctx)
		w.sync(other)
		id := w.ratedNatively(2)
		w.sandbox.Deliver(w.ctx)
		w.sync(id)
		_, err := w.sandbox.CustomerReply(id, w.sam().ID, "Still wet!")
		w.must(err)
		w.sync(id)
		w.tells(w.beside(id), "Low rating", "Nobody has replied since the low rating", "1 other waits. [See them]("+baseURL+"/ratings/waiting)")
		w.clock.Move(time.Minute)
		_, err = w.sandbox.AdminReply(id, jane, "<p>A new one is on its way.</p>")
		w.must(err)
		w.sync(id)
		w.tells(w.beside(id), "Close the conversation when it is solved")
		w.clock.Move(time.Minute)
		_, err = w.sandbox.Close(id, jane)
		w.must(err)
		w.sync(id)
		w.tells(w.beside(id), "✅ Ready to ask again")
		w.set(func(s *models.Settings) { s.Note = rating.NoteNoScore })
		if shown := w.beside(id); strings.Contains(shown, "ow rating") || strings.Contains(shown, "of 5") {
			t.Errorf("without scores the sidebar says %q", shown)
		}
		w.set(func(s *models.Settings) { s.Note, s.TestMode = rating.NoteFull, true })
		w.ask(id)
		w.tells(w.beside(id), "Low rating", "1 other waits.") // a test asks nobody
		w.set(func(s *models.Settings) { s.TestMode = false })
		w.beside(other)
		w.use(other, "dont_ask", nil)
		if shown := w.beside(other); strings.Contains(shown, "Low rating") {
			t.Errorf("where nobody is to be asked the sidebar says %q", shown)
		}
		if shown := w.beside(id); !strings.Contains(shown, "Low rating") || strings.Contains(shown, "waits.") {
			t.Errorf("with no other that waits the sidebar says %q", shown)
		}
		w.ask(id)
		if shown := w.beside(id); strings.Contains(shown, "Low rating") {
			t.Errorf("after the ask the sidebar says %q", shown)
		}
		w.use(other, "may_ask", nil)
		w.clock.Move(100 * 24 * time.Hour)
		w.tells(w.beside(other), "Low rating")
		fresh := w.ratedNatively(1)
		w.sandbox.Deliver(w.ctx)
		w.sync(fresh)
		w.tells(w.beside(other), "1 other waits.") // the list goes back 90 days, and so does the count
	})
}
