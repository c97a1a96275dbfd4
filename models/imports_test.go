package models_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// importRow is a row of a file, hours after modelstest.Start.
func importRow(line int, conversation, contact string, score, hours int) models.ImportRow {
	return models.ImportRow{
		Line: line, ConversationID: conversation, ContactID: contact, SourceKey: fmt.Sprintf("import:%s:%s:%d:%d", conversation, contact, score, hours),
		Score: score, Scale: 5, Sentiment: rating.SentimentOf(score, 5), Emoji: "🙂", Label: "Label", Remark: fmt.Sprintf("line %d", line),
		At: modelstest.Start.Add(time.Duration(hours) * time.Hour), Channel: "email",
	}
}

// startImport stores a file and stages rows of it.
func startImport(t tb, tenant models.Tenant, rows ...models.ImportRow) (i models.Import) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) (err error) {
		if i, err = tx.AddImport(models.Import{FileName: "old.csv", File: []byte("x")}); err != nil {
			return err
		}
		i.State = models.ImportAdding
		if i.Staged, err = tx.StageImport(i, rows); err != nil {
			return err
		}
		return tx.SaveImport(i)
	})
	return i
}

// prepare derives what all units will say, in bites of three.
func prepare(t tb, tenant models.Tenant, i models.Import) (units int) {
	t.Helper()
	for last := (models.Unit{}); ; {
		n := 0
		write(t, tenant, func(tx *models.Tx) (err error) {
			last, n, err = tx.PrepareImport(i, last, 3)
			return err
		})
		if n == 0 {
			return units
		}
		units += n
	}
}

func finish(t tb, tenant models.Tenant, i models.Import, few int) (done bool) {
	t.Helper()
	err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.FinishImport(i, few) })
	if err != nil && !errors.Is(err, models.ErrImportNotPrepared) {
		t.Fatal(err)
	}
	return err == nil
}

func takeBack(t tb, tenant models.Tenant, i models.Import) models.Import {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) (err error) {
		if i, err = tx.HoldImport(i.ID); err != nil {
			return err
		}
		i.State = models.ImportRemoving
		return tx.SaveImport(i)
	})
	return i
}

// Ratings that come with a file end in the same figures as ratings given one by one, whatever was there before and
// whatever happens while the file is being added; taken back, nothing of them is left.
func TestAnImportIsAsIfGivenInOrder(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		for seed := range uint64(12) {
			random := rand.New(rand.NewPCG(seed, 1))
			pick := func(from ...string) string { return from[random.IntN(len(from))] }
			tenant, twin := install(t, db, fmt.Sprint("file ", seed)), install(t, db, fmt.Sprint("taps ", seed))
			both := func(do func(*models.Tx) error) { write(t, tenant, do); write(t, twin, do) }
			key := 0
			tap := func() {
				r := answer(pick("1", "2", "3", "4"), pick("a", "b"), fmt.Sprint("tap ", key), 1+random.IntN(5), time.Duration(random.IntN(300))*time.Hour)
				r.WhyNot, r.TeammateID = models.WhyNot(pick("", "", "", "void")), pick("", "t1", "t2")
				key++
				both(func(tx *models.Tx) error {
					if _, err := tx.Conversation(r.ConversationID); err != nil {
						return err
					}
					_, _, err := tx.AddRating(r)
					return err
				})
			}
			meanwhile := func() {
				switch random.IntN(5) {
				case 0, 1:
					tap()
				case 2:
					id, channel := pick("1", "2", "3", "4"), pick("chat", "email")
					both(func(tx *models.Tx) error {
						known, err := tx.Conversation(id)
						if err != nil {
							return err
						}
						return tx.ReadConversation(known, channel, []string{"a", "b"})
					})
				case 3:
					zone := pick("Asia/Tokyo", "UTC", "America/New_York")
					both(func(tx *models.Tx) error { return moveTo(tx, zone) })
				case 4:
					id := pick("1", "2", "3", "4")
					both(func(tx *models.Tx) error {
						known, err := tx.Conversation(id)
						if err != nil {
							return err
						}
						_, err = tx.SendRequest(known, models.ByCard, 1, func(time.Time) bool { return true })
						return err
					})
				}
			}
			for range random.IntN(8) {
				tap()
			}
			db.Clock.Move(time.Duration(random.IntN(200)) * time.Hour)
			var rows []models.ImportRow
			for line := range 1 + random.IntN(14) {
				row := importRow(line+2, pick("1", "2", "3", "4", "5", "6"), pick("a", "b", "c"), 1+random.IntN(5), random.IntN(300))
				if slices.ContainsFunc(rows, func(r models.ImportRow) bool { return r.SourceKey == row.SourceKey }) {
					continue
				}
				row.Channel, row.TeammateID = models.Chat, pick("", "t1", "t3")
				rows = append(rows, row)
			}
			before := derivedOf(t, db, tenant.Workspace)
			i := startImport(t, tenant, rows...)
			if now := derivedOf(t, db, tenant.Workspace); !diff.Equal(before, now) {
				t.Fatalf("seed %d: staged rows show: %s", seed, diff.Diff(before, now))
			}
			meanwhile()
			prepare(t, tenant, i)
			meanwhile()
			meanwhile()
			for !finish(t, tenant, i, random.IntN(3)) {
				prepare(t, tenant, i)
			}
			for _, r := range rows {
				write(t, twin, func(tx *models.Tx) error {
					talk, err := tx.Conversation(r.ConversationID)
					if err != nil {
						return err
					}
					_, _, err = tx.AddRating(models.Rating{
						ConversationID: r.ConversationID, ContactID: r.ContactID, Source: models.FromImport, SourceKey: r.SourceKey, Score: r.Score,
						Scale: r.Scale, Sentiment: r.Sentiment, At: r.At, TeammateID: r.TeammateID, Channel: talk.Channel,
					})
					return err
				})
			}
			sameAs(t, db, seed, "added", tenant, twin)

			i = takeBack(t, tenant, i)
			meanwhile()
			prepare(t, tenant, i)
			meanwhile()
			for !finish(t, tenant, i, random.IntN(3)) {
				prepare(t, tenant, i)
			}
			for _, r := range rows {
				write(t, twin, func(tx *models.Tx) error {
					for _, stored := range must(tx.RatingsOf(r.ConversationID))(t) {
						if stored.SourceKey == r.SourceKey {
							return tx.SetWhyNot(stored, models.Undone)
						}
					}
					return nil
				})
			}
			execute(t, db, fmt.Sprintf("DELETE FROM ratings WHERE workspace_id = '%s' AND source = 'import'", twin.Workspace))
			sameAs(t, db, seed, "taken back", tenant, twin)
		}
	})
}

