package survey

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }

func aCall(workspace string) models.Call {
	return models.Call{WorkspaceID: workspace, Direction: models.FromThem, Kind: "messenger submit", Status: 200, Outcome: models.CallDone}
}

func stored(t *testing.T, db modelstest.DB, workspace string) (n int) {
	t.Helper()
	counts, err := db.Tenant(workspace).CountCalls(t.Context(), models.CallFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range counts {
		n += of
	}
	return n
}

// Whoever adds a call waits for nothing: not for a database that somebody else holds, not for room. This test would
// hang if it were otherwise. What finds no room is counted.
func TestAddingACallWaitsForNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		log := newCallLog(db.Store, slog.New(slog.DiscardHandler))
		held, release, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
		go func() { // somebody who keeps the lock under which calls are stored, and SQLite's only writer
			defer close(done)
			log.storing.Lock()
			defer log.storing.Unlock()
			_ = db.Tenant("w").Write(context.WithoutCancel(t.Context()), func(*models.Tx) error {
				close(held)
				<-release
				return errors.New("nothing to keep")
			})
		}()
		<-held
		flushed := make(chan struct{})
		go func() { defer close(flushed); log.Flush(context.WithoutCancel(t.Context())) }()
		const more = 100
		for range mostWaitingCalls + more {
			log.Add(aCall("w"))
		}
		log.WrongSignature(modelstest.Start)
		if got := log.Unlisted(); got.Lost != more || got.WrongSignature != 1 || !got.WrongSignatureAt.Equal(modelstest.Start) {
			t.Errorf("counted are %+v, want %d lost", got, more)
		}
		close(release)
		<-done
		<-flushed
		if got := stored(t, db, "w"); got != mostWaitingCalls {
			t.Errorf("%d calls are stored, want %d", got, mostWaitingCalls)
		}
	})
}

// A database that fails costs the calls and nothing else; they are counted.
func TestCallsThatCannotBeStoredAreCounted(t *testing.T) {
	db := modelstest.Open(t, models.SQLite)
	log := newCallLog(db.Store, slog.New(slog.DiscardHandler))
	for range 3 {
		log.Add(aCall("w"))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	log.Flush(t.Context())
	if got := log.Unlisted().Lost; got != 3 {
		t.Errorf("%d calls are counted as lost, want 3", got)
	}
}

// What waits when the process ends is stored before it does.
func TestWhatWaitsIsStoredAtTheEnd(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		log := newCallLog(db.Store, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		for range 3 {
			log.Add(aCall("w"))
		}
		log.Add(aCall("other"))
		stop()
		log.Run(ctx)
		if w, other := stored(t, db, "w"), stored(t, db, "other"); w != 3 || other != 1 {
			t.Errorf("stored are %d and %d calls, want 3 and 1", w, other)
		}
	})
}

// Between two sweeps, too, one workspace cannot fill the database.
func TestABusyWorkspaceIsTrimmedMeanwhile(t *testing.T) {
	db := modelstest.Open(t, models.SQLite)
	log := newCallLog(db.Store, slog.New(slog.DiscardHandler))
	old := aCall("w")
	old.At = db.Clock.Now().Add(-models.KeepCalls.Age - time.Hour)
	log.Add(old)
	for range trimAfter {
		c := aCall("w")
		c.At = db.Clock.Now()
		log.Add(c)
		if len(log.waiting) == mostWaitingCalls {
			log.Flush(t.Context())
		}
	}
	log.Flush(t.Context())
	if got := stored(t, db, "w"); got != trimAfter {
		t.Errorf("%d calls are kept, want %d: the old one is due to go", got, trimAfter)
	}
}

// BenchmarkAddCall is what the list of calls adds to the way of a tap.
func BenchmarkAddCall(b *testing.B) {
	log := newCallLog(nil, slog.New(slog.DiscardHandler))
	c := aCall("w")
	b.ReportAllocs()
	for b.Loop() {
		log.Add(c)
		if len(log.waiting) == mostWaitingCalls {
			log.waiting = log.waiting[:0]
		}
	}
}
