package main

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
	"rerate/models/modelstest"
)

// realTime is a world whose sandbox goes by the machine's clock, as another process does.
func realTime(t *testing.T, dialect models.Dialect) *world {
	t.Helper()
	w := newWorld(t, dialect, func(o *intercomtest.Options) { o.Now, o.RateLimit = time.Now, 1_000_000 })
	w.clock.Set(time.Now())
	return w
}

// recovers wants a Rerate that is ready by itself, takes again what it could not take, and has lost and doubled nothing.
func (w *world) recovers(j *journal) {
	w.t.Helper()
	w.within(readyBound, "it is ready again", w.isReady)
	j.tapDoubtful()
	for range 5 {
		i, _ := j.take()
		if j.tap(i); !j.seats[i].thanks {
			w.t.Error("it is ready, and a tap is not saved")
		}
	}
	w.sound()
	j.agrees()
}

// The disk is full while customers tap, and then it is not any more.
func TestDiskFullAndBack(t *testing.T) {
	withoutRace(t)
	t.Parallel()
	w := realTime(t, models.SQLite)
	j := newJournal(w, 200)
	w.apart()
	disk := smallDisk(t, 12<<20)
	w.moveDatabase(disk)
	w.serveAsProcess()
	w.within(readyBound, "it is ready", w.isReady)
	for range 5 {
		i, _ := j.take()
		j.tap(i)
	}
	ballast := fill(t, disk)
	full := false
	for j.next < len(j.seats)-20 && !full {
		i, _ := j.take()
		if !j.tap(i) {
			t.Fatal("a tap was not answered")
		}
		full = !j.seats[i].thanks && w.status("/readyz") == http.StatusServiceUnavailable
	}
	t.Logf("the disk is full: %s", j)
	if !full {
		t.Fatal("no tap was refused on a full disk, or it says that it is ready")
	}
	if got := w.status("/livez"); got != http.StatusOK {
		t.Errorf("livez answers %d", got)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	w.recovers(j)
}

// smallDisk is a file system of that many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+strconv.Itoa(size)); err != nil {
		t.Skipf("a small disk cannot be mounted here, which takes root: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill leaves no byte free and answers the file that takes them.
func fill(t *testing.T, disk string) string {
	t.Helper()
	path := filepath.Join(disk, "ballast")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	return path
}

// moveDatabase takes the world's database to another folder. Nobody may be using it.
func (w *world) moveDatabase(to string) {
	w.t.Helper()
	from := strings.TrimPrefix(w.environment["RERATE_DATABASE_URL"], "sqlite://")
	in, err := os.Open(from)
	w.must(err)
	defer in.Close()
	there := filepath.Join(to, "rerate.db")
	out, err := os.Create(there)
	w.must(err)
	_, err = io.Copy(out, in)
	w.must(errors.Join(err, out.Close()))
	w.environment["RERATE_DATABASE_URL"] = "sqlite://" + there
}

// Another process holds the database for longer than Rerate waits.
func TestALockedDatabase(t *testing.T) {
	withoutRace(t)
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		w := realTime(t, dialect)
		j := newJournal(w, 20)
		w.apart()
		w.serveAsProcess()
		w.within(readyBound, "it is ready", w.isReady)
		let := w.hold()
		if got := w.status("/readyz"); got != http.StatusServiceUnavailable {
			t.Errorf("readyz answers %d", got)
		}
		if got := w.status("/livez"); got != http.StatusOK {
			t.Errorf("livez answers %d", got)
		}
		end := j.tapSome(4)
		end()
		for i := range j.next {
			if j.seats[i].thanks {
				t.Error("somebody was thanked, and nothing could be stored")
			}
		}
		let()
		w.recovers(j)
	})
}

// hold locks what a tap writes to, until it is let go.
func (w *world) hold() (let func()) {
	w.t.Helper()
	p := program{now: time.Now}
	store, err := p.openStore(w.ctx, w.environment["RERATE_DATABASE_URL"])
	w.must(err)
	pool, err := store.SQL()
	w.must(err)
	var tx *sql.Tx
	w.within(readyBound, "the lock is there", func() bool { tx, err = pool.BeginTx(context.WithoutCancel(w.ctx), nil); return err == nil })
	if store.Dialect() == models.Postgres {
		_, err = tx.ExecContext(w.ctx, "SET LOCAL idle_in_transaction_session_timeout = 0") // a Rerate would be cut off
		w.must(err)
		_, err = tx.ExecContext(w.ctx, "LOCK TABLE ratings, oauth_states IN ACCESS EXCLUSIVE MODE")
		w.must(err)
	}
	return func() { w.must(tx.Rollback()); w.must(store.Close()) }
}

// tapSome has that many customers tap at once; end waits for their answers.
func (j *journal) tapSome(n int) (end func()) {
	answered := make(chan struct{})
	for range n {
		i, _ := j.take()
		go func() { j.tap(i); answered <- struct{}{} }()
	}
	return func() {
		for range n {
			<-answered
		}
	}
}

// The process stands still for longer than Intercom waits, as a machine does that is moved.
func TestAPausedProcess(t *testing.T) {
	withoutRace(t)
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		w := realTime(t, dialect)
		j := newJournal(w, 40)
		w.apart()
		process := w.serveAsProcess()
		w.within(readyBound, "it is ready", w.isReady)
		w.must(process.Process.Signal(syscall.SIGSTOP))
		j.tapSome(8)() // nobody answers within Intercom's patience
		for i := range j.next {
			if j.seats[i].thanks {
				t.Error("a process that stands still has thanked somebody")
			}
		}
		w.must(process.Process.Signal(syscall.SIGCONT))
		w.recovers(j)
	})
}

// Rerate is told to stop while customers tap: what it has begun to answer it answers, and it ends in order.
func TestAStopUnderLoad(t *testing.T) {
	withoutRace(t)
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		w := realTime(t, dialect)
		j := newJournal(w, 200)
		w.apart()
		for range 3 {
			process := w.serveAsProcess()
			w.within(readyBound, "it is ready", w.isReady)
			before := j.thanked()
			end := j.tapAll(8)
			w.within(patience, "somebody was thanked", func() bool { return j.thanked() > before })
			w.must(process.Process.Signal(syscall.SIGTERM))
			if err := process.Wait(); err != nil {
				t.Errorf("it did not end in order: %v", err)
			}
			end()
			j.agrees()
		}
		w.serveAsProcess()
		w.recovers(j)
		t.Logf("at the end: %s", j)
	})
}
