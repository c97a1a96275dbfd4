package main

import (
	"strings"
	"testing"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// What the note says in each mode, for a rating that went down and one that went up, with and without a remark.
func TestNoteModes(t *testing.T) {
	type told struct {
		mode      rating.NoteMode
		first     int
		score     int
		remark    string
		want, not []string
	}
	scores := []string{"😠", "Terrible", "😍", "Amazing", "of 5", "better", "worse", "went down", "🚨", "🎉", "same", "earlier"}
	eachWorld(t, func(w *world) {
		w.byHand()
		for _, test := range []told{
			{rating.NoteFull, 1, 5, "", []string{"<p>🎉 New rating: <b>😍 Amazing (5 of 5)</b> – <b>better</b> than the first, 😠 Terrible (1 of 5).</p>"}, []string{"🚨", "“"}},
			{rating.NoteFull, 5, 1, "Wet again", []string{"<h2>🚨 The rating went down</h2>", "<b>worse</b> than the first, 😍 Amazing (5 of 5)", "“Wet again”"}, []string{"🎉"}},
			{rating.NoteFull, 1, 1, "", []string{"<b>same</b> as the first"}, []string{"🚨", "🎉"}},
			{rating.NoteNoScore, 1, 5, "", []string{"The customer rated this conversation."}, scores},
			{rating.NoteNoScore, 5, 1, "Wet again", []string{"The customer rated this conversation.", "“Wet again”"}, scores},
			{rating.NoteNoScore, 0, 1, "", []string{"The customer rated this conversation."}, scores},
		} {
			w.set(func(s *models.Settings) { s.Note = test.mode; s.Windows.UndoMinutes = 1 })
			id := w.solved()
			if test.first > 0 {
				id = w.ratedNatively(test.first)
			}
			card := w.ask(id)
			w.tap(card, w.sam().ID, test.score)
			if test.remark != "" {
				w.remark(card, w.sam().ID, test.remark)
			}
			w.clock.Move(2 * time.Minute)
			note := w.settledNotes(id, 1)[0]
			for _, want := range test.want {
				if !strings.Contains(note, want) {
					t.Errorf("%+v: the note does not say %q: %s", test, want, note)
				}
			}
			for _, not := range test.not {
				if strings.Contains(note, not) {
					t.Errorf("%+v: the note says %q: %s", test, not, note)
				}
			}
		}
	})
}

// With notes switched off nothing is told, of a late remark neither; the rest is written.
func TestNotesSwitchedOff(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(func(s *models.Settings) { s.Note = rating.NoteOff })
		id := w.ratedNatively(2)
		card := w.ask(id)
		w.tap(card, w.sam().ID, 5)
		w.sync(id)
		w.remark(card, w.sam().ID, "Thank you")
		w.settledNotes(id, 0)
		if got := w.sandbox.Attributes(id)["Rating change"]; got != "better" {
			t.Errorf("the change is %v", got)
		}

		// Switched off between the tap and the job.
		w.set(func(s *models.Settings) { s.Note = rating.NoteFull })
		late := w.rerated()
		w.set(func(s *models.Settings) { s.Note = rating.NoteOff })
		w.settledNotes(late, 0)
		if note := w.writes(w.ours(late).ID)[models.Note]; note.State != models.Skipped || note.Detail == "" {
			t.Errorf("the note is %s: %s", note.State, note.Detail)
		}
	})
}

// A remark that comes while notes are without scores, or have been switched off since the first one.
func TestAFollowUpKeepsToTheMode(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(func(s *models.Settings) { s.Note = rating.NoteNoScore })
		id := w.ratedNatively(2)
		card := w.ask(id)
		w.tap(card, w.sam().ID, 5)
		w.settledNotes(id, 1)
		w.remark(card, w.sam().ID, "Thank you")
		if followUp := w.settledNotes(id, 2)[1]; !strings.Contains(followUp, "“Thank you”") || strings.Contains(followUp, "of 5") {
			t.Errorf("the follow-up says %s", followUp)
		}

		off := w.ratedNatively(2)
		card = w.ask(off)
		w.tap(card, w.sam().ID, 5)
		w.settledNotes(off, 1)
		w.remark(card, w.sam().ID, "Thank you")
		w.set(func(s *models.Settings) { s.Note = rating.NoteOff })
		w.settledNotes(off, 1)
	})
}

// Whatever customers and admins write stays text in the note.
func TestHostileTextStaysTextInTheNote(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		wording := map[string]any{}
		w.get("/wording", &wording)
		options := wording["options"].([]any)
		options[0].(map[string]any)["label"] = `<b>Bad</b>&amp;`
		options[4].(map[string]any)["label"] = `</p><img src=x onerror="a()">`
		w.call("PUT", "/wording", wording, 200)
		for _, test := range []struct{ remark, told string }{
			{`<script>alert("1")</script>`, `&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;`},
			{"one\r\ntwo\nthree", "one<br>two<br>three"},
			{`“quoted” and "quoted" and 'quoted'`, `“quoted” and &#34;quoted&#34; and &#39;quoted&#39;`},
			{"&lt;b&gt; is not bold", "&amp;lt;b&amp;gt; is not bold"},
			{"</p><h2>Close this conversation</h2>", "&lt;/p&gt;&lt;h2&gt;Close this conversation&lt;/h2&gt;"},
			{baseURL + "/ratings/1#remark", baseURL + "/ratings/1#remark"},
			{"[link](javascript:alert(1)) **bold** {{ user.email }}", "[link](javascript:alert(1)) **bold** {{ user.email }}"},
			{"tab\tand\u2028line\u202Eright to left", "tab\tand\u2028line\u202Eright to left"},
		} {
			id := w.solved()
			first := w.ask(id)
			w.tap(first, w.sam().ID, 1)
			w.settledNotes(id, 1)
			card := w.ask(id)
			w.tap(card, w.sam().ID, 5)
			w.remark(card, w.sam().ID, test.remark)
			note := w.settledNotes(id, 2)[1]
			labels := `<b>😍 &lt;/p&gt;&lt;img src=x onerror=&#34;a()&#34;&gt; (5 of 5)</b> – <b>better</b> than the first, 😠 &lt;b&gt;Bad&lt;/b&gt;&amp;amp; (1 of 5).`
			if !strings.Contains(note, labels) || !strings.Contains(note, "<p>“"+test.told+"”</p>") {
				t.Errorf("the note says %s", note)
			}
			w.settledNotes(id, 2)
		}
	})
}

// A remark that quotes the note's own link must not be taken for the note.
func TestTheNotesLinkInARemarkIsNoNote(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.solved()
		card := w.ask(id)
		w.tap(card, w.sam().ID, 2)
		link := baseURL + "/ratings/" + w.ours(id).ID
		_, err := w.sandbox.CustomerReply(id, w.sam().ID, "What is "+link+" and "+link+"#remark?")
		w.must(err)
		w.settledNotes(id, 1)
		w.remark(card, w.sam().ID, "Still wet.")
		w.settledNotes(id, 2)
	})
}
