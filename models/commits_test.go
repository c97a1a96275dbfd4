package models_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

// Who is told of commits hears of as many ratings as are stored: not of those of an act that failed, that panicked, or that was taken
// back alone from a transaction that others shared.
func TestCommitsTellWhatIsStored(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		var mu sync.Mutex
		told, longest := 0, time.Duration(0)
		store := must(models.Open(ctx, models.Config{
			URL: db.URL, Now: db.Clock.Now, NewID: db.NewID, Committed: func(ratings int, took time.Duration) {
				mu.Lock()
				defer mu.Unlock()
				told, longest = told+ratings, max(longest, took)
			},
		}))(t)
		defer store.Close()
		install(t, db, "w")
		tenant := store.Tenant("w")
		write(t, tenant, func(tx *models.Tx) error { return asked(tx, 12) })
		random := rand.New(rand.NewPCG(2, 3))
		var taps []tap
		for n := range 96 {
			taps = append(taps, tap{"w", fmt.Sprint(n % 12), fmt.Sprint("c", n/12), 1 + random.IntN(5), random.IntN(5)})
		}
		alone := func(p tap) error { // reads what nobody read beforehand, and fails in the end
			p.how = 0
			return tenant.Together(ctx, models.Act{Conversation: p.conversation, Contact: p.contact}, func(tx *models.Tx) error {
				return errors.Join(p.act(tx), errBoom)
			})
		}
		together(t, len(taps), func(i int) error {
			if p := taps[i]; p.how != 4 {
				_ = tenant.Together(ctx, models.Act{Conversation: p.conversation, Contact: p.contact}, p.act)
			} else if err := alone(p); !errors.Is(err, errBoom) {
				return fmt.Errorf("it should have failed: %w", err)
			}
			return nil
		})
		write(t, tenant, func(tx *models.Tx) error {
			db.Clock.Move(time.Second)
			_, _, err := tx.AddRating(answer("3", "late", "again", 5, time.Hour))
			return err
		})
		write(t, tenant, func(tx *models.Tx) error {
			_, added, err := tx.AddRating(answer("3", "late", "again", 5, time.Hour))
			if added {
				t.Error("the same rating was added twice")
			}
			return err
		})
		if stored := query(t, db, "SELECT COUNT(*) FROM ratings")[0][0]; stored != fmt.Sprint(told) || told < 10 || told > 80 {
			t.Errorf("told of %d ratings, stored are %s", told, stored)
		}
		if longest != time.Second {
			t.Errorf("the longest transaction took %v", longest)
		}
	})
}
