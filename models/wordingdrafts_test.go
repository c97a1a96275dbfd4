package models_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

func TestADraftNeedNotBeValid(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		if _, err := tenant.WordingDraft(ctx); !errors.Is(err, models.ErrNotFound) {
			t.Fatalf("before the first draft: %v", err)
		}
		unfinished := rating.Wording{
			Question: " how, مرحبا 👨‍👩‍👧‍👦 ", Options: []rating.Option{{Emoji: "🏴󠁧󠁢󠁳󠁣󠁴󠁿"}},
			Locales: map[string]rating.Translation{"ar": {Labels: []string{"", "جيد"}}},
		}
		var first, second models.WordingDraft
		write(t, tenant, func(tx *models.Tx) (err error) { first, err = tx.SaveWordingDraft(unfinished, 1, "9"); return err })
		got := must(tenant.WordingDraft(ctx))(t)
		want := models.WordingDraft{
			WorkspaceID: "w", ID: first.ID, Body: unfinished.Clean(), BasedOn: 1, AuthorID: "9", SavedAt: first.SavedAt,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stored (-want +got)\n%s", diff)
		}
		write(t, tenant, func(tx *models.Tx) (err error) {
			second, err = tx.SaveWordingDraft(rating.DefaultWording(), 2, "8")
			return err
		})
		if got := must(tenant.WordingDraft(ctx))(t); got.ID != second.ID || got.ID == first.ID || got.AuthorID != "8" || got.BasedOn != 2 {
			t.Errorf("saved again it is %+v", got)
		}
		if got := must(tenant.Wordings(ctx))(t); len(got) != 1 {
			t.Errorf("a draft made %d versions", len(got))
		}
		write(t, tenant, func(tx *models.Tx) error { return tx.DropWordingDraft() })
		write(t, tenant, func(tx *models.Tx) error { return tx.DropWordingDraft() })
		if _, err := tenant.WordingDraft(ctx); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("after it was dropped: %v", err)
		}
	})
}

func TestNobodyOverwritesWhatTheyHaveNotSeen(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		hold := func(version int, draft string) (err error) {
			write(t, tenant, func(tx *models.Tx) error {
				err = tx.HoldWording(models.WordingSeen{Version: version, Draft: draft})
				return nil
			})
			return err
		}
		check := func(when string, version int, draft string, want error) {
			t.Helper()
			if err := hold(version, draft); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", when, err, want)
			}
		}
		check("nothing has happened", 1, "", nil)
		check("a draft that is gone", 1, "old", nil)
		check("another version", 2, "", models.ErrWordingMoved)
		var draft models.WordingDraft
		write(t, tenant, func(tx *models.Tx) (err error) {
			draft, err = tx.SaveWordingDraft(rating.DefaultWording(), 1, "9")
			return err
		})
		check("a draft that was not seen", 1, "", models.ErrWordingMoved)
		check("another draft", 1, "old", models.ErrWordingMoved)
		check("that draft", 1, draft.ID, nil)
		write(t, tenant, func(tx *models.Tx) error {
			_, err := tx.PublishWording(rating.DefaultWording(), "9")
			return err
		})
		check("a version that was not seen", 1, draft.ID, models.ErrWordingMoved)
		check("that version", 2, draft.ID, nil)
	})
}

func TestHowAVersionWasUsed(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		write(t, tenant, func(tx *models.Tx) error {
			for i, version := range []int{1, 1, 2} {
				talk, err := tx.Conversation(string(rune('a' + i)))
				if err != nil {
					return err
				}
				request, err := tx.SendRequest(talk, models.ByCard, version, func(time.Time) bool { return false })
				if err != nil {
					return err
				}
				if i == 0 {
					if err := tx.RequestRated(request.ID); err != nil {
						return err
					}
				}
			}
			return nil
		})
		for version, want := range map[int][2]int64{1: {2, 1}, 2: {1, 0}, 3: {0, 0}} {
			if sent, rated, err := tenant.WordingUse(ctx, version); err != nil || sent != want[0] || rated != want[1] {
				t.Errorf("version %d: %d sent, %d rated, %v; want %v", version, sent, rated, err, want)
			}
		}
	})
}
