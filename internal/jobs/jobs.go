// Package jobs wires the durable queue: typed jobs, schedules and workers on River, over SQLite and PostgreSQL
// alike. It knows no rules: what a job does is registered by cmd.
package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
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

// Profile asks Intercom for everything about one contact.
type Profile struct {
	Workspace string `json:"workspace"`
	Contact   string `json:"contact"`
}

// Kind names the job in the queue; it must never change.
func (Profile) Kind() string { return "profile" }

// InsertOpts put it where nobody waits for it, behind everything else there.
func (Profile) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: background, Priority: 4}
}

// Members looks at everybody for one version of a segment, from the contact after After on.
type Members struct {
	Workspace string `json:"workspace"`
	Segment   string `json:"segment"`
	Version   int    `json:"version"`
	After     string `json:"after"`
}

// Kind names the job in the queue; it must never change.
func (Members) Kind() string { return "members" }

// InsertOpts put it where nobody waits for it.
func (Members) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: background} }

// RefreshSegments looks at everybody for every segment, since time alone changes who is in one.
type RefreshSegments struct{}

// Kind names the job in the queue; it must never change.
func (RefreshSegments) Kind() string { return "refresh_segments" }

// InsertOpts put it where nobody waits for it.
func (RefreshSegments) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: background} }

// Fill plans the message of a version of a segment for all who are in it, from the contact after After on.
type Fill struct {
	Workspace string `json:"workspace"`
	Segment   string `json:"segment"`
	Version   int    `json:"version"`
	By        string `json:"by"` // the teammate who had it sent
	After     string `json:"after"`
}

// Kind names the job in the queue; it must never change.
func (Fill) Kind() string { return "fill" }

// InsertOpts put it where nobody waits for it.
func (Fill) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: background} }

// Release takes up the messages that wait in a segment, from the one after After on.
type Release struct {
	Workspace string `json:"workspace"`
	Segment   string `json:"segment"`
	After     string `json:"after"`
}

// Kind names the job in the queue; it must never change.
func (Release) Kind() string { return "release" }

// InsertOpts put it where nobody waits for it.
func (Release) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: background} }

// Message sends one message of a segment.
type Message struct {
	Workspace string `json:"workspace"`
	Message   string `json:"message"`
}

// Kind names the job in the queue; it must never change.
func (Message) Kind() string { return "message" }

// InsertOpts put it where nobody waits for it.
func (Message) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: background} }

// background is the queue of what nobody waits for. It has few workers of its own, so that however much lies in it, a note
// is written at once.
const background = "background"

// Sweep deletes what has ended, such as old sessions.
type Sweep struct{}

// Kind names the job in the queue; it must never change.
func (Sweep) Kind() string { return "sweep" }

// CatchUp puts in again what has waited too long, such as after an outage that outlasted a job's attempts.
type CatchUp struct{}

// Kind names the job in the queue; it must never change.
func (CatchUp) Kind() string { return "catch_up" }

// PollAll puts in a poll of every workspace that is connected.
type PollAll struct{}

// Kind names the job in the queue; it must never change.
func (PollAll) Kind() string { return "poll_all" }

// Poll looks through what changed in a workspace for what no webhook told.
type Poll struct {
	Workspace string `json:"workspace"`
}

// Kind names the job in the queue; it must never change.
func (Poll) Kind() string { return "poll" }

// InsertOpts put it where nobody waits for it.
func (Poll) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: background} }

// IndexRemarks puts remarks of before the index of words into it.
type IndexRemarks struct{}

// Kind names the job in the queue; it must never change.
func (IndexRemarks) Kind() string { return "index_remarks" }

// InsertOpts put it where nobody waits for it.
func (IndexRemarks) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: background} }

// Digests plans the weekly digests that are due.
type Digests struct{}

// Kind names the job in the queue; it must never change.
func (Digests) Kind() string { return "digests" }

// InsertOpts put it where nobody waits for it.
func (Digests) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: background} }

// DigestMail sends one mail of a digest.
type DigestMail struct {
	Workspace string `json:"workspace"`
	Mail      string `json:"mail"`
}

// Kind names the job in the queue; it must never change.
func (DigestMail) Kind() string { return "digest_mail" }

// InsertOpts put it where nobody waits for it.
func (DigestMail) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: background} }

