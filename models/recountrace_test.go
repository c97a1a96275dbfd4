package models_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// Whoever rates, asks, closes, takes ratings out, merges contacts, ends old requests, changes the time zone, rebuilds and
// checks at once, over the stores of two servers: nobody waits for another in a circle, and in the end every figure is what
// counting the rows comes to. An SQLite database has one server; its writers queue up in one store.
func TestEverybodyAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		db.FewRows(40)
		install(t, db, "w")
		stores := []*models.Store{db.Store, db.Store}
		if db.Dialect() == models.Postgres {
			stores[1] = db.Again(t)
			stores[1].FewRows(40)
		}
		const writers, rounds = 6, 40
		together(t, writers+3, func(n int) error {
			tenant := stores[n%2].Tenant("w")
			random := rand.New(rand.NewPCG(uint64(n), 5))
			for round := range rounds {
				var err error
				switch n {
				case writers: // an admin
					err = tenant.Write(ctx, func(tx *models.Tx) error {
						return moveTo(tx, []string{"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"}[round%3])
					})
				case writers + 1, writers + 2: // the jobs of two replicas
					if _, err = tenant.GoOn(ctx, models.Rebuild); errors.Is(err, models.ErrNotFound) {
						err = nil
					}
				default:
					err = tenant.Write(ctx, func(tx *models.Tx) error { return anything(tx, random, fmt.Sprint(n, "/", round)) })
				}
				if err != nil && !errors.Is(err, models.ErrNoTransition) {
					return err
				}
			}
			return nil
		})
		tenant := db.Tenant("w")
		goOn(t, tenant, models.Rebuild, 1000)
		allRight(t, tenant)
		if n := report(t, tenant, always(time.UTC)).Rated; n == 0 {
			t.Error("nothing was rated")
		}
	})
}

// anything does one of the things that move figures, on few conversations, so that many meet.
func anything(tx *models.Tx, random *rand.Rand, key string) error {
	id, contact := fmt.Sprint(random.IntN(4)), fmt.Sprint("c", random.IntN(3))
	what := random.IntN(12)
	switch what {
	case 0:
		return tx.MergeContact(contact, "c0")
	case 1:
		open, err := tx.OpenRequests(tx.Now, 50)
		for _, r := range open {
			if _, err := tx.MoveRequest(r, rating.TimeOut, nil); err != nil && !errors.Is(err, models.ErrNoTransition) {
				return err
			}
		}
		return err
	}
	talk, err := tx.Conversation(id)
	if err != nil {
		return err
	}
	ratings, err := tx.RatingsOf(id)
	if err != nil {
		return err
	}
	requests, err := tx.RequestsOf(id)
	if err != nil {
		return err
	}
	switch {
	case what == 2:
		return tx.ReadConversation(talk, []string{models.Chat, "email"}[random.IntN(2)], []string{contact})
	case what == 3 && len(ratings) > 0:
		return tx.SetWhyNot(ratings[random.IntN(len(ratings))], []models.WhyNot{models.Void, models.Valid}[random.IntN(2)])
	case what == 4 && len(ratings) > 0:
		return tx.SetCredit(ratings[random.IntN(len(ratings))], rating.Part{ID: "t1"}, rating.LastHumanReply)
	case what == 5 && len(requests) > 0:
		return tx.RequestRated(requests[random.IntN(len(requests))].ID)
	case what == 6:
		_, err := tx.BeginRequest(talk, rating.Refuse, models.Request{Episode: len(requests) + 1, ClosedAt: &tx.Now, Rule: "users"})
		return err
	case what <= 8:
		_, err := tx.SendRequest(talk, models.ByCard, 1, func(time.Time) bool { return false })
		return err
	case what == 9:
		return tx.SetDoNotAsk(id, random.IntN(2) == 0)
	}
	r := answer(id, contact, key, 1+random.IntN(5), time.Duration(random.IntN(100))*time.Hour)
	r.Channel = talk.Channel
	_, _, err = tx.AddRating(r)
	return err
}
