package models_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/models"
	"rerate/models/modelstest"
)

// together runs n functions at once and ends the test when one fails.
func together(t testing.TB, n int, do func(i int) error) {
	t.Helper()
	var wait sync.WaitGroup
	errs := make([]error, n)
	begin := make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-begin
			errs[i] = do(i)
		})
	}
	close(begin)
	wait.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("number %d of %d at once: %v", i, n, err)
		}
	}
}

func moveTo(tx *models.Tx, zone string) error {
	settings, err := tx.Settings()
	if err != nil {
		return err
	}
	settings.TimeZone = zone
	return tx.SaveSettings(settings)
}

// Ratings that arrive while an admin changes the time zone are counted once, on the day of the new zone.
func TestRatingsBesideAChangeOfTheTimeZone(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		zones := []string{"Pacific/Kiritimati", "Pacific/Pago_Pago"}
		together(t, 5, func(worker int) error {
			for i := range 20 {
				err := tenant.Write(ctx, func(tx *models.Tx) error {
					if worker == 0 {
						return moveTo(tx, zones[i%2])
					}
					id := fmt.Sprint(worker, "-", i)
					if _, err := tx.Conversation(id); err != nil {
						return err
					}
					_, _, err := tx.AddRating(answer(id, "c", id, 1+i%5, time.Duration(i)*time.Hour))
					return err
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		got := report(t, tenant, always(time.UTC))
		write(t, tenant, func(tx *models.Tx) error { return tx.RebuildReports() })
		if diff := cmp.Diff(report(t, tenant, always(time.UTC)), got); diff != "" {
			t.Errorf("(-rebuilt +moved)\n%s", diff)
		}
	})
}

// Transactions that each move several rollup rows, in orders of their own, do not wait for each other in a circle.
func TestGroupConversationsChangeAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		const conversations, contacts = 4, 6
		for c := range conversations {
			for i := range contacts {
				id, day := fmt.Sprint(c), i
				if c%2 == 1 {
					day = contacts - i
				}
				add(t, tenant, answer(id, fmt.Sprint(i), id+"/"+fmt.Sprint(i), 1+i%5, time.Duration(day)*24*time.Hour))
			}
		}
		together(t, conversations, func(c int) error {
			for i := range 10 {
				err := tenant.Write(ctx, func(tx *models.Tx) error {
					conversation, err := tx.Conversation(fmt.Sprint(c))
					if err != nil {
						return err
					}
					return tx.ReadConversation(conversation, []string{"email", models.Chat}[i%2], nil)
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if got := report(t, tenant, always(time.UTC)).Rated; got != conversations*contacts {
			t.Errorf("%d are rated, want %d", got, conversations*contacts)
		}
	})
}
