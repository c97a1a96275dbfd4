package models_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// tap is one act on one of few conversations.
type tap struct {
	workspace, conversation, contact string
	score                            int
	how                              int
}

var errBoom = errors.New("boom")

// act does what a tap on a card does, or something odd.
func (p tap) act(tx *models.Tx) error {
	talk, err := tx.Conversation(p.conversation)
	if err != nil {
		return err
	}
	request, err := tx.Request("r" + p.conversation)
	if err != nil {
		return err
	}
	if _, err := tx.LatestAnswer(request.ID, p.contact); !errors.Is(err, models.ErrNotFound) {
		return errors.Join(err, errBoom)
	}
	if p.how == 0 { // reads what nobody read beforehand
		if _, err := tx.RatingsOf(p.conversation); err != nil {
			return err
		}
	}
	if err := tx.SaveContact(models.Contact{ID: p.contact, Name: p.contact, Role: "user"}); err != nil {
		return err
	}
	row := answer(p.conversation, p.contact, fmt.Sprint("card:", p.conversation, p.contact), p.score, time.Hour)
	row.RequestID, row.Channel, row.Revision = request.ID, talk.Channel, 1
	stored, _, err := tx.AddRating(row)
	if err != nil {
		return err
	}
	if err := errors.Join(tx.RequestRated(request.ID), tx.WriteLater(stored, tx.Now, models.Note, models.DataEvent), tx.SyncLater(p.conversation, tx.Now)); err != nil {
		return err
	}
	switch p.how {
	case 1:
		return errBoom // after everything
	case 2:
		panic("boom")
	}
	return nil
}

// Acts that share a transaction come to what each would by itself; one that fails or panics leaves nothing and the others alone.
func TestTogetherIsAsAlone(t *testing.T) {
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		alone, shared := modelstest.Open(t, dialect), modelstest.Open(t, dialect)
		random := rand.New(rand.NewPCG(1, uint64(len(dialect))))
		workspaces := []string{"v", "w"}
		for _, db := range []modelstest.DB{alone, shared} {
			for _, w := range workspaces {
				tenant := install(t, db, w)
				write(t, tenant, func(tx *models.Tx) error { return asked(tx, 12) })
			}
		}
		var taps []tap
		for range 160 {
			taps = append(taps, tap{
				workspaces[random.IntN(2)], fmt.Sprint(random.IntN(12)), fmt.Sprint("c", random.IntN(4)), 1 + random.IntN(5), random.IntN(12),
			})
		}
		// Of the same contact and conversation the first in any order would win: one score for both.
		for i := range taps {
			taps[i].score = 1 + int(taps[i].conversation[0]+taps[i].contact[1])%5
		}
		ok := func(p tap, err error) error {
			if err != nil && !errors.Is(err, errBoom) && !strings.Contains(err.Error(), "panic: boom") {
				return err
			}
			if err == nil && (p.how == 1 || p.how == 2) {
				return fmt.Errorf("%+v has not failed", p)
			}
			return nil
		}
		for _, p := range taps {
			if p.how != 2 {
				if err := ok(p, alone.Tenant(p.workspace).Write(ctx, p.act)); err != nil {
					t.Fatal(err)
				}
			}
		}
		together(t, len(taps), func(i int) error {
			p := taps[i]
			return ok(p, shared.Tenant(p.workspace).Together(ctx, models.Act{Conversation: p.conversation, Contact: p.contact}, p.act))
		})
		for _, w := range workspaces {
			if got, want := told(t, shared, w), told(t, alone, w); !slices.Equal(got, want) {
				t.Errorf("together\n%s\nalone\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if got, want := report(t, shared.Tenant(w), always(time.UTC)), report(t, alone.Tenant(w), always(time.UTC)); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("the report together is %+v, alone %+v", got, want)
			}
			allRight(t, shared.Tenant(w))
		}
	})
}

// asked makes conversations with a request each; some have a rating from Intercom, in one of them an unknown contact's.
func asked(tx *models.Tx, n int) error {
	for i := range n {
		id := fmt.Sprint(i)
		talk, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		if err := tx.ReadConversation(talk, models.Chat, []string{"c0", "c1", "c2"}); err != nil {
			return err
		}
		if i%3 == 0 {
			native := answer(id, "c0", "native "+id, 1+i%5, 0)
			native.Source = models.FromIntercom
			if _, _, err := tx.AddRating(native); err != nil {
				return err
			}
		}
		sent := tx.Now
		request, err := tx.BeginRequest(talk, rating.Send, models.Request{Method: models.ByCard, WordingVersion: 1, SentAt: &sent})
		if err != nil {
			return err
		}
		if err := tx.NameRequest(request.ID, "r"+id); err != nil {
			return err
		}
	}
	return nil
}

// told is everything that is stored of a workspace's answers, without ids, in an order of its own.
func told(t tb, db modelstest.DB, workspace string) (all []string) {
	t.Helper()
	for _, statement := range []string{
		"SELECT conversation_id, contact_id, request_id, revision, source_key, score, change, previous_score, why_not, at FROM ratings WHERE workspace_id = '%s'",
		`SELECT conversation_id, contact_id, day, first_score, latest_score, change, ratings, credit, asked_again, latest_at, waiting FROM summaries WHERE workspace_id = '%s'`,
		"SELECT id, state, rated_at FROM requests WHERE workspace_id = '%s'",
		"SELECT w.kind, w.state, w.due_at, r.source_key FROM write_backs w JOIN ratings r ON r.workspace_id = w.workspace_id AND r.id = w.rating_id WHERE w.workspace_id = '%s'",
		"SELECT conversation_id, due_at FROM outbox WHERE workspace_id = '%s'",
		"SELECT id, name, role FROM contacts WHERE workspace_id = '%s'",
	} {
		var rows []string
		for _, row := range query(t, db, fmt.Sprintf(statement, workspace)) {
			rows = append(rows, strings.Join(row, " "))
		}
		slices.Sort(rows)
		all = append(all, rows...)
	}
	return all
}

// While a newer version of the program is brought in, one that is older meets columns that it does not know.
func TestAnOlderVersionStoresAnswers(t *testing.T) {
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		db := modelstest.Open(t, dialect)
		tenant := install(t, db, "w")
		write(t, tenant, func(tx *models.Tx) error { return asked(tx, 2) })
		for _, table := range []string{"workspaces", "conversations", "requests", "ratings", "summaries", "contacts", "write_backs"} {
			execute(t, db, "ALTER TABLE "+table+" ADD COLUMN newer TEXT NOT NULL DEFAULT 'x'")
		}
		p := tap{"w", "1", "c1", 4, 9}
		if err := tenant.Together(ctx, models.Act{Conversation: p.conversation, Contact: p.contact}, p.act); err != nil {
			t.Fatal(err)
		}
		if got := query(t, db, "SELECT COUNT(*) FROM ratings WHERE request_id = 'r1'")[0][0]; got != "1" {
			t.Errorf("%s answers are stored", got)
		}
	})
}