// Work is what the jobs do. Every function must be safe to run twice.
type Work struct {
	Sync     func(context.Context, Sync) error
	Profile  func(context.Context, Profile) error
	Members  func(context.Context, Members) error
	Refresh  func(context.Context, RefreshSegments) error
	Fill     func(context.Context, Fill) error
	Release  func(context.Context, Release) error
	Message  func(context.Context, Message) error
	Sweep    func(context.Context, Sweep) error
	CatchUp  func(context.Context, CatchUp) error
	Import   func(context.Context, Import) error
	Backfill func(context.Context, Backfill) error
	PollAll  func(context.Context, PollAll) error
	Poll     func(context.Context, Poll) error

	Digests      func(context.Context, Digests) error
	DigestMail   func(context.Context, DigestMail) error
	Deliver      func(context.Context, Deliver) error
	Recount      func(context.Context, Recount) error
	CheckFigures func(context.Context, CheckFigures) error
	IndexRemarks func(context.Context, IndexRemarks) error
	EraseDue     func(context.Context, EraseDue) error
	Erase        func(context.Context, Erase) error

	// Relay puts some of the jobs into the queue that were stored elsewhere. It is called every tenth of a second.
	Relay func(context.Context) error
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
	log    *slog.Logger

	relay     func(context.Context) error
	stopRelay func() // nil while there is none
}

// RelayEvery is how often the outbox is looked at.
const RelayEvery = 100 * time.Millisecond

// The times of the queue. The two drivers have no notifications, so the poll is the latency; a stuck job is
// rescued well after its own time-out, so that it cannot run twice at once.
const (
	poll       = 200 * time.Millisecond
	cooldown   = 50 * time.Millisecond
	jobTimeout = time.Minute
	rescue     = 5 * time.Minute
	workers    = 20 // fewer than the connections of a pool, so that jobs never keep a tap waiting for one
	attempts   = 25

	backgroundWorkers = 3

	keepDone    = time.Hour // nobody looks at them
	keepGivenUp = 7 * 24 * time.Hour

	sweepEvery   = time.Hour
	catchUpEvery = 5 * time.Minute
	refreshEvery = time.Hour
	indexEvery   = time.Hour
	pollAllEvery = 5 * time.Minute
	digestsEvery = 5 * time.Minute
	checkEvery   = 24 * time.Hour
	eraseEvery   = 24 * time.Hour
)

// schedules is every job that runs by itself.
var schedules = []struct {
	every time.Duration
	job   river.JobArgs // what it is for is said at its type
}{
	{sweepEvery, Sweep{}},
	{catchUpEvery, CatchUp{}},
	{refreshEvery, RefreshSegments{}},
	{pollAllEvery, PollAll{}},
	{indexEvery, IndexRemarks{}},
	{digestsEvery, Digests{}},
	{checkEvery, CheckFigures{}},
	{eraseEvery, EraseDue{}},
}

