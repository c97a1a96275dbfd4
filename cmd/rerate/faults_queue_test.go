package main

import (
	"container/heap"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/models"
)

// errand is a conversation's job that is to run at a time.
type errand struct {
	at                      time.Time
	workspace, conversation string
	failed                  int
}

// errands is a queue that the test works off on its own clock, as River does on the machine's: the earliest first, what fails
// after n² seconds once more.
type errands []errand

func (q errands) Len() int           { return len(q) }
func (q errands) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q errands) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *errands) Push(e any)        { *q = append(*q, e.(errand)) }
func (q *errands) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// work runs the jobs that are due before end, and counts the calls of each of Intercom's windows.
func (q *errands) work(w *world, end time.Time, calls map[int64]int64) (ran int) {
	w.t.Helper()
	for len(*q) > 0 && (*q)[0].at.Before(end) {
		e := heap.Pop(q).(errand)
		if e.at.After(w.clock.Now()) {
			w.clock.Set(e.at)
		}
		before := w.calls.n.Load()
		err := w.tryIn(w.ctx, e.workspace, e.conversation)
		calls[w.clock.Now().Unix()/10] += w.calls.n.Load() - before
		ran++
		var later jobs.Later
		switch {
		case errors.As(err, &later):
			e.at = w.clock.Now().Add(later.Pause)
			heap.Push(q, e)
		case err != nil:
			e.failed++
			e.at = w.clock.Now().Add(min(time.Duration(e.failed*e.failed)*time.Second, 10*time.Minute))
			heap.Push(q, e)
		}
	}
	return ran
}

// Intercom is down for an hour in which a thousand customers rate. Then it is back, but resets three of ten calls after it has
// done the work and answers 429 with odd headers now and then. Everything is written once, its limit is kept to, it was
// left in peace while it was down, and another workspace's ratings did not wait.
func TestAThousandRatingsWhileIntercomIsDown(t *testing.T) {
	const limit = 150
	eachWorld(t, func(w *world) {
		w.byHand()
		ratings := 1_000
		if w.app.store.Dialect() == models.Postgres {
			ratings = 250 // each statement is a way to another process and back
		}
		there, eve := w.installOther()
		w.set(func(s *models.Settings) { s.WriteBack.Tag = "rated again" })
		w.complete(w.rerated()) // makes the attributes and the tag
		w.must(w.app.store.Tenant(other).Write(w.ctx, func(tx *models.Tx) error {
			settings, err := tx.Settings()
			settings.Windows.UndoMinutes = 0
			return errors.Join(err, tx.SaveSettings(settings))
		}))
		theirs := w.sandbox.InsertCardInComposer(w.ctx, there, otherIvy, nil)
		w.fine(theirs)
		_, err := w.sandbox.SendComposer(there, otherIvy, "")
		w.must(err)
		var seats []cardholder
		for i := range ratings {
			seats = append(seats, w.seatFor(intercomtest.DefaultWorkspace, jane, fmt.Sprintf("down%d", i)))
		}

		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Workspace: intercomtest.DefaultWorkspace})
		down := w.clock.Now()
		queue := &errands{}
		for i, s := range seats {
			w.tap(s.card, s.contact, 1+i%5)
			heap.Push(queue, errand{at: down.Add(time.Duration(i) * time.Hour / time.Duration(ratings)), workspace: intercomtest.DefaultWorkspace, conversation: s.conversation})
		}
		inVain := map[int64]int64{}
		ran := queue.work(w, down.Add(time.Hour), inVain)
		if n := sum(inVain); n > 60 {
			t.Errorf("%d calls were made in the hour that Intercom was down", n)
		} else {
			t.Logf("%d calls in the hour, %d jobs began", n, ran)
		}
		if _, paused := w.app.service.Trouble(intercomtest.DefaultWorkspace); !paused {
			t.Error("nothing says that Intercom does not answer")
		}
		for kind, b := range w.writes(w.ours(seats[0].conversation).ID) {
			if b.State != models.Waiting {
				t.Errorf("%s is %s: %s", kind, b.State, b.Detail)
			}
		}

		// The other workspace's customer rates now: one job, and it is written.
		w.tap(theirs.Card.ID, eve, 4)
		w.must(w.tryIn(w.ctx, other, there))
		if n := len(w.sandbox.Notes(there)); n != 1 {
			t.Errorf("the other workspace waits: %d notes", n)
		}

		w.clock.Set(down.Add(time.Hour))
		w.sandbox.Behave()
		w.sandbox.SetRateLimit(limit)
		for i := range ratings {
			if i%10 < 3 {
				w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Reset, AfterWork: true, Times: 1, Method: []string{http.MethodPost, http.MethodPut}[i%2]})
			}
			if i%50 == 0 {
				w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.RateLimit, Times: 1, Header: oddHeaders[i/50%len(oddHeaders)]})
			}
		}
		back := w.clock.Now()
		calls := map[int64]int64{}
		ran = queue.work(w, back.Add(12*time.Hour), calls)
		most := int64(0)
		for _, n := range calls {
			most = max(most, n)
		}
		t.Logf("%d calls by %d jobs in %v, at most %d in a window of %d", sum(calls), ran, w.clock.Now().Sub(back).Round(time.Second), most, limit)
		if len(*queue) > 0 {
			t.Fatalf("%d jobs wait still", len(*queue))
		}
		if most > limit {
			t.Errorf("%d calls in a window, the limit is %d", most, limit)
		}
		if ran > 5*ratings {
			t.Errorf("%d ratings took %d jobs: those who wait do not wait long enough", ratings, ran)
		}
		for i, s := range seats {
			notes, events := w.sandbox.Notes(s.conversation), w.sandbox.Events(s.contact)
			counted := w.sandbox.Attributes(s.conversation)["Counted rating"]
			if len(notes) != 1 || len(events) != 1 || fmt.Sprint(counted) != fmt.Sprint(1+i%5) {
				t.Errorf("conversation %s: %d notes, %d events, counted is %v, want %d", s.conversation, len(notes), len(events), counted, 1+i%5)
			}
		}
	})
}

