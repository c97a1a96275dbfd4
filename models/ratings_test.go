package models_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

func TestTheSameAnswerAgainChangesNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		first := add(t, tenant, answer("7", "c", "k", 2, 0))
		all := keyed(t, db)
		before := dump(t, db, all, "w")
		db.Clock.Move(time.Hour)
		again := answer("7", "c", "k", 5, time.Hour) // another score under the same key: a replay that was tampered with
		write(t, tenant, func(tx *models.Tx) error {
			stored, added, err := tx.AddRating(again)
			if added || !cmp.Equal(stored, first) {
				t.Errorf("added %v, stored %+v, want %+v", added, stored, first)
			}
			return err
		})
		if diff := cmp.Diff(before, dump(t, db, all, "w")); diff != "" {
			t.Errorf("(-before +after)\n%s", diff)
		}
	})
}

func TestTwentyOfTheSameAnswerAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		var added atomic.Int32
		together(t, 20, func(int) error {
			return tenant.Write(ctx, func(tx *models.Tx) error {
				if _, err := tx.Conversation("7"); err != nil {
					return err
				}
				stored, is, err := tx.AddRating(answer("7", "c", "k", 5, 0))
				if is {
					added.Add(1)
				}
				if err == nil && (stored.SourceKey != "k" || stored.Score != 5) {
					return fmt.Errorf("stored %+v", stored)
				}
				return err
			})
		})
		rows := must(tenant.RatingsOf(ctx, "7"))(t)
		if got := report(t, tenant, always(time.UTC)).Rated; len(rows) != 1 || added.Load() != 1 || got != 1 {
			t.Errorf("%d rows, %d added, %d counted", len(rows), added.Load(), got)
		}
	})
}

// What fails half-way leaves nothing behind, in rows or in figures.
func TestAFailedWriteLeavesNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		all := keyed(t, db)
		before := dump(t, db, all, "w")
		boom := errors.New("boom")
		attempt := func(end func() error) error {
			return tenant.Write(ctx, func(tx *models.Tx) error {
				if _, err := tx.Conversation("7"); err != nil {
					return err
				}
				if _, _, err := tx.AddRating(answer("7", "c", "k", 5, 0)); err != nil {
					return err
				}
				return end()
			})
		}
		if err := attempt(func() error { return boom }); !errors.Is(err, boom) {
			t.Errorf("it says %v", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic got lost")
				}
			}()
			_ = attempt(func() error { panic("boom") })
		}()
		if diff := cmp.Diff(before, dump(t, db, all, "w")); diff != "" {
			t.Errorf("(-before +after)\n%s", diff)
		}
		add(t, tenant, answer("7", "c", "k", 5, 0))
	})
}

// The schema refuses what no answer can be.
func TestImpossibleRatingsAreRefused(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for name, spoil := range map[string]func(r *models.Rating){
			"score 0":              func(r *models.Rating) { r.Score = 0 },
			"off the scale":        func(r *models.Rating) { r.Score = 6 },
			"a scale of one":       func(r *models.Rating) { r.Score, r.Scale = 1, 1 },
			"a scale of eleven":    func(r *models.Rating) { r.Scale = 11 },
			"an unknown sentiment": func(r *models.Rating) { r.Sentiment = "happy" },
			"an unknown source":    func(r *models.Rating) { r.Source = "pigeon" },
			"an unknown why not":   func(r *models.Rating) { r.WhyNot = "dull" },
			"an unknown change":    func(r *models.Rating) { r.Change = "odd" },
		} {
			err := tenant.Write(ctx, func(tx *models.Tx) error {
				if _, err := tx.Conversation("7"); err != nil {
					return err
				}
				r := answer("7", "c", name, 5, 0)
				spoil(&r)
				_, _, err := tx.AddRating(r)
				return err
			})
			if err == nil {
				t.Errorf("%s is stored", name)
			}
		}
		if has := must(tenant.HasRatings(ctx))(t); has {
			t.Error("something is stored")
		}
	})
}

func TestRemarkAndCreditAreTakenOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		r := add(t, tenant, answer("7", "c", "k", 2, 0))
		for i, remark := range []string{"first", "second"} {
			write(t, tenant, func(tx *models.Tx) error {
				added, err := tx.AddRemark(r.ID, remark)
				if added != (i == 0) {
					t.Errorf("remark %q: added %v", remark, added)
				}
				if err != nil {
					return err
				}
				return tx.SetCredit(r, rating.Part{ID: remark, Name: remark}, rating.LastHumanReply)
			})
			db.Clock.Move(time.Minute)
		}
		got := must(tenant.Rating(ctx, r.ID))(t)
		if got.Remark != "first" || !got.RemarkAt.Equal(modelstest.Start) || got.TeammateID != "first" {
			t.Errorf("kept is %+v", got)
		}
	})
}

func rateAndRemark(tx *models.Tx, id string) error {
	if err := tx.RequestRated(id); err != nil {
		return err
	}
	return tx.RequestRemarked(id)
}

// closeAndReopen makes a request the ledger's row of an episode that is over.
func closeAndReopen(tx *models.Tx, id string) error {
	closed := tx.Now
	if err := tx.ChangeRequest(id, map[string]any{"closed_at": closed, "facts": rating.Close{At: closed}}); err != nil {
		return err
	}
	return tx.SaveCourse("7", models.Course{State: models.StateOpen, ChangedAt: closed, ClosedAt: &closed})
}

// A request that nobody has answered is used again in its episode; any other asks anew.
func TestSendRequestUsesAnOpenOneAgain(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		never := func(time.Time) bool { return false }
		send := func(method models.Method, version int, mayRate func(time.Time) bool) (got models.Request) {
			t.Helper()
			db.Clock.Move(time.Minute)
			write(t, tenant, func(tx *models.Tx) error {
				conversation, err := tx.Conversation("7")
				if err != nil {
					return err
				}
				got, err = tx.SendRequest(conversation, method, version, mayRate)
				return err
			})
			return got
		}
		first := send(models.ByCard, 1, yes)
		for _, tt := range []struct {
			name    string
			method  models.Method
			version int
			mayRate func(time.Time) bool
			before  func(tx *models.Tx, latest string) error
			again   bool
			episode int
		}{
			{"the same", models.ByCard, 1, yes, nil, true, 1},
			{"another wording", models.ByCard, 2, yes, nil, false, 1},
			{"another way", models.ByLink, 2, yes, nil, false, 1},
			{"a closed window", models.ByLink, 2, never, nil, false, 1},
			{"still open", models.ByLink, 2, yes, nil, true, 1},
			{"answered", models.ByLink, 2, yes, (*models.Tx).RequestRated, false, 1},
			{"remarked", models.ByLink, 2, yes, rateAndRemark, false, 1},
			{"closed and opened again", models.ByLink, 2, yes, closeAndReopen, false, 2},
			{"the same in the next episode", models.ByLink, 2, yes, nil, true, 2},
		} {
			if tt.before != nil {
				write(t, tenant, func(tx *models.Tx) error { return tt.before(tx, first.ID) })
			}
			next := send(tt.method, tt.version, tt.mayRate)
			if (next.ID == first.ID) != tt.again || next.Episode != tt.episode {
				t.Errorf("%s: episode %d after %d, same %v", tt.name, next.Episode, first.Episode, next.ID == first.ID)
			}
			first = next
		}
		if all := must(tenant.RequestsOf(ctx, "7"))(t); len(all) != 7 {
			t.Errorf("%d requests", len(all))
		}
	})
}
