package intercomtest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"rerate/internal/intercom/canvas"
)

// Story says which steps of a first walk through the app have happened in a workspace. Every fact is read from what the sandbox
// holds: its conversations, what the app wrote in them, the cards with what the app answered.
type Story struct {
	Opened      bool // a teammate has a conversation open, with the app beside it
	Asked       bool // the app asked by itself after a close: with links, with buttons, or with a workflow's card
	Rated       bool // a customer rated: on a card, with a button, or on the app's page, of which its note tells
	Noted       bool // a private note by the app is in a conversation
	CameBack    bool // a customer opened a conversation again after being asked in it
	AskedAgain  bool // the app asked by itself once more in such a conversation, after its next close
	RatedAgain  bool // a second rating in one conversation, and a note after it that says better or worse
	SentCard    bool // a teammate has sent the app's card
	NewWording  bool // the app asks with other words than it first did in the same language
	SeenFigures bool // the app's overview was looked at after a rating
}

// The ids of the app's card that tell its taps apart, and where its links lead: a contract of the app with everybody who automates it.
const (
	scaleComponent = "rating"
	questionText   = "question"
	hostedPath     = "/r/"
	ratingPath     = "/ratings/"
)

// Story looks at a workspace.
func (s *Server) Story(workspace string) Story {
	s.mu.Lock()
	defer s.mu.Unlock()
	sp := s.spaces[workspace]
	if sp == nil {
		return Story{}
	}
	story := Story{Opened: len(sp.panels) > 0, NewWording: s.newWording(sp)}
	var firstRating time.Time
	for _, c := range sp.index.all() {
		t := telling{app: s.opts.AppURL, story: &story}
		for i := range c.Parts {
			t.hear(&c.Parts[i])
		}
		if at := t.end(); !at.IsZero() && (firstRating.IsZero() || at.Before(firstRating)) {
			firstRating = at
		}
	}
	story.SeenFigures = !firstRating.IsZero() && s.overviewAt.After(firstRating)
	return story
}

// telling goes through one conversation, oldest part first.
type telling struct {
	app      string // its address
	story    *Story
	asks     int         // of the app, by itself, each after a close of its own
	closed   bool        // since the last ask
	came     bool        // the customer opened it after an ask
	answers  []time.Time // on cards and with buttons
	notes    []noted
	ratings  []string // that notes name
	ratingAt []time.Time
}

// noted is one note of the app.
type noted struct {
	at       time.Time
	compares bool // it says better or worse
}

func (t *telling) hear(p *Part) {
	byApp := p.AppPackageCode != ""
	switch {
	case p.Type == "close":
		t.closed = true
	case p.Type == "open" && t.asks > 0 && p.QuickReplyID == "" && (p.Author.Type == "user" || p.Author.Type == "lead"):
		t.came, t.story.CameBack = true, true
	case p.Type == "note" && byApp:
		t.note(p)
	}
	if p.QuickReplyID != "" {
		t.answers = append(t.answers, p.At)
	}
	if p.Card != nil {
		t.card(p)
	}
	if t.closed && p.State == "closed" && t.isAsk(p) {
		t.closed = false
		t.asks++
		t.story.Asked = true
		t.story.AskedAgain = t.story.AskedAgain || t.came
	}
}

// isAsk says whether the app asks with this part, and no teammate by hand.
func (t *telling) isAsk(p *Part) bool {
	if p.Card != nil {
		return p.Author.Type == "bot"
	}
	if p.AppPackageCode == "" {
		return false
	}
	asks := func(link string) bool { return strings.HasPrefix(link, t.app+hostedPath) }
	return len(p.QuickReplies) > 0 || (p.Type == "comment" && slices.ContainsFunc(linksIn(p.Body), asks))
}

