package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rerate/models"
)

// Jobs that are done go after an hour, those that were given up after a week.
func TestOldJobsAreSwept(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.stopQueue()
		add := func(state string, ago time.Duration, n int) {
			at := time.Now().UTC().Add(-ago).Format("2006-01-02 15:04:05.999999-07:00")
			for range n {
				_, err := w.exec(fmt.Sprintf(`INSERT INTO river_job (kind, args, max_attempts, state, created_at, scheduled_at, finalized_at)
					VALUES ('grown', '{}', 25, '%s', '%s', '%s', '%s')`, state, at, at, at))
				w.must(err)
			}
		}
		add("completed", 61*time.Minute, 20)
		add("completed", 50*time.Minute, 1)
		add("cancelled", 61*time.Minute, 1)
		add("discarded", 7*24*time.Hour+time.Minute, 1)
		add("discarded", 7*24*time.Hour-time.Hour, 1)
		w.stop()
		w.start()
		w.within(patience, "old jobs are gone", func() bool { return w.count("SELECT COUNT(*) FROM river_job WHERE kind = 'grown'") == 2 })
		if got := w.texts("SELECT state FROM river_job WHERE kind = 'grown' ORDER BY id"); fmt.Sprint(got) != "[completed discarded]" {
			t.Errorf("left are %q", got)
		}
	})
}

// What waits in the outbox, of a workspace that is gone too, is in the queue soon.
func TestTheOutboxIsEmptied(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.stopQueue()
		for i := range 150 {
			for _, workspace := range []string{w.tenant.Workspace, "gone"} {
				_, err := w.exec(fmt.Sprintf("INSERT INTO outbox (workspace_id, id, conversation_id, due_at) VALUES ('%s', '%d', '1', '2026-01-01 00:00:00+00:00')", workspace, i))
				w.must(err)
			}
		}
		w.stop()
		w.start()
		w.within(patience, "the outbox is empty", func() bool { return w.count("SELECT COUNT(*) FROM outbox") == 0 })
	})
}

// A customer who waits for the database, which may be busy with the queue of another process, has the outbox wait.
func TestTheOutboxWaitsForWhoWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.Postgres)
	card := w.ask(w.ratedNatively(2))
	w.stopQueue()
	for i := range 40 {
		_, err := w.exec(fmt.Sprintf("INSERT INTO outbox (workspace_id, id, conversation_id, due_at) VALUES ('gone', '%d', '1', '2026-01-01 00:00:00+00:00')", i))
		w.must(err)
	}
	left := func() int { return w.count("SELECT COUNT(*) FROM outbox WHERE workspace_id = 'gone'") }
	taken := func() int {
		before := left()
		w.must(w.app.service.Relay(w.ctx))
		return before - left()
	}
	atOnce := taken()
	let := w.hold()
	tapped := make(chan struct{})
	go func() { defer close(tapped); w.tap(card, w.sam().ID, 5) }()
	w.within(patience, "the tap waits", func() bool { came, answered := w.app.store.Acts(); return came > answered })
	if n := taken(); n != atOnce {
		t.Errorf("before anybody has waited long it takes %d, not %d", n, atOnce)
	}
	if n := taken(); n == 0 || n >= atOnce {
		t.Errorf("of %d it takes %d while a customer waits", atOnce, n)
	}
	let()
	<-tapped
	w.must(w.app.service.Relay(w.ctx)) // takes what the tap has left, too
	if n := taken(); n != atOnce {
		t.Errorf("afterwards it takes %d, not %d", n, atOnce)
	}
}

// SQLite's log grows while somebody reads an old state, and gets small again by itself; customers are answered all the while.
func TestTheLogGetsSmallAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.SQLite, manyCalls)
	seats := w.seats(40)
	w.stopQueue() // erasing empties the log, too
	p := program{now: time.Now}
	other, err := p.openStore(w.ctx, w.environment["RERATE_DATABASE_URL"])
	w.must(err)
	defer other.Close()
	reader, err := other.ReadSQL()
	w.must(err)
	tx, err := reader.BeginTx(context.WithoutCancel(w.ctx), nil)
	w.must(err)
	var n int
	w.must(tx.QueryRowContext(w.ctx, "SELECT COUNT(*) FROM ratings").Scan(&n))
	_, err = w.exec("CREATE TABLE ballast (bytes BLOB)")
	w.must(err)
	log := func() int64 { return sizeOf(t, w.database()+"-wal") }
	for log() <= models.KeepLog {
		_, err := w.exec("INSERT INTO ballast VALUES (randomblob(4000000))")
		w.must(err)
	}
	before := log()
	for _, s := range seats[:10] {
		w.tapUntilSaved(s.card, s.contact, 5)
	}
	taps, longest := w.tapOneByOne(seats[10:20])
	w.must(w.app.store.TrimLog(w.ctx)) // the reader is in the way
	if log() < before {
		t.Errorf("the log went from %d to %d bytes, and somebody reads in it", before, log())
	}
	if taps(); longest() > 5*time.Second {
		t.Errorf("a customer waited for %v", longest())
	}
	w.must(tx.Rollback())
	w.within(patience, "the log is small again", func() bool { return log() <= models.KeepLog/16 })
	for _, s := range seats[20:] {
		w.tapUntilSaved(s.card, s.contact, 4)
	}
	if log() > models.KeepLog/4 {
		t.Errorf("the log has %d bytes again", log())
	}
	_, err = w.exec("DROP TABLE ballast")
	w.must(err)
}
