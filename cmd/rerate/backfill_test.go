package main

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
)

// observe opens the world's database once more, as nobody else, after the app has been stopped.
func (w *world) observe() models.Tenant {
	w.t.Helper()
	p := program{now: time.Now}
	store, err := p.openStore(w.ctx, w.environment["RERATE_DATABASE_URL"])
	w.must(err)
	w.t.Cleanup(func() { store.Close() })
	return store.Tenant(intercomtest.DefaultWorkspace)
}

// serveAsProcess starts `rerate serve` as a process of its own.
func (w *world) serveAsProcess() *exec.Cmd {
	w.t.Helper()
	c := w.process("serve")
	c.Stderr = logTo{w.t}
	w.must(c.Start())
	w.t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	return c
}

func listenLater(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A workspace's past of 20,000 conversations is read while Intercom answers 429 now and then, by a process that is killed
// three times; all of it is there once, and nobody was asked. PostgreSQL, where each statement is a way to another
// process and back, reads a quarter of that.
func TestBackfillSurvivesKills(t *testing.T) {
	plain := buildProgram(t)
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		conversations := 20_000
		if dialect == models.Postgres {
			conversations = 5_000
		}
		w := newWorld(t, dialect, func(o *intercomtest.Options) { o.Now, o.RateLimit = time.Now, 100_000 })
		w.clock.Set(time.Now())
		w.program = plain
		w.byHand()
		w.sandbox.AddClosed(intercomtest.DefaultWorkspace, intercomtest.Bulk{Conversations: conversations, From: time.Now().AddDate(-3, 0, 0)})
		w.connectedNow()
		w.must(w.app.service.StartBackfill(w.ctx, w.tenant.Workspace, "Jane Agent", 0))
		w.stop()
		want := w.sandbox.Count(intercomtest.DefaultWorkspace)
		for range 3 {
			w.sandbox.Misbehave(intercomtest.Fault{
				Kind: intercomtest.RateLimit, Path: "/conversations/search", Times: 1,
				Header: http.Header{"X-RateLimit-Reset": {"-1"}, "X-RateLimit-Remaining": {"plenty"}},
			})
		}
		w.environment["RERATE_ADDR"] = listenLater(t)
		tenant := w.observe()
		began := time.Now()
		look := func() models.Backfill {
			b, err := tenant.Backfill(w.ctx)
			w.must(err)
			return b
		}
		for _, killed := range []struct {
			when string
			fact func(models.Backfill) bool
		}{
			{"a tenth is read", func(b models.Backfill) bool { return b.Done > conversations/10 }},
			{"more than half is read", func(b models.Backfill) bool { return b.Done > conversations*6/10 }},
			{"some are read whole", func(b models.Backfill) bool { return b.WholeDone > 50 }},
		} {
			process := w.serveAsProcess()
			w.within(5*time.Minute, killed.when, func() bool { return killed.fact(look()) })
			w.must(process.Process.Kill())
			_ = process.Wait()
			t.Logf("killed after %v, when %s", time.Since(began).Round(time.Second), killed.when)
		}
		w.serveAsProcess()
		w.within(5*time.Minute, "all is read", func() bool { return look().State == models.BackfillDone })
		b := look()
		t.Logf("%d conversations, %d ratings, %d read whole, in %v", b.Done, b.Ratings, b.WholeDone, time.Since(began).Round(time.Second))
		if b.Total != want.Conversations || b.Done != b.Total || b.WholeDone != b.WholeTotal || b.WholeTotal < 100 {
			t.Errorf("it ends as %+v, want %d conversations", b, want.Conversations)
		}
		w.agrees(tenant, want)
	})
}

// connectedNow has the workspace connected at this moment, so that all there is in Intercom is its past.
func (w *world) connectedNow() {
	w.t.Helper()
	pool, err := w.app.store.SQL()
	w.must(err)
	_, err = pool.ExecContext(w.ctx, "UPDATE workspaces SET installed_at = $1", w.clock.Now())
	w.must(err)
}

// agrees compares what Rerate has learned with what the sandbox counts of itself.
func (w *world) agrees(tenant models.Tenant, want intercomtest.Counts) {
	w.t.Helper()
	store := w.number
	for name, pair := range map[string][2]int{
		"conversations": {store("SELECT COUNT(*) FROM conversations"), want.Conversations},
		"closed":        {store("SELECT COUNT(*) FROM conversations WHERE state = 'closed'"), want.Closed},
		"contacts":      {store("SELECT COUNT(DISTINCT contact_id) FROM conversation_contacts"), want.Contacts},
		"ratings":       {store("SELECT COUNT(*) FROM ratings WHERE source = 'intercom' AND why_not = ''"), want.Rated},
		"remarks":       {store("SELECT COUNT(*) FROM ratings WHERE remark <> ''"), want.Remarks},
		"asked":         {store("SELECT COUNT(*) FROM requests WHERE state <> 'suppressed'"), 0},
		"other rules":   {store("SELECT COUNT(*) FROM requests WHERE rule <> '" + rating.BeforeInstall + "'"), 0},
	} {
		if pair[0] != pair[1] {
			w.t.Errorf("%s: %d, want %d", name, pair[0], pair[1])
		}
	}
	if missing := w.texts(`SELECT c.id || ' ' || c.channel || ', closed ' || CAST(c.closed_at AS TEXT) || ', rows: ' || COALESCE((SELECT CAST(MAX(r.closed_at) AS TEXT) || ' ' || MAX(r.episode)
		FROM requests r WHERE r.workspace_id = c.workspace_id AND r.conversation_id = c.id), 'none') FROM conversations c WHERE state = 'closed' AND NOT EXISTS
		(SELECT 1 FROM requests r WHERE r.workspace_id = c.workspace_id AND r.conversation_id = c.id AND r.closed_at = c.closed_at)`); len(missing) > 0 {
		w.t.Errorf("closed without a row of the ledger: %q", missing)
	}
	for score := 1; score <= 5; score++ {
		if n := store(fmt.Sprintf("SELECT COUNT(*) FROM ratings WHERE score = %d", score)); n != want.Scores[score] {
			w.t.Errorf("%d ratings with the score %d, want %d", n, score, want.Scores[score])
		}
	}
	r, err := tenant.Report(w.ctx, models.Filter{Range: stats.Range{From: "2000-01-01", To: "2100-01-01", Zone: time.UTC}})
	w.must(err)
	if int(r.Rated) != want.Rated {
		w.t.Errorf("the report counts %d, want %d", r.Rated, want.Rated)
	}
}

