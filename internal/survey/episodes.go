package survey

import (
	"slices"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// episode is one stretch of a conversation from open to close, or the one that is open now.
type episode struct {
	Number   int
	OpenedAt time.Time
	ClosedAt time.Time       // zero: it is open
	Snoozed  bool            // it began with somebody who snoozed a closed conversation
	Parts    []intercom.Part // since the close before it, its own close included
}

func (e episode) closed() bool { return !e.ClosedAt.IsZero() }

// course is a conversation cut into its episodes, oldest first.
type course struct {
	Episodes []episode
	OnlyOurs bool // it is open, and nothing but our ask or the answer to it has opened it
}

// newest is the newest closed episode, unless the conversation has been opened since.
func (c course) newest() (episode, bool) {
	if n := len(c.Episodes); n > 0 && c.Episodes[n-1].closed() {
		return c.Episodes[n-1], true
	}
	return episode{}, false
}

// at is the episode that was under way, or the last one to be over, at a time.
func (c course) at(when time.Time) (found episode, ok bool) {
	when = when.Truncate(time.Second) // Intercom's times have no more
	for _, e := range c.Episodes {
		if !e.OpenedAt.After(when) || !ok {
			found, ok = e, true
		}
	}
	return found, ok
}

// mostParts is how many parts Intercom gives of a conversation: the newest ones (OpenAPI 2.16, GET /conversations/{id}).
const mostParts = 500

// courseOf cuts a conversation that was just read into its episodes. A stretch that only an ask of ours or the answer to
// a quick reply opened is none: the close that ends it is no news. Rows of the ledger for the same closes keep their
// numbers.
func courseOf(read intercom.Conversation, ours func(intercom.Part) bool, ledger []models.Request) course {
	w := walk{at: episode{OpenedAt: read.CreatedAt}, open: true, real: true, ours: ours}
	truncated := len(read.Parts) >= mostParts || read.PartsTotal > len(read.Parts)
	if truncated && beginsClosed(read.Parts) {
		w.open = false
	}
	for _, p := range read.Parts {
		w.add(p)
	}
	c := w.end(read.State)
	w.number(c, read, truncated, ledger)
	return c
}

// walk goes through the parts of a conversation, oldest first.
type walk struct {
	episodes []episode
	at       episode // the stretch since the last close
	open     bool
	real     bool // somebody else than us has opened it or written in it
	skipped  int  // stretches that were opened and are no episodes
	ours     func(intercom.Part) bool
}

// opening are the part types that open a conversation that is closed. A snoozed one is open to Intercom.
var opening = map[string]bool{"open": true, "assign_and_reopen": true, "snoozed": true, "assign_and_unsnooze": true}

func (w *walk) add(p intercom.Part) {
	w.at.Parts = append(w.at.Parts, p)
	if p.Type == "close" {
		w.closes(p.CreatedAt)
		return
	}
	others := !w.ours(p) && isDoing(p)
	switch {
	case opening[p.Type] && !w.open:
		w.open, w.real, w.at.OpenedAt, w.at.Snoozed = true, others, p.CreatedAt, p.Type == "snoozed"
	case others:
		w.real = true
		if w.at.OpenedAt.IsZero() {
			w.at.OpenedAt = p.CreatedAt // no part says so, but a comment may open a conversation
		}
	}
}

// closes ends the stretch. One in which nothing but our own happened belongs to the episode before it.
func (w *walk) closes(at time.Time) {
	if w.real {
		if w.at.OpenedAt.IsZero() {
			w.at.OpenedAt = at
		}
		w.at.ClosedAt = at
		w.episodes = append(w.episodes, w.at)
	} else if w.open {
		w.skipped++
	}
	w.at, w.open, w.real = episode{}, false, false
}

// end is the course, where the conversation is now in the given state.
func (w *walk) end(state string) course {
	c := course{Episodes: w.episodes}
	if state == models.StateClosed || !w.open && state == "" {
		return c
	}
	if !w.real {
		c.OnlyOurs = slices.ContainsFunc(w.at.Parts, w.ours)
		if w.open {
			w.skipped++
		}
		return c
	}
	c.Episodes = append(c.Episodes, w.at)
	return c
}

// isDoing reports whether a part is something that a person does with a conversation: it writes, opens or snoozes. What
// Intercom notes by itself is none, and neither is a bot that says when the team is back.
func isDoing(p intercom.Part) bool {
	if p.Author.Type == "bot" && p.Type == "comment" {
		return false
	}
	return p.Type == "comment" || p.Type == "quick_reply" || p.Type == "unsnoozed" || opening[p.Type]
}

// beginsClosed reports whether a conversation was closed before the first of some parts.
func beginsClosed(parts []intercom.Part) bool {
	for _, p := range parts {
		switch p.Type {
		case "close":
			return false
		case "open", "assign_and_reopen":
			return true
		}
	}
	return false
}

// number counts the episodes. Where the first of them are out of sight, Intercom's own count of reopenings says how many
// there were, and where it does not, the ledger's newest row. An episode that has a row keeps the row's number, and those
// beside it follow.
func (w *walk) number(c course, read intercom.Conversation, truncated bool, ledger []models.Request) {
	rows := slices.DeleteFunc(slices.Clone(ledger), func(r models.Request) bool { return r.ClosedAt == nil })
	slices.SortFunc(rows, func(a, b models.Request) int { return a.Episode - b.Episode })
	first := 1
	switch reopened := read.Statistics.CountReopens; {
	case truncated && reopened > 0:
		first = max(1, reopened+2-len(c.Episodes)-w.skipped)
	case truncated && len(rows) > 0:
		first = rows[len(rows)-1].Episode + 1
	}
	for i := range c.Episodes {
		c.Episodes[i].Number = first + i
	}
	from := 0
	for i, e := range c.Episodes {
		at := slices.IndexFunc(rows, func(r models.Request) bool { return e.closed() && r.ClosedAt.Equal(e.ClosedAt) })
		if at < 0 {
			continue
		}
		for j := from; j < len(c.Episodes); j++ {
			c.Episodes[j].Number = max(1, rows[at].Episode+j-i)
		}
		rows, from = rows[at+1:], i+1
	}
}

// marks tell which parts of a conversation are our own asks and the answers to them.
type marks struct {
	s        *Service
	tenant   string
	requests map[string]models.Request
	options  map[string]choice // by the uuid of a quick reply's button
	texts    map[string]bool   // the questions that stand above buttons
}

// choice is one button of a quick reply.
type choice struct {
	Request string
	Score   int
}

// arrived finds the parts of an ask: the comment with its link, or its question and its buttons.
type arrived struct {
	Link, Question, Buttons bool
	At                      time.Time // of the newest of them
}

// newMarks prepares to find the asks of some requests; the wordings are those that they were made with.
func (s *Service) newMarks(workspace string, requests []models.Request, wordings map[int]rating.Wording) marks {
	m := marks{s: s, tenant: workspace, requests: map[string]models.Request{}, options: map[string]choice{}, texts: map[string]bool{}}
	for _, r := range requests {
		m.requests[r.ID] = r
		if r.Method != models.ByQuickReply {
			continue
		}
		w := wordings[r.WordingVersion]
		m.texts[plainText(questionHTML(w))] = true
		for language := range w.Locales {
			m.texts[plainText(questionHTML(w.In(language)))] = true
		}
		for _, o := range w.Options {
			m.options[optionID(r.ID, o.Score)] = choice{r.ID, o.Score}
		}
	}
	return m
}

// ours reports whether a part is an ask of ours, or the answer to a quick reply of ours.
func (m marks) ours(p intercom.Part) bool {
	if _, ok := m.answer(p); ok {
		return true
	}
	return m.link(p) != "" || m.buttons(p) != "" || m.question(p)
}

// answer is what a customer chose with this part.
func (m marks) answer(p intercom.Part) (choice, bool) {
	c, ok := m.options[p.QuickReplyUUID]
	return c, ok && p.QuickReplyUUID != "" && isContact(p.Author)
}

// link is the request whose link stands in a teammate's comment.
func (m marks) link(p intercom.Part) string {
	if p.Type != "comment" || isContact(p.Author) {
		return ""
	}
	request, _ := m.s.linkedRequest(m.tenant, p.Body)
	return request
}

// buttons is the request whose buttons a part offers.
func (m marks) buttons(p intercom.Part) string {
	for _, o := range p.QuickReplyOptions {
		if c, ok := m.options[o.UUID]; ok {
			return c.Request
		}
	}
	return ""
}

// question reports whether a teammate's comment is nothing but the question of a quick reply.
func (m marks) question(p intercom.Part) bool {
	return len(m.texts) > 0 && p.Type == "comment" && !isContact(p.Author) && m.texts[plainText(p.Body)]
}

// arrived looks in a conversation for what has come of a request.
func (m marks) arrived(parts []intercom.Part, r models.Request) (found arrived) {
	note := func(what *bool, p intercom.Part) { *what, found.At = true, p.CreatedAt }
	since := r.CreatedAt.Add(-clockSkew)
	for _, p := range parts {
		switch {
		case m.link(p) == r.ID:
			note(&found.Link, p)
		case m.buttons(p) == r.ID:
			note(&found.Buttons, p)
		case m.buttons(p) != "":
			found.Question = false // the question that stood above these was theirs
		case r.Method == models.ByQuickReply && m.question(p) && !p.CreatedAt.Before(since) && !found.Buttons:
			note(&found.Question, p)
		}
	}
	return found
}

// clockSkew is how far Intercom's clock may be from ours.
const clockSkew = time.Minute

func isContact(a intercom.Author) bool {
	return a.Type == "user" || a.Type == "lead" || a.Type == "contact"
}
