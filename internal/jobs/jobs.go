// Package jobs wires the durable queue: typed jobs, schedules and workers on River, over SQLite and PostgreSQL
// alike. It knows no rules: what a job does is registered by cmd.
package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
)

// Sync brings one conversation in Intercom and here in line with each other: it reads the conversation and
// writes back what is due.
type Sync struct {
	Workspace    string `json:"workspace"`
	Conversation string `json:"conversation"`
}

// Kind names the job in the queue; it must never change.
func (Sync) Kind() string { return "sync" }

// Sweep deletes what has ended, such as old sessions.
type Sweep struct{}

// Kind names the job in the queue; it must never change.
func (Sweep) Kind() string { return "sweep" }

// CatchUp puts in again what has waited too long, such as after an outage that outlasted a job's attempts.
type CatchUp struct{}

// Kind names the job in the queue; it must never change.
func (CatchUp) Kind() string { return "catch_up" }

// Work is what the jobs do. Every function must be safe to run twice.
type Work struct {
	Sync    func(context.Context, Sync) error
	Sweep   func(context.Context, Sweep) error
	CatchUp func(context.Context, CatchUp) error
}

// Later asks for another try after a pause that is not a failure, such as a rate limit.
type Later struct {
	Pause time.Duration
	Cause error
}

// Error says why there is a pause.
func (l Later) Error() string { return fmt.Sprintf("again in %s: %v", l.Pause, l.Cause) }

// Unwrap is the cause.
func (l Later) Unwrap() error { return l.Cause }

// Queue puts jobs in and works them.
type Queue struct {
	client *river.Client[*sql.Tx]
}

// The times of the queue. The two drivers have no notifications, so the poll is the latency; a stuck job is
// rescued well after its own time-out, so that it cannot run twice at once.
const (
	poll       = 200 * time.Millisecond
	cooldown   = 50 * time.Millisecond
	jobTimeout = time.Minute
	rescue     = 5 * time.Minute
	workers    = 20 // fewer than the connections of a pool, so that jobs never keep a tap waiting for one
	attempts   = 25

	sweepEvery   = time.Hour
	catchUpEvery = 5 * time.Minute
)

// schedules is every job that runs by itself.
var schedules = []struct {
	every time.Duration
	job   river.JobArgs // what it is for is said at its type
}{
	{sweepEvery, Sweep{}},
	{catchUpEvery, CatchUp{}},
}

// New makes a queue on an open database whose job tables are migrated.
func New(db *sql.DB, sqlite bool, work Work, log *slog.Logger) (*Queue, error) {
	registered := river.NewWorkers()
	river.AddWorker(registered, worker[Sync]{work: work.Sync})
	river.AddWorker(registered, worker[Sweep]{work: work.Sweep})
	river.AddWorker(registered, worker[CatchUp]{work: work.CatchUp})
	var periodic []*river.PeriodicJob
	for _, s := range schedules {
		periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(s.every),
			func() (river.JobArgs, *river.InsertOpts) { return s.job, nil }, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	client, err := river.NewClient(driver(db, sqlite), &river.Config{
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		Workers:              registered,
		PeriodicJobs:         periodic,
		FetchPollInterval:    poll,
		FetchCooldown:        cooldown,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescue,
		MaxAttempts:          attempts,
		RetryPolicy:          backoff{},
		Logger:               log,
	})
	if err != nil {
		return nil, fmt.Errorf("making the job queue: %w", err)
	}
	return &Queue{client: client}, nil
}

func driver(db *sql.DB, sqlite bool) riverdriver.Driver[*sql.Tx] {
	if sqlite {
		return riversqlite.New(db)
	}
	return riverdatabasesql.New(db)
}

// Migrate prepares the queue's tables. It is not safe for several starters by itself: call it under a lock.
func Migrate(ctx context.Context, db *sql.DB, sqlite bool) error {
	migrator, err := rivermigrate.New(driver(db, sqlite), nil)
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// Now is the time of a job that is to run at once.
var Now time.Time

// EnqueueTx puts a job in with the transaction that needs it, to run at the given time. Any time but Now passes
// through River's scheduler, which looks every five seconds.
func (q *Queue) EnqueueTx(ctx context.Context, tx *sql.Tx, job river.JobArgs, at time.Time) error {
	_, err := q.client.InsertTx(ctx, tx, job, &river.InsertOpts{ScheduledAt: at})
	return err
}

// EnqueueOnceTx puts a job in to run at once, unless the same job is waiting or running already.
func (q *Queue) EnqueueOnceTx(ctx context.Context, tx *sql.Tx, job river.JobArgs) error {
	_, err := q.client.InsertTx(ctx, tx, job, &river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}})
	return err
}

// unfinished are the states of a job that is still to be worked.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Start begins to work until Stop.
func (q *Queue) Start(ctx context.Context) error { return q.client.Start(ctx) }

// Stop fetches no more jobs and waits for those that run; when ctx ends it cancels them, and they run again later.
func (q *Queue) Stop(ctx context.Context) error {
	err := q.client.Stop(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		short, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return q.client.StopAndCancel(short)
	}
	return err
}

type worker[Job river.JobArgs] struct {
	river.WorkerDefaults[Job]
	work func(context.Context, Job) error
}

func (w worker[Job]) Work(ctx context.Context, job *river.Job[Job]) error {
	err := w.work(ctx, job.Args)
	var later Later
	if errors.As(err, &later) {
		return river.JobSnooze(later.Pause)
	}
	return err
}

// backoff waits 1 s, 4 s, 9 s … up to ten minutes, each up to a quarter longer by chance, so that a thousand
// jobs that failed together do not come back together.
type backoff struct{}

const longestPause = 10 * time.Minute

func (backoff) NextRetry(job *rivertype.JobRow) time.Time {
	n := time.Duration(len(job.Errors) + 1)
	pause := min(n*n*time.Second, longestPause)
	return time.Now().UTC().Add(pause + rand.N(pause/4+1)) //nolint:gosec // spreading load needs no secrecy
}
