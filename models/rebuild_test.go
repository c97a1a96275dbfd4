package models_test

import (
	"fmt"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

// A workspace with more conversations than one batch moves to a new time zone whole.
func TestRebuildOfManyConversations(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		const conversations = 1001 // of batches of 1000
		write(t, tenant, func(tx *models.Tx) error {
			for i := range conversations {
				id := fmt.Sprint(i)
				if _, err := tx.Conversation(id); err != nil {
					return err
				}
				if _, _, err := tx.AddRating(answer(id, "c", id, 1+i%5, 0)); err != nil {
					return err
				}
			}
			return nil
		})
		write(t, tenant, func(tx *models.Tx) error {
			settings, err := tx.Settings()
			if err != nil {
				return err
			}
			settings.TimeZone = "Pacific/Kiritimati" // 14 hours ahead: Start is 23 o'clock there
			return tx.SaveSettings(settings)
		})
		if got := report(t, tenant, always(time.UTC)).Rated; got != conversations {
			t.Errorf("%d conversations are rated, want %d", got, conversations)
		}
	})
}
