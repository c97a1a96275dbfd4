package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/models/modelstest"
)

// Figures and files come from a read replica while it keeps up, and from the primary when it is away or behind; what somebody
// acts on comes from the primary always.
func TestFiguresFromAReadReplica(t *testing.T) {
	t.Parallel()
	server := modelstest.NewServer(t)
	w := newWorldOn(t, server.URL, manyCalls)
	raters := w.raters(3)
	follower := server.Follow()
	w.restart("RERATE_DATABASE_READ_URL", follower.URL)
	rated := func() int {
		var summary struct{ Counted struct{ Rated int } }
		w.get("/summary?from=2026-01-01&to=2026-12-31", &summary)
		if lines := strings.Count(string(w.call(http.MethodGet, "/ratings.csv", nil, http.StatusOK)), "\n") - 1; lines != summary.Counted.Rated {
			return -1 // between the two something came
		}
		return summary.Counted.Rated
	}
	listed := func() int {
		var list struct{ Items []any }
		w.get("/ratings", &list)
		return len(list.Items)
	}
	tap := func(n int) {
		if got := w.tapOnce(raters[n], 1+n); got != thanked {
			t.Errorf("a tap shows %s", got)
		}
	}
	now := func() { w.clock.Move(10 * time.Second) } // so that somebody looks whether the replica is there
	tap(0)
	w.within(patience, "the replica has heard of it", func() bool { return rated() == 1 })

	there := &world{t: t, ctx: w.ctx, environment: map[string]string{"RERATE_DATABASE_URL": follower.URL}}
	there.textOf("SELECT pg_wal_replay_pause()")
	there.within(patience, "the replica stands still", func() bool { return there.textOf("SELECT pg_get_wal_replay_pause_state()") == "paused" })
	tap(1)
	if rated() != 1 || listed() != 2 {
		t.Errorf("figures are of %d ratings, want the replica's 1; the list has %d, want the primary's 2", rated(), listed())
	}
	there.textOf("SELECT pg_wal_replay_resume()")
	w.within(patience, "the replica goes on", func() bool { return rated() == 2 })

	follower.Stop(false)
	tap(2)
	if got := rated(); got != 3 {
		t.Errorf("without the replica, figures are of %d ratings", got)
	}
	now()
	if got := rated(); got != 3 {
		t.Errorf("without the replica, a while later, figures are of %d ratings", got)
	}
	follower.Start()
	now()
	w.within(patience, "the replica is there again", func() bool { return rated() == 3 })
	w.storedOnce(raters)
}

// textOf asks a database that may not be written for one value.
func (w *world) textOf(statement string) (text string) {
	w.t.Helper()
	pool, done := w.outside()
	defer done()
	w.must(pool.QueryRowContext(w.ctx, "SELECT CAST(("+statement+") AS TEXT)").Scan(&text))
	return text
}
