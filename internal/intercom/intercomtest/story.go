package intercomtest

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"rerate/internal/intercom/canvas"
)

// Story says which steps of a first walk through the app have happened in a workspace. Every fact is read from what the sandbox
// holds: its conversations, the cards in them with what the app answered, and the notes that the app wrote.
type Story struct {
	Opened      bool // a teammate has a conversation open, with the app beside it
	Asked       bool // a teammate has sent the app's card
	Rated       bool // the app showed a customer's choice as saved
	Remarked    bool // the app took a customer's remark
	Noted       bool // a private note by the app is in a conversation
	RatedAgain  bool // a second rating in one conversation, and a note after it that says better or worse
	NewWording  bool // a card asks with other words than the first card in the same language
	SeenFigures bool // the app's overview was looked at after a rating
}

// The ids of the app's card that tell its taps apart: a contract of the app with everybody who automates it.
const (
	scaleComponent  = "rating"
	remarkField     = "remark"
	remarkComponent = "send_remark"
	questionText    = "question"
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
	for _, id := range sp.conversations {
		c := s.conversations[id]
		ratings := s.tellCards(c, &story)
		story.tellNotes(c, ratings)
		if len(ratings) > 0 && (firstRating.IsZero() || ratings[0].Before(firstRating)) {
			firstRating = ratings[0]
		}
	}
	story.SeenFigures = !firstRating.IsZero() && s.overviewAt.After(firstRating)
	return story
}

// tellCards adds what a conversation's cards say and answers when the customer rated on them, oldest first. It needs the lock.
func (s *Server) tellCards(c *Conversation, story *Story) []time.Time {
	var ratings []time.Time
	for _, part := range c.Parts {
		if part.Card == nil {
			continue
		}
		story.Asked = story.Asked || part.Author.Type == "admin"
		for _, tap := range part.Card.Taps {
			if option, _ := tap.Values[scaleComponent].(string); tap.Component == scaleComponent && tap.Saved != "" && tap.Saved == option {
				ratings = append(ratings, tap.At)
			}
			if remark, _ := tap.Values[remarkField].(string); tap.Component == remarkComponent && strings.TrimSpace(remark) != "" {
				story.Remarked = true
			}
		}
	}
	slices.SortFunc(ratings, time.Time.Compare)
	story.Rated = story.Rated || len(ratings) > 0
	return ratings
}

func (story *Story) tellNotes(c *Conversation, ratings []time.Time) {
	for _, part := range c.Parts {
		if part.Type != "note" || part.AppPackageCode == "" {
			continue
		}
		story.Noted = true
		words := strings.Fields(plainText(part.Body))
		compared := slices.Contains(words, "better") || slices.Contains(words, "worse")
		if len(ratings) > 1 && compared && !part.At.Before(ratings[1]) {
			story.RatedAgain = true
		}
	}
}

// newWording compares the cards in conversations, oldest first, with the first one in the same language. It needs the lock.
func (s *Server) newWording(sp *space) bool {
	var cards []*Card
	for _, card := range s.cards {
		if c := s.conversations[card.Conversation]; c != nil && c.Workspace == sp.ID {
			cards = append(cards, card)
		}
	}
	slices.SortFunc(cards, func(a, b *Card) int { return a.CreatedAt.Compare(b.CreatedAt) })
	first := map[string]string{}
	for _, card := range cards {
		language := ""
		if who := s.contacts[s.conversations[card.Conversation].Contacts[0]]; who != nil {
			language = who.Locale
		}
		asked := wordingOf(card.Shown())
		if first[language] == "" {
			first[language] = asked
		}
		if asked != "" && asked != first[language] {
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
