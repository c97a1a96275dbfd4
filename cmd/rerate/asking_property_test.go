package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// plainEpisode is what the plain model knows of a stretch of a conversation.
type plainEpisode struct {
	opened, closed time.Time // closed is zero while it is open
	row            string    // state and rule of its row; empty: undecided
	due            time.Time
	byHand         bool // its row is the teammate's card
	question       bool // the question above its buttons is in the conversation
	arrived        bool // an ask of it is in the conversation
	askedAt        time.Time
	tapped         bool
}

// plainTalk is the plain model of one conversation: what should be true, without webhooks, jobs and storage.
type plainTalk struct {
	episodes []*plainEpisode
	snoozed  map[int]bool // the stretch began with a snooze
	delay    time.Duration
	buttons  bool      // the workspace asks with buttons
	tapOpen  time.Time // an answer has opened the conversation, and nobody has done anything since
	handAt   time.Time // when a teammate sent a card, once
	handEnd  string    // what has become of that card
}

func (m *plainTalk) last() *plainEpisode { return m.episodes[len(m.episodes)-1] }

// acts is that somebody writes or opens; whatever an answer has opened is a stretch then.
func (m *plainTalk) acts(now time.Time, snoozes bool) {
	if m.last().closed.IsZero() {
		return
	}
	if !m.tapOpen.IsZero() {
		now, snoozes = m.tapOpen, false
	}
	m.tapOpen = time.Time{}
	m.snoozed[len(m.episodes)] = snoozes
	m.episodes = append(m.episodes, &plainEpisode{opened: now})
}

// closes is that a teammate closes; what only an answer has opened is no stretch.
func (m *plainTalk) closes(now time.Time) {
	m.tapOpen = time.Time{}
	if e := m.last(); e.closed.IsZero() {
		e.closed = now
	}
}

// isByHand reports whether the teammate's card was sent in an episode.
func (m *plainTalk) isByHand(i int) bool {
	return !m.handAt.IsZero() && !m.handAt.Before(m.episodes[i].opened) &&
		(i == len(m.episodes)-1 || m.handAt.Before(m.episodes[i+1].opened))
}

// sees is that the job reads the conversation at a time.
func (m *plainTalk) sees(now time.Time) {
	for i, e := range m.episodes {
		if e.row == "scheduled" && e.arrived {
			m.asked(i, now)
		}
		if e.tapped && (e.row == "sent" || strings.HasPrefix(e.row, "expired")) {
			e.row = "rated"
		}
	}
	for i, e := range m.episodes {
		if e.closed.IsZero() || e.row != "" && e.row != "scheduled" {
			continue
		}
		reopened := i < len(m.episodes)-1
		switch {
		case e.row == "" && m.isByHand(i):
			e.row, e.byHand = m.handEnd, true
		case reopened && m.snoozed[i+1]:
			e.row = "cancelled snoozed"
		case reopened:
			e.row = "cancelled reopened"
		case e.row == "scheduled" && m.isByHand(i):
			e.row = "cancelled asked_by_hand"
		case m.lately(e.closed) >= rating.DailyCap && e.row == "":
			e.row = "suppressed daily_cap"
		case m.lately(e.closed) >= rating.DailyCap:
			e.row = "cancelled daily_cap"
		case e.row == "":
			e.row, e.due = "scheduled", e.closed.Add(m.delay)
		}
	}
}

func (m *plainTalk) lately(closed time.Time) (n int) {
	for _, e := range m.episodes {
		if !e.askedAt.IsZero() && e.askedAt.After(closed.Add(-24*time.Hour)) {
			n++
		}
	}
	if !m.handAt.IsZero() && m.handAt.After(closed.Add(-24*time.Hour)) {
		n++
	}
	return n
}

// asked is that Rerate knows that an episode was asked: what was open until then makes room.
func (m *plainTalk) asked(i int, now time.Time) {
	for j, e := range m.episodes {
		if e.row == "sent" && j != i {
			e.row = "expired replaced"
		}
	}
	if m.handEnd == "sent" {
		m.handEnd = "expired replaced"
	}
	m.episodes[i].row, m.episodes[i].askedAt, m.episodes[i].arrived = "sent", now, true
}

