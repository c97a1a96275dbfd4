package models_test

import (
	"os"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

// The machine's own zone is an odd one, so that nothing can be right by being in UTC by chance.
func TestMain(m *testing.M) {
	time.Local = time.FixedZone("Kathmandu", 5*3600+45*60)
	os.Exit(modelstest.Main(m))
}

// Whatever zone and however many nanoseconds come in, the same UTC microsecond comes out.
func TestTimesAreUTCToTheMicrosecond(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		tokyo := time.FixedZone("Tokyo", 9*3600)
		odd := time.Date(2026, 3, 2, 23, 59, 59, 123_456_789, tokyo)
		want := time.Date(2026, 3, 2, 14, 59, 59, 123_456_000, time.UTC)
		same := func(what string, got time.Time) {
			t.Helper()
			if !got.Equal(want) || got.Location() != time.UTC {
				t.Errorf("%s is %v, want %v", what, got, want)
			}
		}
		db.Clock.Set(odd)
		r := answer("7", "c", "k", 4, 0)
		r.At, r.RemarkAt = odd, &odd
		stored := add(t, tenant, r)
		same("at, as AddRating answers it", stored.At)
		read := must(tenant.Rating(ctx, stored.ID))(t)
		same("at", read.At)
		same("remark_at", *read.RemarkAt)
		write(t, tenant, func(tx *models.Tx) error {
			same("Now", tx.Now)
			if err := tx.WriteLater(read, odd, models.Note); err != nil {
				return err
			}
			if _, err := tx.AddEvent(models.Event{NotificationID: "n", CreatedAt: odd}); err != nil {
				return err
			}
			_, err := tx.SaveTeammate(models.Teammate{ID: "1", SignedInAt: &odd})
			return err
		})
		backs := must(tenant.WriteBacksOf(ctx, stored.ID))(t)
		same("due_at", backs[0].DueAt)
		event := must(tenant.LastEvent(ctx))(t)
		same("created_at", event.CreatedAt)
		same("received_at", event.ReceivedAt)
		who := must(tenant.Teammates(ctx))(t)[0]
		same("signed_in_at", *who.SignedInAt)
		write(t, tenant, func(tx *models.Tx) error {
			due, err := tx.DueWriteBacks("7")
			if err != nil {
				return err
			}
			if len(due) != 1 {
				t.Fatalf("at its own time %d are due", len(due))
			}
			due[0].DueAt, due[0].DoneAt = odd, &odd
			return tx.SaveWriteBack(due[0])
		})
		back := must(tenant.WriteBacksOf(ctx, stored.ID))(t)[0]
		same("due_at, saved", back.DueAt)
		same("done_at, saved", *back.DoneAt)
	})
}

// Instants decide the order, not the digits of their zones.
func TestTimesOfDifferentZonesAreInOrder(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for i, hours := range []int{9, -11, 0, 14, -5} {
			r := answer("7", "c", string(rune('a'+i)), 1+i, time.Duration(i)*time.Second)
			r.At = r.At.In(time.FixedZone("odd", hours*3600))
			add(t, tenant, r)
		}
		cursor := &models.Cursor{At: modelstest.Start.Add(2 * time.Second).In(time.FixedZone("odd", 13*3600))}
		for name, rows := range map[string][]models.Rating{
			"newest first":     must(tenant.Ratings(ctx, models.RatingFilter{Filter: always(time.UTC)}, nil, 10))(t),
			"after the cursor": must(tenant.Ratings(ctx, models.RatingFilter{Filter: always(time.UTC)}, cursor, 10))(t),
		} {
			want := map[string]string{"newest first": "edcba", "after the cursor": "ba"}[name]
			got := ""
			for _, r := range rows {
				got += r.SourceKey
			}
			if got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	})
}
