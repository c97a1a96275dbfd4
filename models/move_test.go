package models_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/models"
	"rerate/models/modelstest"
)

// moving is a SQLite database with some ratings, and an empty PostgreSQL.
type moving struct {
	t      *testing.T
	from   modelstest.DB
	tenant models.Tenant
	to     string
	proxy  *modelstest.Proxy // through which the target is reached
}

func newMoving(t *testing.T) *moving {
	t.Helper()
	t.Parallel()
	m := &moving{t: t, to: modelstest.Empty(t, models.Postgres), from: modelstest.Open(t, models.SQLite)}
	m.proxy = modelstest.Between(t, m.to)
	m.tenant = install(t, m.from, "w")
	past := modelstest.Past{Store: m.from.Store, Workspace: "w", Ratings: 300, Until: modelstest.Start}
	if err := past.Fill(ctx); err != nil {
		t.Fatal(err)
	}
	write(t, m.tenant, func(tx *models.Tx) error { _, err := tx.IndexRemarks("", 1000); return err })
	m.rate("7", 5)
	return m
}

func (m *moving) rate(conversation string, score int) {
	m.t.Helper()
	r := add(m.t, m.tenant, answer(conversation, "c", conversation, score, 0))
	write(m.t, m.tenant, func(tx *models.Tx) error { _, err := tx.AddRemark(r.ID, hostile["control"]+hostile["SQL"]); return err })
}

func (m *moving) transfer() models.Transfer {
	return models.Transfer{From: m.from.URL, To: m.proxy.URL, Now: m.from.Clock.Now}
}

// target opens what has come.
func (m *moving) target() modelstest.DB {
	m.t.Helper()
	db := m.from
	db.URL = m.to
	db.Store = db.Again(m.t)
	return db
}

// untouched wants the source to take ratings and the target to have none.
func (m *moving) untouched(conversation string) {
	m.t.Helper()
	m.rate(conversation, 4)
	if n := query(m.t, m.target(), "SELECT COUNT(*) FROM ratings")[0][0]; n != "0" {
		m.t.Errorf("the target has %s ratings", n)
	}
}

// arrived wants every row of the source in the target, and the source closed.
func (m *moving) arrived() {
	m.t.Helper()
	to := m.target()
	keys := keyed(m.t, to)
	delete(keys, "rating_words") // each engine has its own
	if diff := cmp.Diff(dump(m.t, m.from, keys, "w"), dump(m.t, to, keys, "w")); diff != "" {
		m.t.Errorf("both sides differ: %s", diff)
	}
	f := models.RatingFilter{Filter: always(time.UTC), Search: modelstest.CommonWord}
	f.Range.From = "2020-01-01"
	there, here := must(m.from.Tenant("w").Ratings(ctx, f, nil, 500))(m.t), must(to.Tenant("w").Ratings(ctx, f, nil, 500))(m.t)
	if len(here) < 10 || !cmp.Equal(here, there) {
		m.t.Errorf("a search finds %d ratings, before the move %d", len(here), len(there))
	}
	err := m.tenant.Write(ctx, func(tx *models.Tx) error { _, err := tx.Conversation("late"); return err })
	if err == nil || !strings.Contains(err.Error(), "moved away") {
		m.t.Errorf("who still has SQLite open writes to it: %v", err)
	}
	if err := m.from.Ready(ctx); err == nil {
		m.t.Error("who still has SQLite open is ready")
	}
	if err := m.from.SchemaFits(ctx); !errors.Is(err, models.ErrMovedAway) {
		m.t.Errorf("who opens SQLite is told %v", err)
	}
	if err := models.Migrate(ctx, m.from.URL); !errors.Is(err, models.ErrMovedAway) {
		m.t.Errorf("who starts on SQLite is told %v", err)
	}
	add(m.t, to.Tenant("w"), answer("8", "c", "8", 5, 0))
}