func execute(t tb, db modelstest.DB, statement string) {
	t.Helper()
	if _, err := must(db.SQL())(t).ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// sameAs wants two workspaces to have the same figures, and the first to have those that a rebuild gives.
func sameAs(t *testing.T, db modelstest.DB, seed uint64, what string, tenant, twin models.Tenant) {
	t.Helper()
	got := derivedOf(t, db, tenant.Workspace)
	if want := derivedOf(t, db, twin.Workspace); !diff.Equal(got, want) {
		t.Fatalf("seed %d, %s (-one by one +file)\n%s", seed, what, diff.Diff(want, got))
	}
	write(t, tenant, func(tx *models.Tx) error { return tx.RebuildReports() })
	if rebuilt := derivedOf(t, db, tenant.Workspace); !diff.Equal(got, rebuilt) {
		t.Fatalf("seed %d, %s (-kept +rebuilt)\n%s", seed, what, diff.Diff(got, rebuilt))
	}
}

// derivedOf is everything that is derived from a workspace's ratings, but for sums in which nothing is left.
func derivedOf(t tb, db modelstest.DB, workspace string) map[string][][]string {
	t.Helper()
	all := map[string][][]string{}
	for name, statement := range map[string]string{
		"summaries": `SELECT s.workspace_id, s.conversation_id, s.contact_id, day, s.channel, s.teammate_id, first_teammate_id, first_score, first_scale,
			latest_score, latest_scale, first_sentiment, latest_sentiment, best_sentiment, worst_sentiment, s.change, ratings, credit, asked_again,
			s.replied, waiting, latest_at, r.source_key FROM summaries s JOIN ratings r ON r.workspace_id = s.workspace_id AND r.id = s.latest_id
			WHERE s.workspace_id = '%s' ORDER BY 2, 3`,
		"ratings": "SELECT workspace_id, conversation_id, contact_id, at, source_key, change, previous_score, channel FROM ratings WHERE workspace_id = '%s' ORDER BY 2, 3, 4, 5",
		"days":    "SELECT * FROM rollup_days WHERE workspace_id = '%s' AND rated <> 0 ORDER BY 2, 3, 4, 5, 6",
		"moves":   "SELECT * FROM rollup_moves WHERE workspace_id = '%s' AND pairs <> 0 ORDER BY 2, 3, 4, 5, 6, 7, 8, 9, 10",
	} {
		rows := query(t, db, fmt.Sprintf(statement, workspace))
		for i := range rows {
			rows[i] = rows[i][1:]
		}
		all[name] = rows
	}
	return all
}

func TestOneImportAtATime(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		startImport(t, tenant, importRow(2, "1", "a", 5, 0))
		err := tenant.Write(ctx, func(tx *models.Tx) error {
			i, err := tx.AddImport(models.Import{FileName: "second.csv"})
			if err != nil {
				return err
			}
			i.State = models.ImportAdding
			return tx.SaveImport(i)
		})
		if !errors.Is(err, models.ErrImportUnderWay) {
			t.Errorf("the second says %v", err)
		}
		startImport(t, install(t, db, "another"), importRow(2, "1", "a", 5, 0))
	})
}

