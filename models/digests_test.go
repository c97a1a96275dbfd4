package models_test

import (
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

func TestOldDigestMailsAreSwept(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		plan := func(email string) {
			write(t, tenant, func(tx *models.Tx) error {
				_, _, err := tx.PlanDigest(models.DigestMail{Week: "2026-02-23", Email: email, GiveUpAt: tx.Now})
				return err
			})
		}
		plan("old@example.com")
		db.Clock.Move(time.Microsecond)
		plan("new@example.com")
		db.Clock.Move(models.KeepDigestMails)
		if err := db.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if left := must(tenant.DigestMails(ctx, ""))(t); len(left) != 1 || left[0].Email != "new@example.com" {
			t.Errorf("there are %+v", left)
		}
	})
}