func TestEverythingMoves(t *testing.T) {
	m := newMoving(t)
	for name, text := range hostile {
		keep(t, m.from.Tenant("w"), "1"+name, text)
	}
	var told []string
	transfer := m.transfer()
	transfer.Tell = func(p models.Progress) {
		if p.Rows == p.Of {
			told = append(told, p.Table)
		}
	}
	transfer.Rehearse = true
	if moved, err := transfer.Run(ctx); err != nil || moved.Rows < 1000 {
		t.Fatalf("the rehearsal: %+v, %v", moved, err)
	}
	m.untouched("after")
	transfer.Rehearse = false
	moved := must(transfer.Run(ctx))(t)
	if moved.Already || moved.Rows < 1000 || len(moved.Replaced) != 0 || !slices.Contains(told, "ratings") {
		t.Errorf("it moved %+v and told of %v", moved, told)
	}
	if moved := must(transfer.Run(ctx))(t); !moved.Already {
		t.Errorf("once more it moved %+v", moved)
	}
	m.arrived()
	if _, err := transfer.Run(ctx); !errors.Is(err, models.ErrNotEmpty) {
		t.Errorf("once more, after PostgreSQL has taken a rating: %v", err)
	}
	if err := models.Reopen(ctx, m.from.URL); err != nil {
		t.Fatal(err)
	}
	m.rate("again", 3)
	if err := models.Reopen(ctx, m.from.URL); err == nil {
		t.Error("what is open is opened")
	}
}