// due is the episode that is to be asked now.
func (m *plainTalk) toAsk(now time.Time) (int, bool) {
	for i, e := range m.episodes {
		if e.row == "scheduled" && !e.due.After(now) && !e.arrived {
			return i, true
		}
	}
	return 0, false
}

// rows is the ledger as it should be.
func (m *plainTalk) rows() string {
	var all []string
	for i, e := range m.episodes {
		row := e.row
		if e.byHand {
			row = m.handEnd
		}
		if row != "" {
			all = append(all, fmt.Sprintf("%d %s", i+1, row))
		}
	}
	return strings.Join(all, ", ")
}

// happenings is one conversation in Intercom, in Rerate and in the plain model.
type happenings struct {
	*rapid.T
	w     *world
	id    string
	plain *plainTalk
	lost  bool // news were lost: only a poll can help
	since time.Time
}

func (h *happenings) state() string { return h.w.state(h.id) }

func (h *happenings) customerWrites() {
	h.w.step(func() error { _, err := h.w.sandbox.CustomerReply(h.id, h.w.sam().ID, "Hello?"); return err })
	h.plain.acts(h.w.clock.Now(), false)
}

func (h *happenings) teammateReplies() {
	if h.state() == "closed" {
		h.Skip("a reply does not open")
	}
	h.w.reply(h.id, tomas)
	h.plain.acts(h.w.clock.Now(), false)
}

func (h *happenings) teammateNotes() {
	h.w.step(func() error { _, err := h.w.sandbox.AdminNote(h.id, jane, "<p>Hm.</p>"); return err })
}

func (h *happenings) teammateOpens() {
	if h.state() != "closed" {
		h.Skip("it is open")
	}
	h.w.step(func() error { _, err := h.w.sandbox.Reopen(h.id, jane); return err })
	h.plain.acts(h.w.clock.Now(), false)
}

func (h *happenings) teammateSnoozes() {
	if h.state() == "snoozed" {
		h.Skip("it is snoozed")
	}
	h.w.step(func() error { _, err := h.w.sandbox.Snooze(h.id, jane, h.w.clock.Now().Add(900*days)); return err })
	h.plain.acts(h.w.clock.Now(), true)
}

func (h *happenings) teammateCloses() {
	if h.state() == "closed" {
		h.Skip("it is closed")
	}
	h.w.step(func() error { _, err := h.w.sandbox.Close(h.id, jane); return err })
	h.plain.closes(h.w.clock.Now())
}

// teammateAsks puts the card into a reply, once.
func (h *happenings) teammateAsks() {
	if !h.plain.handAt.IsZero() || h.state() == "closed" || !h.plain.tapOpen.IsZero() {
		h.Skip("not now")
	}
	h.w.clock.Move(time.Minute)
	h.plain.handAt, h.plain.handEnd = h.w.clock.Now(), "sent"
	h.w.ask(h.id)
}

// customerTaps answers the newest buttons, once.
func (h *happenings) customerTaps() {
	i := slices.IndexFunc(h.plain.episodes, func(e *plainEpisode) bool { return e.arrived && !e.tapped })
	for j, e := range h.plain.episodes {
		if e.arrived {
			i = j
		}
	}
	buttons := h.w.sandbox.QuickReplies(h.id)
	if i < 0 || h.plain.episodes[i].tapped || len(buttons) == 0 {
		h.Skip("nothing to tap")
	}
	wasClosed := h.state() == "closed"
	h.w.step(func() error { _, err := h.w.sandbox.TakeQuickReply(h.id, h.w.sam().ID, buttons[3].UUID); return err })
	h.plain.episodes[i].tapped = true
	if wasClosed {
		h.plain.tapOpen = h.w.clock.Now()
	}
}

func (h *happenings) timePasses() {
	h.w.clock.Move(time.Duration(rapid.IntRange(1, 600).Draw(h.T, "minutes")) * time.Minute)
}