func (t *telling) card(p *Part) {
	t.story.SentCard = t.story.SentCard || p.Author.Type == "admin"
	for _, tap := range p.Card.Taps {
		if option, _ := tap.Values[scaleComponent].(string); tap.Component == scaleComponent && tap.Saved != "" && tap.Saved == option {
			t.answers = append(t.answers, tap.At)
		}
	}
}

// note reads a note of the app: whether it compares, and which rating its link names.
func (t *telling) note(p *Part) {
	words := strings.Fields(plainText(p.Body))
	t.notes = append(t.notes, noted{p.At, slices.Contains(words, "better") || slices.Contains(words, "worse")})
	for _, link := range linksIn(p.Body) {
		id, ok := strings.CutPrefix(link, t.app+ratingPath)
		id, _, _ = strings.Cut(id, "#")
		if ok && !slices.Contains(t.ratings, id) {
			t.ratings, t.ratingAt = append(t.ratings, id), append(t.ratingAt, p.At)
		}
	}
}

// end tells what the whole conversation says and answers when its first rating came; zero without one.
func (t *telling) end() time.Time {
	slices.SortFunc(t.answers, time.Time.Compare)
	if len(t.ratingAt) > len(t.answers) {
		t.answers = t.ratingAt // given on the app's page, which the sandbox does not see
	}
	t.story.Noted = t.story.Noted || len(t.notes) > 0
	if len(t.answers) == 0 {
		return time.Time{}
	}
	t.story.Rated = true
	for _, n := range t.notes {
		if len(t.answers) > 1 && n.compares && !n.at.Before(t.answers[1]) {
			t.story.RatedAgain = true
		}
	}
	return t.answers[0]
}

// newWording compares the app's asks, oldest first, with the first one of the same kind in the same language. It needs the lock.
func (s *Server) newWording(sp *space) bool {
	type asked struct {
		at        time.Time
		kind, why string
	}
	var asks []asked
	language := func(c *Conversation) string {
		if who := s.contacts[c.Contacts[0]]; who != nil {
			return who.Locale
		}
		return ""
	}
	for _, card := range s.cards {
		if c := s.conversations[card.Conversation]; c != nil && c.Workspace == sp.ID {
			asks = append(asks, asked{card.CreatedAt, "card " + language(c), wordingOf(card.Shown())})
		}
	}
	t := telling{app: s.opts.AppURL}
	for _, c := range sp.index.all() {
		for i := range c.Parts {
			if p := &c.Parts[i]; p.Card == nil && p.Body != "" && t.isAsk(p) {
				asks = append(asks, asked{p.At, "link " + language(c), textOf(p.Body)})
			}
		}
	}
	slices.SortStableFunc(asks, func(a, b asked) int { return a.at.Compare(b.at) })
	first := map[string]string{}
	for _, a := range asks {
		if first[a.kind] == "" {
			first[a.kind] = a.why
		}
		if a.why != "" && a.why != first[a.kind] {
			return true
		}
	}
	return false
}

// wordingOf is the question of a card with its options; "" for a card that shows no question any more.
func wordingOf(c *canvas.Content) string {
	if c == nil {
		return ""
	}
	question, options := "", ""
	for _, component := range c.Components {
		switch v := component.(type) {
		case canvas.Text:
			if v.ID == questionText {
				question = v.Text
			}
		case canvas.SingleSelect:
			if v.ID == scaleComponent {
				for _, o := range v.Options {
					options += "\n" + o.Text
				}
			}
		}
	}
	if question == "" || options == "" {
		return ""
	}
	return question + options
}

// WatchOverview lets the sandbox see when the app's overview is looked at: the one step of a Story that happens outside of it.
func (s *Server) WatchOverview(app http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Path != "/" {
			app.ServeHTTP(w, r)
			return
		}
		seen := &statusWriter{ResponseWriter: w}
		app.ServeHTTP(seen, r)
		if seen.status == http.StatusOK {
			s.lock()
			s.overviewAt = s.now()
			s.unlock()
		}
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
