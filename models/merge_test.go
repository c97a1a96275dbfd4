package models_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/models"
	"rerate/models/modelstest"
)

// Whatever two contacts said, in whichever conversations, once they are one the ratings, summaries and figures are those
// of a workspace in which there had only ever been the one.
func TestMergedContactsHaveAlwaysBeenOne(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		round := 0
		rapid.Check(t, func(t *rapid.T) {
			round++
			merged, plain := install(t, db, fmt.Sprint("merged ", round)), install(t, db, fmt.Sprint("plain ", round))
			given := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) models.Rating {
				r := answer(rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "conversation"), rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "contact"),
					"", rapid.IntRange(1, 5).Draw(t, "score"), time.Duration(rapid.IntRange(0, 72).Draw(t, "hour"))*time.Hour)
				r.WhyNot = rapid.SampledFrom([]models.WhyNot{models.Valid, models.Valid, models.Valid, models.Void}).Draw(t, "why not")
				return r
			}), 0, 8).Draw(t, "ratings")
			for i := range given {
				given[i].At = given[i].At.Add(time.Duration(i) * time.Second) // no two at one time: ids would decide
			}
			for i, r := range given {
				r.SourceKey = fmt.Sprint("key ", i)
				for _, tenant := range []models.Tenant{merged, plain} {
					if tenant == plain && r.ContactID == "a" {
						r.ContactID = "b"
					}
					write(t, tenant, func(tx *models.Tx) error {
						_, err := tx.Conversation(r.ConversationID)
						if err == nil {
							_, _, err = tx.AddRating(r)
						}
						return err
					})
				}
			}
			for range 2 { // the second time changes nothing
				write(t, merged, func(tx *models.Tx) error { return tx.MergeContact("a", "b") })
			}
			for _, statement := range []string{
				"SELECT conversation_id, contact_id, source_key, score, change, previous_score, why_not FROM ratings WHERE workspace_id = '%s' ORDER BY source_key",
				`SELECT conversation_id, contact_id, day, first_score, latest_score, change, ratings, credit, asked_again FROM summaries
					WHERE workspace_id = '%s' ORDER BY conversation_id, contact_id`,
				"SELECT day, channel, teammate_id, rated, first_positive, latest_positive, better, same, worse FROM rollup_days WHERE workspace_id = '%s' AND rated > 0 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9",
				"SELECT day, first_score, latest_score, pairs FROM rollup_moves WHERE workspace_id = '%s' AND pairs > 0 ORDER BY 1, 2, 3, 4",
			} {
				got, want := query(t, db, fmt.Sprintf(statement, merged.Workspace)), query(t, db, fmt.Sprintf(statement, plain.Workspace))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-one contact +merged)\n%s", statement, diff)
				}
			}
		})
	})
}

// All that is stored of the one is the other's, and the other stays erased where it was.
func TestWhatGoesWithAMergedContact(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		write(t, tenant, func(tx *models.Tx) error {
			talk, err := tx.Conversation("7")
			r := answer("7", "a", "key", 1, 0)
			r.Remark = "Mine."
			_, _, added := tx.AddRating(r)
			_, felt := tx.AddFeedback(models.Feedback{Source: models.FromHome, SourceKey: "f", Text: "Mine.", ContactID: "a"})
			_, shown := tx.ShowHome("a", "7")
			return errors.Join(err, tx.SaveContact(models.Contact{ID: "a", Name: "A"}), tx.ReadConversation(talk, "chat", []string{"a"}), added, felt, shown,
				tx.EraseContact("b"), tx.MergeContact("a", "b"))
		})
		if got := must(tenant.ContactsOf(ctx, "7"))(t); !slices.Equal(got, []string{"b"}) {
			t.Errorf("in the conversation are %v", got)
		}
		if r := must(tenant.RatingsOf(ctx, "7"))(t)[0]; r.ContactID != "b" || r.Remark != "" || r.Score != 1 {
			t.Errorf("the rating is %+v", r)
		}
		if f := must(tenant.Feedback(ctx, models.FeedbackFilter{}, nil, 10))(t); len(f) != 1 || f[0].ContactID == "a" || f[0].Text != "" {
			t.Errorf("the feedback is %+v", f)
		}
		if n := query(t, db, "SELECT COUNT(*) FROM home_looks")[0][0]; n != "0" {
			t.Errorf("%s looks at Home are left", n)
		}
	})
}

// News of two merges leads to the last of three contacts, whichever comes first.
func TestMergesInAnyOrder(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		for name, merges := range map[string][][2]string{"in order": {{"a", "b"}, {"b", "c"}}, "backwards": {{"b", "c"}, {"a", "b"}}, "in a circle": {{"a", "b"}, {"b", "a"}, {"b", "c"}, {"a", "c"}}} {
			tenant := install(t, db, name)
			write(t, tenant, func(tx *models.Tx) error {
				for _, id := range []string{"a", "b", "c"} {
					if err := tx.SaveContact(models.Contact{ID: id}); err != nil {
						return err
					}
				}
				_, err := tx.Conversation("7")
				_, _, added := tx.AddRating(answer("7", "a", "key", 3, 0))
				return errors.Join(err, added)
			})
			for _, m := range merges {
				write(t, tenant, func(tx *models.Tx) error {
					if err := tx.MergeContact(m[0], m[1]); err != nil {
						return err
					}
					_, err := tx.ContactGone(m[0], m[1])
					return err
				})
			}
			if got := must(tenant.RatingsOf(ctx, "7"))(t)[0].ContactID; got != "c" {
				t.Errorf("%s: the rating is %s's, want c's", name, got)
			}
		}
	})
}