// news are the webhooks that wait: in order, twice, backwards or lost.
func (h *happenings) news() {
	kind := rapid.SampledFrom([]string{"", intercomtest.Twice, intercomtest.Backwards, intercomtest.Lose}).Draw(h.T, "webhooks")
	if kind != "" {
		h.w.sandbox.MisbehaveWebhooks(intercomtest.WebhookFault{Kind: kind})
	}
	h.lost = h.lost || kind == intercomtest.Lose && h.w.sandbox.Waiting() > 0
	h.w.sandbox.Deliver(h.w.ctx)
	h.w.sandbox.Behave()
}

// jobRuns is that the queue works on the conversation, if anything has put a job in.
func (h *happenings) jobRuns() {
	if h.waiting() == 0 {
		h.Skip("no job waits")
	}
	h.run()
}

// run is the job, which may be hit by a mishap, and the same again if it was.
func (h *happenings) run() {
	before := h.jobs()
	mishap := rapid.SampledFrom([]string{"", "", "", "read", "before", "after"}).Draw(h.T, "mishap")
	const reply = "/conversations/*/reply"
	switch mishap {
	case "read":
		h.w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Method: http.MethodGet, Path: "/conversations/[0-9]*", Times: 1})
	case "before":
		h.w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Method: http.MethodPost, Path: reply, Times: 1})
	case "after":
		h.w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Reset, AfterWork: true, Method: http.MethodPost, Path: reply, Times: 1})
	}
	err := h.w.try(h.w.ctx, h.id)
	now := h.w.clock.Now()
	rest, _ := h.w.sandbox.Faults()
	hit := mishap != "" && len(rest) == 0
	h.w.sandbox.Behave()
	if mishap == "read" && hit {
		if err == nil {
			h.Error("a job that could not read ends well")
		}
		return // the job stays, as the queue keeps it
	}
	h.drop(before)
	h.plain.sees(now)
	if i, ok := h.plain.toAsk(now); ok {
		switch {
		case !hit:
			h.plain.asked(i, now)
		case mishap == "after" && h.plain.buttons && !h.plain.episodes[i].question:
			h.plain.episodes[i].question = true // the first of two calls
		case mishap == "after":
			h.plain.episodes[i].arrived = true
		}
	}
	h.plain.tapOpen = time.Time{} // it is closed again
	h.isRight()
	h.w.clock.Move(5 * time.Minute)
}

// The jobs of the conversation that wait, by id. A job that was put in for now carries the real time, which is after
// every time of the test's clock.
func (h *happenings) jobs() []int64 {
	db, err := h.w.app.store.SQL()
	h.w.must(err)
	rows, err := db.QueryContext(h.w.ctx, fmt.Sprintf("SELECT id, scheduled_at FROM river_job WHERE kind = 'sync' AND CAST(args AS TEXT) LIKE '%%%s%%'", h.id))
	h.w.must(err)
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		var at any
		h.w.must(rows.Scan(&id, &at))
		when, ok := at.(time.Time)
		if !ok {
			when, err = time.Parse("2006-01-02 15:04:05.999999999", strings.TrimSuffix(fmt.Sprint(at), "Z"))
			h.w.must(err)
		}
		if !when.After(h.w.clock.Now()) || when.After(h.since) {
			ids = append(ids, id)
		}
	}
	h.w.must(rows.Err())
	return ids
}

func (h *happenings) waiting() int { return len(h.jobs()) }

func (h *happenings) drop(ids []int64) {
	db, err := h.w.app.store.SQL()
	h.w.must(err)
	for _, id := range ids {
		_, err := db.ExecContext(h.w.ctx, fmt.Sprintf("DELETE FROM river_job WHERE id = %d", id))
		h.w.must(err)
	}
}

// found is that a poll has seen that the conversation was changed.
func (h *happenings) found() {
	h.w.must(h.w.tenant.Write(h.w.ctx, func(tx *models.Tx) error { _, err := tx.Conversation(h.id); return err }))
}

// isRight compares the ledger with the model, and wants no question twice for an episode.
func (h *happenings) isRight() {
	if got := h.withoutHand(); got != h.plain.rows() {
		h.Fatalf("the ledger says %q, the model %q", got, h.plain.rows())
	}
	if closed := h.plain.tapOpen.IsZero() && !h.plain.last().closed.IsZero(); closed != (h.state() == "closed") {
		h.Fatalf("the conversation is %s, the model says closed %t", h.state(), closed)
	}
	asked := 0
	for _, e := range h.plain.episodes {
		if e.arrived {
			asked++
		}
	}
	if got := len(h.w.asks(h.id)); got != asked {
		h.Fatalf("the customer was asked %d times, the model says %d", got, asked)
	}
}