// outside opens the world's database as somebody else than the app, until done is called; or answers what keepOutside has opened.
func (w *world) outside() (pool *sql.DB, done func()) {
	w.t.Helper()
	if w.kept != nil {
		return w.kept, func() {}
	}
	p := program{now: time.Now}
	store, err := p.openStore(w.ctx, w.environment["RERATE_DATABASE_URL"])
	w.must(err)
	pool, err = store.SQL()
	w.must(err)
	return pool, func() { store.Close() }
}

// keepOutside has what looks at the world's database again and again not open it each time.
func (w *world) keepOutside() {
	w.t.Helper()
	pool, done := w.outside()
	w.kept = pool
	w.t.Cleanup(done)
}

// number asks the world's database for one number.
func (w *world) number(statement string) (n int) {
	w.t.Helper()
	pool, done := w.outside()
	defer done()
	w.must(pool.QueryRowContext(context.WithoutCancel(w.ctx), statement).Scan(&n))
	return n
}

// texts asks the world's database for one column of text.
func (w *world) texts(statement string) (all []string) {
	w.t.Helper()
	pool, done := w.outside()
	defer done()
	rows, err := pool.QueryContext(w.ctx, statement)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		var text string
		w.must(rows.Scan(&text))
		all = append(all, text)
	}
	w.must(rows.Err())
	return all
}

// A back-fill pauses, goes on, leaves part of the calls to live work, says when Intercom refuses it, and begins anew without
// storing anything twice.
func TestBackfillByHand(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.sandbox.AddClosed(intercomtest.DefaultWorkspace, intercomtest.Bulk{Conversations: 400})
		w.clock.Move(time.Hour)
		w.connectedNow()
		w.must(w.app.service.StartBackfill(w.ctx, w.tenant.Workspace, "Jane Agent", 0))
		look := func() models.Backfill {
			b, err := w.tenant.Backfill(w.ctx)
			w.must(err)
			return b
		}
		run := func() error {
			return w.app.service.Backfill(w.ctx, jobs.Backfill{Workspace: w.tenant.Workspace, Step: look().Step})
		}
		w.must(run())
		first := look()
		if first.Done == 0 || first.State != models.BackfillRunning {
			t.Fatalf("after one page it is %+v", first)
		}
		w.must(w.app.service.Backfill(w.ctx, jobs.Backfill{Workspace: w.tenant.Workspace, Step: first.Step - 1})) // late, once more
		if look().Done != first.Done {
			t.Error("a late job counts twice")
		}
		w.must(w.app.service.PauseBackfill(w.ctx, w.tenant.Workspace))
		w.must(run())
		if b := look(); b.Done != first.Done || b.State != models.BackfillPaused {
			t.Errorf("paused it goes on: %+v", b)
		}
		w.must(w.app.service.ResumeBackfill(w.ctx, w.tenant.Workspace))

		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.RateLimit, Path: "/conversations/search", Times: 1})
		if err := run(); err == nil || !strings.Contains(err.Error(), "again in") {
			t.Errorf("limited it says %v", err)
		}
		w.clock.Move(time.Minute)
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusBadRequest, Path: "/conversations/search", Times: 1})
		w.must(run()) // the cursor is refused: the window is read again
		if b := look(); b.After != "" || b.Done != 0 {
			t.Errorf("after a refused cursor it is %+v", b)
		}
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusBadRequest, Path: "/conversations/search", Times: 1})
		w.must(run())
		if b := look(); b.State != models.BackfillFailed || !strings.Contains(b.Detail, "refused") {
			t.Errorf("refused it is %+v", b)
		}
		w.must(w.app.service.ResumeBackfill(w.ctx, w.tenant.Workspace))
		for range 60 {
			if look().State == models.BackfillDone {
				break
			}
			w.must(run())
			w.clock.Move(time.Second)
		}
		want := w.sandbox.Count(intercomtest.DefaultWorkspace)
		w.agrees(w.tenant, want)

		before := w.number("SELECT COUNT(*) FROM requests")
		w.must(w.app.service.StartBackfill(w.ctx, w.tenant.Workspace, "Jane Agent", 0))
		for range 60 {
			if look().State == models.BackfillDone {
				break
			}
			w.must(run())
			w.clock.Move(time.Second)
		}
		if b := look(); b.State != models.BackfillDone || b.Ratings != 0 || b.Done != want.Conversations {
			t.Errorf("the second time it ends as %+v", b)
		}
		w.agrees(w.tenant, want)
		if n := w.number("SELECT COUNT(*) FROM requests"); n != before {
			t.Errorf("the ledger has %d rows, had %d", n, before)
		}
	})
}
