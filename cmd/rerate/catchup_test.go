package main

import (
	"net/http"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
)

// A write-back does not hang on its job: what waits is put in again, once, when the job is gone.
func TestWhatWaitsWithoutAJobIsCaughtUp(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.solved()
		card := w.ask(id)
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusServiceUnavailable})
		w.tap(card, w.sam().ID, 4)
		w.must(w.app.queue.Stop(w.ctx))
		pool, err := w.app.store.SQL()
		w.must(err)
		_, err = pool.ExecContext(w.ctx, "DELETE FROM river_job WHERE kind = 'sync'")
		w.must(err)
		w.sandbox.Behave()

		sync := func() (n int) {
			w.must(w.app.service.CatchUp(w.ctx, jobs.CatchUp{}))
			w.must(pool.QueryRowContext(w.ctx, "SELECT COUNT(*) FROM river_job WHERE kind = 'sync'").Scan(&n))
			return n
		}
		w.clock.Move(14 * time.Minute)
		if n := sync(); n != 0 {
			t.Errorf("after 14 minutes %d jobs are put in", n)
		}
		w.clock.Move(2 * time.Minute)
		for range 2 {
			if n := sync(); n != 1 {
				t.Errorf("after 16 minutes %d jobs are put in", n)
			}
		}
		w.settledNotes(id, 1)
	})
}