// withoutHand is the ledger's rows of episodes.
func (h *happenings) withoutHand() string {
	var rows []string
	for row := range strings.SplitSeq(h.w.ledger(h.id), ", ") {
		if !strings.HasPrefix(row, "*") && row != "" {
			rows = append(rows, row)
		}
	}
	return strings.Join(rows, ", ")
}

// Any order, repetition and loss of what happens ends as the plain model says, and no episode is asked twice.
func TestWhateverHappensAnEpisodeIsAskedOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		since := time.Now().Add(-time.Hour)
		rapid.Check(w.t.(*testing.T), func(rt *rapid.T) {
			buttons, delay := rapid.Bool().Draw(rt, "buttons"), rapid.SampledFrom([]int{0, 0, 90}).Draw(rt, "delay")
			w.set(func(s *models.Settings) {
				s.Ask.RequireTeammateReply, s.Ask.MaxPerConversation, s.Ask.MaxDaysSinceReply, s.Ask.DelayMinutes = false, 0, 0, delay
				s.Ask.ChatMethod, s.Note = rating.AskByLink, rating.NoteOff
				if buttons {
					byQuickReply(s)
				}
			})
			if w.clock.Now().After(since.Add(-30 * days)) {
				w.clock.Set(modelstest.Start.Add(time.Hour))
			}
			id := w.answered()
			c, _ := w.sandbox.Conversation(id)
			h := &happenings{T: rt, w: w, id: id, since: since, plain: &plainTalk{
				episodes: []*plainEpisode{{opened: c.CreatedAt}}, snoozed: map[int]bool{}, buttons: buttons, delay: time.Duration(delay) * time.Minute,
			}}
			rt.Repeat(map[string]func(*rapid.T){
				"the customer writes": func(*rapid.T) { h.customerWrites() },
				"the customer taps":   func(*rapid.T) { h.customerTaps() },
				"a teammate replies":  func(*rapid.T) { h.teammateReplies() },
				"a teammate notes":    func(*rapid.T) { h.teammateNotes() },
				"a teammate opens":    func(*rapid.T) { h.teammateOpens() },
				"a teammate snoozes":  func(*rapid.T) { h.teammateSnoozes() },
				"a teammate closes":   func(*rapid.T) { h.teammateCloses() },
				"it is closed":        func(*rapid.T) { h.teammateCloses() },
				"a teammate asks":     func(*rapid.T) { h.teammateAsks() },
				"time passes":         func(*rapid.T) { h.timePasses() },
				"webhooks":            func(*rapid.T) { h.news() },
				"the job runs":        func(*rapid.T) { h.jobRuns() },
				"the job runs again":  func(*rapid.T) { h.jobRuns() },
				"the poll":            func(*rapid.T) { h.found(); h.run() },
			})
			h.settle()
		})
	}, manyCalls)
}

// settle delivers what is left and lets the jobs run until none waits; then the ledger is as the model says.
func (h *happenings) settle() {
	h.w.sandbox.Behave()
	h.w.sandbox.Deliver(h.w.ctx)
	poll := h.lost
	if poll {
		h.found()
	}
	for range 6 {
		if h.waiting() == 0 && !poll {
			h.w.clock.Move(2 * time.Hour)
			if h.waiting() == 0 {
				continue
			}
		}
		poll = false
		before := h.jobs()
		h.w.must(h.w.try(h.w.ctx, h.id))
		h.drop(before)
		h.plain.sees(h.w.clock.Now())
		if i, ok := h.plain.toAsk(h.w.clock.Now()); ok {
			h.plain.asked(i, h.w.clock.Now())
		}
		h.plain.tapOpen = time.Time{}
		h.w.sandbox.Deliver(h.w.ctx)
		h.w.clock.Move(2 * time.Hour)
	}
	h.isRight()
}
