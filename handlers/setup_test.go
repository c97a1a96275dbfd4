package handlers_test

import (
	"net/http"
	"testing"

	"rerate/internal/rating"
	"rerate/models"
)

func TestSetUp(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss, viewer := w.signIn(jane), w.signIn(tomas)
		tenant := w.db.Tenant(workspace)
		progress := func(want string) {
			t.Helper()
			says(t, boss.page("/setup").Find("main"), want)
		}
		progress("1 of 7 done")
		says(t, boss.page("/").Find("aside[aria-label=Set-up]"), "Set-up: 1 of 7 done. Next: Webhooks arrive.")
		if viewer.page("/").Find("aside[aria-label=Set-up]").Length() != 0 {
			t.Error("viewers are told to set up what they may not")
		}
		viewer.get("/setup").is(http.StatusOK)

		// What is made up is no step.
		if err := w.service.AddExampleData(ctx, workspace); err != nil {
			t.Fatal(err)
		}
		progress("1 of 7 done")

		if err := tenant.Write(ctx, func(tx *models.Tx) error {
			_, err := tx.AddEvent(models.Event{NotificationID: "n", Topic: "conversation.admin.closed"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		progress("2 of 7 done")
		if w.service.Health(ctx, workspace) != "OK" {
			t.Error("it is not healthy")
		}
		progress("3 of 7 done")
		w.store(give{conversation: "1", contact: "c1", score: 2, ago: 2 * hour, why: models.Test})
		progress("4 of 7 done")
		w.store(give{conversation: "1", contact: "c1", score: 5, ago: hour}, give{conversation: "2", contact: "c2", score: 3, ago: hour})
		progress("4 of 7 done") // one valid rating each is none that can be compared
		if err := tenant.Write(ctx, func(tx *models.Tx) error {
			body := rating.DefaultWording()
			body.Question = "How are we doing?"
			_, err := tx.PublishWording(body, jane)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		progress("5 of 7 done")
		form := formOf(boss.page("/settings"), "/settings")
		form.Set("do", "dry-run")
		boss.post("/settings", form).is(http.StatusOK)
		progress("6 of 7 done")
		says(t, boss.page("/").Find("aside[aria-label=Set-up]"), "Next: A customer has rated again.")
		w.store(give{conversation: "2", contact: "c2", score: 4, ago: 0})
		progress("Everything is set up and has worked once.")
		if boss.page("/").Find("aside[aria-label=Set-up]").Length() != 0 {
			t.Error("the box stays when all is done")
		}
		w.sandbox.Revoke(workspace)
		if err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.TokenInvalid() }); err != nil {
			t.Fatal(err)
		}
		progress("6 of 7 done")
	})
}