// New makes a queue on an open database whose job tables are migrated.
func New(db *sql.DB, sqlite bool, work Work, log *slog.Logger) (*Queue, error) {
	registered := river.NewWorkers()
	river.AddWorker(registered, worker[Sync]{work: work.Sync})
	river.AddWorker(registered, worker[Profile]{work: work.Profile})
	river.AddWorker(registered, worker[Members]{work: work.Members})
	river.AddWorker(registered, worker[RefreshSegments]{work: work.Refresh})
	river.AddWorker(registered, worker[Fill]{work: work.Fill})
	river.AddWorker(registered, worker[Release]{work: work.Release})
	river.AddWorker(registered, worker[Message]{work: work.Message})
	river.AddWorker(registered, worker[Sweep]{work: work.Sweep})
	river.AddWorker(registered, worker[CatchUp]{work: work.CatchUp})
	river.AddWorker(registered, worker[Import]{work: work.Import})
	river.AddWorker(registered, worker[Backfill]{work: work.Backfill})
	river.AddWorker(registered, worker[PollAll]{work: work.PollAll})
	river.AddWorker(registered, worker[Poll]{work: work.Poll})
	river.AddWorker(registered, worker[IndexRemarks]{work: work.IndexRemarks})
	river.AddWorker(registered, worker[Digests]{work: work.Digests})
	river.AddWorker(registered, worker[DigestMail]{work: work.DigestMail})
	river.AddWorker(registered, worker[Deliver]{work: work.Deliver})
	river.AddWorker(registered, worker[Recount]{work: work.Recount})
	river.AddWorker(registered, worker[CheckFigures]{work: work.CheckFigures})
	river.AddWorker(registered, worker[EraseDue]{work: work.EraseDue})
	river.AddWorker(registered, worker[Erase]{work: work.Erase})
	var periodic []*river.PeriodicJob
	for _, s := range schedules {
		periodic = append(periodic, river.NewPeriodicJob(river.PeriodicInterval(s.every),
			func() (river.JobArgs, *river.InsertOpts) { return s.job, nil }, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	share := newFair()
	client, err := river.NewClient(driver(db, sqlite), &river.Config{
		Hooks: []rivertype.Hook{share}, Middleware: []rivertype.Middleware{share},
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: workers}, background: {MaxWorkers: backgroundWorkers},
			long: {MaxWorkers: longWorkers}, outside: {MaxWorkers: outsideWorkers},
		},
		Workers:              registered,
		PeriodicJobs:         periodic,
		FetchPollInterval:    poll,
		FetchCooldown:        cooldown,
		JobTimeout:           jobTimeout,
		RescueStuckJobsAfter: rescue,
		MaxAttempts:          attempts,

		CompletedJobRetentionPeriod: keepDone,
		CancelledJobRetentionPeriod: keepDone,
		DiscardedJobRetentionPeriod: keepGivenUp,

		RetryPolicy: backoff{},
		Logger:      log,
	})
	if err != nil {
		return nil, fmt.Errorf("making the job queue: %w", err)
	}
	return &Queue{client: client, log: log, relay: work.Relay}, nil
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

// EnqueueAllTx puts many jobs in with the transaction that needs them, to run at once.
func (q *Queue) EnqueueAllTx(ctx context.Context, tx *sql.Tx, all []Job) error {
	rows := make([]river.InsertManyParams, len(all))
	for i, job := range all {
		rows[i].Args = job
	}
	_, err := q.client.InsertManyTx(ctx, tx, rows)
	return err
}

// Job is anything that the queue works on.
type Job = river.JobArgs

// EnqueueOnceTx puts a job in to run at once, unless the same job waits already. One that is at work does not count: it
// may have read before what the caller knows now. Until the transaction ends, the job that waits is not begun.
func (q *Queue) EnqueueOnceTx(ctx context.Context, tx *sql.Tx, job Job) error {
	return q.EnqueueOnceAtTx(ctx, tx, job, Now)
}

// EnqueueOnceAtTx is EnqueueOnceTx for a job that is to run at the given time.
func (q *Queue) EnqueueOnceAtTx(ctx context.Context, tx *sql.Tx, job Job, at time.Time) error {
	once := &river.InsertOpts{ScheduledAt: at, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished}}
	for {
		put, err := q.client.InsertTx(ctx, tx, job, once)
		if err != nil || !put.UniqueSkippedAsDuplicate || put.Job.State != rivertype.JobStateRunning {
			return err
		}
		job = follower{job: job, After: put.Job.ID}
	}
}

// follower is the same job once more, behind one that is at work: River tells the two apart by what they say.
type follower struct {
	job   Job
	After int64
}

// Kind is that of the job.
func (f follower) Kind() string { return f.job.Kind() }

// InsertOpts are those of the job.
func (f follower) InsertOpts() river.InsertOpts {
	if job, ok := f.job.(river.JobArgsWithInsertOpts); ok {
		return job.InsertOpts()
	}
	return river.InsertOpts{}
}

// MarshalJSON writes the job with one more field, which its worker does not look at.
func (f follower) MarshalJSON() ([]byte, error) {
	body, err := json.Marshal(f.job)
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &fields); err != nil {
		return nil, err
	}
	fields["follows"] = strconv.AppendInt(nil, f.After, 10)
	return json.Marshal(fields)
}

// unfinished are the states of a job that is still to be worked.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// Start begins to work until Stop.
func (q *Queue) Start(ctx context.Context) error {
	if err := q.client.Start(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { defer close(ended); q.runRelay(ctx) }()
	q.stopRelay = func() { cancel(); <-ended }
	return nil
}

// runRelay looks for what is to be put in until ctx ends.
func (q *Queue) runRelay(ctx context.Context) {
	tick := time.NewTicker(RelayEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := q.relay(ctx); err != nil && ctx.Err() == nil {
			q.log.ErrorContext(ctx, "jobs could not be taken from the outbox", "error", err)
		}
	}
}

// Stop fetches no more jobs and waits for those that run; when ctx ends it cancels them, and they run again later.
func (q *Queue) Stop(ctx context.Context) error {
	if q.stopRelay != nil {
		q.stopRelay()
	}
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