// What others than Rerate have put into SQLite is moved as PostgreSQL can keep it, and told, or nothing is moved.
func TestOddValuesMove(t *testing.T) {
	m := newMoving(t)
	raw := m.raw()
	for _, statement := range []string{
		"UPDATE ratings SET label = 'a' || char(0) || 'b', emoji = CAST(x'61ff62' AS TEXT), teammate_name = x'4a616e65', at = '2026-03-02 18:00:00.123456789+09:00' WHERE conversation_id = '7'",
		`UPDATE workspaces SET name = 'tab' || char(9) || 'back\slash\N', installed_at = '0001-01-01 00:00:00+00:00'`,
		"UPDATE contacts SET updated_at = '2026-03-02T09:00:00.5Z' WHERE id = 'contact-000000001'",
	} {
		if _, err := raw.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	moved := must(m.transfer().Run(ctx))(t)
	if want := []models.Replaced{{Column: "ratings.emoji", Values: 1}, {Column: "ratings.label", Values: 1}}; !cmp.Equal(moved.Replaced, want) {
		t.Errorf("it tells that it replaced %v", moved.Replaced)
	}
	to := m.target().Tenant("w")
	r := must(to.RatingsOf(ctx, "7"))(t)[0]
	if at := time.Date(2026, 3, 2, 9, 0, 0, 123_456_000, time.UTC); r.Label != "a\ufffdb" || r.Emoji != "a\ufffdb" || r.TeammateName != "Jane" || !r.At.Equal(at) {
		t.Errorf("the rating is %+v", r)
	}
	if w := must(to.Get(ctx))(t); w.Name != "tab\tback\\slash\\N" || !w.InstalledAt.Equal(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the workspace is %+v", w)
	}
}

func TestWhatCannotMoveMovesNothing(t *testing.T) {
	for column, value := range map[string]string{"at": "'yesterday'", "replied": "7", "revision": "'x'", "score": "99999999999"} {
		t.Run(column, func(t *testing.T) {
			m := newMoving(t)
			if _, err := m.raw().ExecContext(ctx, "PRAGMA ignore_check_constraints = on; UPDATE ratings SET "+column+" = "+value+" WHERE conversation_id = '7'"); err != nil {
				t.Fatal(err)
			}
			if _, err := m.transfer().Run(ctx); err == nil || !strings.Contains(err.Error(), "ratings") || column != "score" && !strings.Contains(err.Error(), column) { // PostgreSQL itself refuses a score
				t.Errorf("it says %v", err)
			}
			m.untouched("after")
		})
	}
}

// raw opens the source as somebody else would.
func (m *moving) raw() *sql.DB {
	m.t.Helper()
	db := must(sql.Open("sqlite3", strings.TrimPrefix(m.from.URL, "sqlite://")+"?_busy_timeout=5000"))(m.t)
	m.t.Cleanup(func() { db.Close() })
	return db
}

// Broken off wherever it may be, a move leaves both sides as they were, and goes through the next time.
func TestAMoveThatIsBrokenOff(t *testing.T) {
	ways := map[string]func(m *moving, transfer *models.Transfer) context.Context{
		"by the operator": func(m *moving, transfer *models.Transfer) context.Context {
			stopped, stop := context.WithCancel(ctx)
			m.t.Cleanup(stop)
			transfer.Tell = func(p models.Progress) {
				if p.Table == "ratings" {
					stop()
				}
			}
			return stopped
		},
		"by a lost connection": func(m *moving, transfer *models.Transfer) context.Context {
			transfer.Tell = func(p models.Progress) {
				if p.Table == "ratings" {
					m.proxy.Cut()
				}
			}
			return ctx
		},
		"by PostgreSQL": func(m *moving, transfer *models.Transfer) context.Context {
			transfer.Tell = func(p models.Progress) {
				if p.Table == "ratings" {
					query(m.t, m.target(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
				}
			}
			return ctx
		},
		"before COMMIT arrives": func(m *moving, transfer *models.Transfer) context.Context {
			transfer.Tell = func(p models.Progress) {
				if p.Table == "ratings" {
					m.proxy.LoseCommits(1)
				}
			}
			return ctx
		},
	}
	for name, breakOff := range ways {
		t.Run(name, func(t *testing.T) {
			m := newMoving(t)
			transfer := m.transfer()
			ctx := breakOff(m, &transfer)
			if moved, err := transfer.Run(ctx); err == nil {
				t.Fatalf("it moved %+v", moved)
			}
			m.untouched("after")
			if moved := must(m.transfer().Run(context.Background()))(t); moved.Already {
				t.Errorf("the next time it moved %+v", moved)
			}
			m.arrived()
		})
	}
}

// The answer to the COMMIT is lost: the rows are there, and the move sees that.
func TestAMoveWhoseEndNobodyHears(t *testing.T) {
	m := newMoving(t)
	transfer := m.transfer()
	transfer.Tell = func(p models.Progress) {
		if p.Table == "ratings" {
			m.proxy.LoseAnswers(1)
		}
	}
	must(transfer.Run(ctx))(t)
	if m.proxy.ToLose() != 0 {
		t.Error("nothing was lost")
	}
	m.arrived()
}

// Broken off between the two ends, as by a kill: nobody takes ratings until the move has been run again.
func TestAMoveThatIsBrokenOffBetweenTheEnds(t *testing.T) {
	m := newMoving(t)
	transfer := m.transfer()
	transfer.Tell = func(p models.Progress) {
		if p.Table == "ratings" {
			m.proxy.LoseCommitAndAll()
		}
	}
	if _, err := transfer.Run(ctx); err == nil || !strings.Contains(err.Error(), "run again") {
		t.Fatalf("it says %v", err)
	}
	if err := m.from.SchemaFits(ctx); !errors.Is(err, models.ErrMovedAway) {
		t.Errorf("who opens SQLite is told %v", err)
	}
	m.proxy = modelstest.Between(t, m.to)
	transfer = m.transfer()
	transfer.Tell = func(p models.Progress) {
		if p.Table == "ratings" {
			m.proxy.LoseCommits(1)
		}
	}
	if _, err := transfer.Run(ctx); err == nil {
		t.Fatal("it went through")
	}
	if err := m.from.SchemaFits(ctx); !errors.Is(err, models.ErrMovedAway) {
		t.Errorf("then who opens SQLite is told %v", err)
	}
	if moved := must(m.transfer().Run(ctx))(t); moved.Already {
		t.Errorf("at last it moved %+v", moved)
	}
	m.arrived()
}

func TestTargetsThatAreRefused(t *testing.T) {
	m := newMoving(t)
	refused := func(to string, want error) {
		t.Helper()
		transfer := m.transfer()
		transfer.To = to
		if _, err := transfer.Run(ctx); err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("a move to %s: %v", to, err)
		}
		m.rate(fmt.Sprint("after ", time.Now().UnixNano()), 4)
	}
	used := modelstest.Open(t, models.Postgres)
	install(t, used, "theirs")
	refused(used.URL, models.ErrNotEmpty)
	if n := len(must(used.AllWorkspaces(ctx))(t)); n != 1 {
		t.Errorf("the target has %d workspaces now", n)
	}
	foreign := modelstest.Empty(t, models.Postgres)
	db := must(sql.Open("pgx", foreign))(t)
	defer db.Close()
	if _, err := db.ExecContext(ctx, "CREATE TABLE things (id INTEGER)"); err != nil {
		t.Fatal(err)
	}
	refused(foreign, models.ErrNotEmpty)
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'").Scan(&tables); err != nil || tables != 1 {
		t.Errorf("a foreign database has %d tables now, %v", tables, err)
	}
	refused(m.from.URL, nil)
	refused("mysql://x", nil)
	for _, from := range []string{"sqlite:///nowhere/rerate.db", used.URL} {
		transfer := m.transfer()
		transfer.From = from
		if _, err := transfer.Run(ctx); err == nil {
			t.Errorf("a move from %s", from)
		}
	}
}