var oddHeaders = []http.Header{
	{"X-Ratelimit-Limit": nil, "X-Ratelimit-Remaining": nil, "X-Ratelimit-Reset": nil},
	{"X-Ratelimit-Remaining": {"many"}, "X-Ratelimit-Reset": {"soon"}},
	{"X-Ratelimit-Reset": {"1"}},
	{"X-Ratelimit-Reset": {"99999999999"}},
	{"X-Ratelimit-Limit": {"0"}, "X-Ratelimit-Remaining": {"-1"}},
}

func sum(counts map[int64]int64) (all int64) {
	for _, n := range counts {
		all += n
	}
	return all
}

// Ten thousand jobs of one workspace wait, and Intercom does not answer its calls: the note of another workspace is written
// while they wait, since they hold half of the workers at most and have put themselves behind.
func TestOneWorkspaceDoesNotKeepAnotherWaiting(t *testing.T) {
	crowd := 10_000
	if underRace {
		crowd = 1_000
	}
	eachWorld(t, func(w *world) {
		there, eve := w.installOther()
		w.must(w.app.store.Tenant(other).Write(w.ctx, func(tx *models.Tx) error {
			settings, err := tx.Settings()
			settings.Windows.UndoMinutes = 0
			return errors.Join(err, tx.SaveSettings(settings))
		}))
		theirs := w.sandbox.InsertCardInComposer(w.ctx, there, otherIvy, nil)
		w.fine(theirs)
		_, err := w.sandbox.SendComposer(there, otherIvy, "")
		w.must(err)
		var seats []cardholder
		for i := range 30 {
			seats = append(seats, w.seatFor(intercomtest.DefaultWorkspace, jane, fmt.Sprintf("crowd%d", i)))
		}
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Hang, Workspace: intercomtest.DefaultWorkspace, Path: "/conversations/[0-9]*"})
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
			sqlTx, err := tx.SQL()
			if err != nil {
				return err
			}
			for i := range crowd {
				job := jobs.Sync{Workspace: intercomtest.DefaultWorkspace, Conversation: seats[i%len(seats)].conversation}
				if err := w.app.queue.EnqueueTx(w.ctx, sqlTx, job, jobs.Now); err != nil {
					return err
				}
			}
			return nil
		}))
		// A call that hangs ends after ten seconds, and after eight of them no more are made: on a busy machine there may never be two at once.
		w.until("a call of the workspace hangs", func() bool { return w.sandbox.Hanging() > 0 })
		w.tap(theirs.Card.ID, eve, 4)
		w.until("the other workspace's note is there", func() bool { return len(w.sandbox.Notes(there)) > 0 })
		waiting := w.number("SELECT COUNT(*) FROM river_job WHERE kind = 'sync' AND state IN ('available', 'scheduled', 'retryable', 'running')")
		t.Logf("%d of %d jobs wait when the note is there", waiting, crowd)
		if waiting < crowd {
			t.Errorf("only %d of %d jobs wait: the note waited for the others", waiting, crowd)
		}
		if low := w.number("SELECT COUNT(*) FROM river_job WHERE kind = 'sync' AND priority > 1"); low < crowd*9/10 {
			t.Errorf("only %d of %d jobs have put themselves behind", low, crowd)
		}
		w.sandbox.Behave()
	})
}

// A job that is at work when Rerate stops is let go of, and another process may take it up at once.
func TestAJobThatAStopCutsOff(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.ratedNatively(2)
		card := w.ask(id)
		w.within(patience, "nothing is at work", func() bool { return w.busy() == 0 })
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Hang, Times: 1, Path: "/conversations/[0-9]*"})
		w.tap(card, w.sam().ID, 5)
		w.until("the job hangs", func() bool { return w.sandbox.Hanging() > 0 })
		w.stop()
		if jobs := w.texts("SELECT state || ' ' || CAST(attempt AS TEXT) FROM river_job WHERE kind = 'sync' AND state NOT IN ('completed')"); len(jobs) != 1 || jobs[0] != "available 1" {
			t.Errorf("after the stop the job is %q", jobs)
		}
		w.start()
		w.notes(id, 1)
		w.allDone(id)
	})
}

// busy counts the jobs of conversations that are not done.
func (w *world) busy() int {
	return w.number("SELECT COUNT(*) FROM river_job WHERE kind = 'sync' AND state IN ('available', 'running')")
}

// allDone wants everything written for the one rating of ours.
func (w *world) allDone(id string) {
	w.t.Helper()
	for kind, b := range w.writes(w.ours(id).ID) {
		if b.State != models.Done {
			w.t.Errorf("%s is %s: %s", kind, b.State, b.Detail)
		}
	}
}
