package handlers_test

import (
	"fmt"
	"testing"
	"time"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// give is a rating of five from a chat, so long before now, credited to a teammate.
type give struct {
	conversation, contact string
	score                 int
	ago                   time.Duration
	remark                string
	teammate              string
	channel               string
	why                   models.WhyNot
}

// store adds ratings in their order.
func (w *world) store(given ...give) []models.Rating {
	w.t.Helper()
	wording := rating.DefaultWording()
	var stored []models.Rating
	err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		for i, g := range given {
			option := wording.Options[g.score-1]
			if _, err := tx.Conversation(g.conversation); err != nil {
				return err
			}
			r := models.Rating{
				ConversationID: g.conversation, ContactID: g.contact, Source: models.FromCard,
				SourceKey: fmt.Sprintf("%s %d %s", g.conversation, i, tx.NewID()), Score: g.score, Scale: 5,
				Sentiment: rating.SentimentOf(g.score, 5), Emoji: option.Emoji, Label: option.Label, Remark: g.remark,
				At: tx.Now.Add(-g.ago), TeammateID: g.teammate, TeammateName: name(g.teammate), Channel: g.channel, WhyNot: g.why,
			}
			if r.Channel == "" {
				r.Channel = models.Chat
			}
			r, _, err := tx.AddRating(r)
			if err != nil {
				return err
			}
			stored = append(stored, r)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return stored
}

func name(teammate string) string {
	if teammate == "" {
		return ""
	}
	return "Name of " + teammate
}

const (
	hour = time.Hour
	day  = 24 * hour
)

// history is three conversations: one recovered, one that got worse by e-mail, one with a single rating; and a
// rating that does not count.
func (w *world) history() []models.Rating {
	w.t.Helper()
	return w.store(
		give{conversation: "101", contact: "c1", score: 2, ago: 20 * day, teammate: jane},
		give{conversation: "101", contact: "c1", score: 5, ago: 2 * day, remark: "Now it works, thank you!", teammate: tomas},
		give{conversation: "102", contact: "c2", score: 4, ago: 10 * day, channel: "email"},
		give{conversation: "102", contact: "c2", score: 1, ago: 9 * day, remark: "=cmd|' /C calc'!A0", channel: "email"},
		give{conversation: "103", contact: "c3", score: 3, ago: 1 * hour},
		give{conversation: "104", contact: "c4", score: 1, ago: 2 * hour, why: models.Suspect},
	)
}

// testStart keeps the clock's own name near.
var testStart = modelstest.Start

func ids(ratings []models.Rating) []string {
	var all []string
	for _, r := range ratings {
		all = append(all, r.ID)
	}
	return all
}

// must unwraps an answer that no test expects to fail.
func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}