func TestWhatIsThereAlreadyIsNotStagedAgain(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		rows := []models.ImportRow{importRow(2, "1", "a", 5, 0), importRow(3, "2", "b", 1, 0)}
		i := startImport(t, tenant, rows...)
		prepare(t, tenant, i)
		if !finish(t, tenant, i, 0) {
			t.Fatal("it did not finish")
		}
		again := startImport(t, tenant, append(rows, importRow(4, "1", "a", 3, 9))...)
		if again.Staged != 1 {
			t.Errorf("staged again: %d", again.Staged)
		}
		known := must(tenant.KnownSources(ctx, []string{rows[0].SourceKey, "other"}))(t)
		if !known[rows[0].SourceKey] || known["other"] {
			t.Errorf("known: %v", known)
		}
	})
}

// Where the file names no contact the only one of the conversation is meant, and an erased one says nothing again.
func TestContactsOfAnImport(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		write(t, tenant, func(tx *models.Tx) error {
			for id, contacts := range map[string][]string{"1": {"a"}, "2": {"a", "b"}} {
				talk, err := tx.Conversation(id)
				if err != nil {
					return err
				}
				if err := tx.ReadConversation(talk, "chat", contacts); err != nil {
					return err
				}
			}
			return tx.EraseContact("gone")
		})
		i := startImport(t, tenant, importRow(2, "1", "", 5, 0), importRow(3, "2", "", 5, 0), importRow(4, "3", "", 5, 0), importRow(5, "4", "gone", 5, 0))
		prepare(t, tenant, i)
		finish(t, tenant, i, 0)
		for conversation, want := range map[string]models.Rating{
			"1": {ContactID: "a", Channel: "chat", Remark: "line 2"}, "2": {Channel: "chat", Remark: "line 3"},
			"3": {Channel: "email", Remark: "line 4"}, "4": {ContactID: "gone", Channel: "email"},
		} {
			got := must(tenant.RatingsOf(ctx, conversation))(t)[0]
			if got.ContactID != want.ContactID || got.Channel != want.Channel || got.Remark != want.Remark {
				t.Errorf("conversation %s: %+v", conversation, got)
			}
			if got.Source != models.FromImport || got.Integrity != models.ByImport || got.WhyNot != "" || got.ImportID != i.ID {
				t.Errorf("conversation %s: %+v", conversation, got)
			}
		}
	})
}

// What an import leaves beside the ratings is deleted in bites, its file with the last.
func TestClearingAnImport(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		var rows []models.ImportRow
		for n := range 7 {
			rows = append(rows, importRow(n+2, fmt.Sprint(n), "a", 5, n))
		}
		i := startImport(t, tenant, rows...)
		prepare(t, tenant, i)
		finish(t, tenant, i, 0)
		bites := 0
		for more := true; more; bites++ {
			write(t, tenant, func(tx *models.Tx) (err error) {
				more, err = tx.ClearImport(i.ID, 3)
				return err
			})
		}
		if bites != 3 {
			t.Errorf("%d bites", bites)
		}
		for _, table := range []string{"import_rows", "pending_summaries", "pending_changes"} {
			if n := query(t, db, "SELECT COUNT(*) FROM "+table)[0][0]; n != "0" {
				t.Errorf("%s rows are left in %s", n, table)
			}
		}
		if got := must(tenant.Import(ctx, i.ID))(t); got.File != nil || got.State != models.ImportAdded || got.FinishedAt == nil {
			t.Errorf("the import is %+v", got)
		}
	})
}

func TestFilesThatNobodyAddsAreSwept(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		write(t, tenant, func(tx *models.Tx) error {
			_, err := tx.AddImport(models.Import{FileName: "forgotten.csv"})
			return err
		})
		kept := startImport(t, tenant, importRow(2, "1", "a", 5, 0))
		db.Clock.Move(7 * 24 * time.Hour)
		if err := db.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if left := must(tenant.Imports(ctx, 10))(t); len(left) != 2 {
			t.Errorf("after seven days there are %d", len(left))
		}
		db.Clock.Move(time.Microsecond)
		if err := db.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if left := must(tenant.Imports(ctx, 10))(t); len(left) != 1 || left[0].ID != kept.ID {
			t.Errorf("later there are %+v", left)
		}
	})
}
