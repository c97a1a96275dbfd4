package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/jobs"
	"rerate/models"
	"rerate/models/modelstest"
)

// rerate runs a command on the world's database and answers the exit code and all that it said.
func (w *world) rerate(args ...string) (code int, said string) {
	w.t.Helper()
	var out lockedText
	code = run(w.ctx, args, func(name string) (string, bool) { v, ok := w.environment[name]; return v, ok }, &out, &out)
	return code, out.String()
}

// lockedText is text that several write.
type lockedText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// readings is what a teammate and a program read: figures, lists and files.
func (w *world) readings(b *browser) map[string]string {
	w.t.Helper()
	read := map[string]string{}
	year := "from=2025-03-01&to=2026-03-31"
	for _, path := range []string{
		"/summary?" + year, "/ratings?limit=100&" + year, "/ratings.csv?" + year, "/requests?limit=100&" + year, "/requests.csv?" + year,
		"/teammates?" + year, "/companies?" + year, "/feedback", "/wording", "/settings", "/webhooks",
	} {
		read["API "+path] = string(w.call(http.MethodGet, path, nil, http.StatusOK))
	}
	for _, path := range []string{
		"/", "/?days=365", "/ratings?days=365&q=tent", "/ratings?days=365&change=worse", "/requests?days=30", "/teammates?days=365", "/companies?days=365", "/segments", "/ratings.csv?days=365",
	} {
		p := b.get(path)
		if p.status != http.StatusOK {
			w.t.Fatalf("%s is answered %d", path, p.status)
		}
		read[path] = p.body
	}
	return read
}

// A year moves: afterwards every figure, list and file is byte for byte what it was, and who was signed in still is.
func TestAYearMovesToPostgreSQL(t *testing.T) {
	t.Parallel()
	to := modelstest.Empty(t, models.Postgres)
	w := newWorld(t, models.SQLite)
	w.must(w.app.service.AddExampleData(w.ctx, w.tenant.Workspace))
	w.notes(w.rerated(), 1)
	jane := w.signedIn(jane)
	w.within(patience, "nothing is left to be done, which would change what the pages show", func() bool {
		return w.count("SELECT (SELECT COUNT(*) FROM outbox) + (SELECT COUNT(*) FROM river_job WHERE state IN ('available', 'running', 'retryable'))") == 0
	})
	w.stopQueue()
	before := w.readings(jane)
	w.stop()
	code, said := w.rerate("migrate", "--to", to)
	if code != 0 || !strings.Contains(said, "are the same on both sides") || !strings.Contains(said, "every figure is what its rows come to") {
		t.Fatalf("the move ended with %d and said %s", code, said)
	}
	t.Log(said[strings.LastIndex(said, "are the same")-40:])
	if code, said := w.rerate("verify"); code != 1 || !strings.Contains(said, "moved away") {
		t.Errorf("a command on the file ended with %d and said %s", code, said)
	}
	w.environment["RERATE_DATABASE_URL"] = to
	w.start()
	after := w.readings(jane)
	for what, text := range before {
		if after[what] != text {
			t.Errorf("%s was\n%s", what, cmp.Diff(strings.Split(text, "\n"), strings.Split(after[what], "\n")))
		}
	}
	if len(before["API /ratings.csv?from=2025-03-01&to=2026-03-31"]) < 100_000 {
		t.Error("the file of ratings is small")
	}
	w.notes(w.rerated(), 1)
}

// The move beside a server on which customers rate: who is thanked is in PostgreSQL, who is not is asked to try again, on the
// old server for good. What was still to be written to Intercom is written by the new one, once.
func TestTheMoveBesideAServer(t *testing.T) {
	t.Parallel()
	to := modelstest.Empty(t, models.Postgres)
	w := newWorld(t, models.SQLite, manyCalls)
	w.stopQueue() // what is to be written waits
	const customers = 60
	type seat struct{ conversation, card string }
	var seats []seat
	for range customers {
		id := w.solved()
		seats = append(seats, seat{id, w.ask(id)})
	}
	sam := w.sam().ID
	tap := func(s seat) (thanked bool) {
		r := w.sandbox.CardSubmit(w.ctx, s.card, sam, "rating", map[string]any{"rating": "4"})
		switch {
		case r.Call.Status == http.StatusOK && r.Shown != nil && strings.Contains(texts(r.Shown), "Your answer is saved."):
			return true
		case r.Call.Status == http.StatusOK && r.Shown != nil && strings.Contains(texts(r.Shown), "try again"):
		default:
			t.Errorf("a tap is answered %d %s", r.Call.Status, r.Problem)
		}
		return false
	}
	p := program{now: w.clock.Now, stdout: io.Discard, stderr: io.Discard}
	rehearsal := p.transfer(w.environment["RERATE_DATABASE_URL"], to, true)
	next := 0
	rehearsal.Tell = func(models.Progress) {
		if next < 10 {
			if !tap(seats[next]) {
				t.Error("beside a rehearsal a tap is refused")
			}
			next++
		}
	}
	moved, err := rehearsal.Run(w.ctx)
	w.must(err)
	if next != 10 || moved.Rows == 0 {
		t.Fatalf("the rehearsal: %+v, %d taps", moved, next)
	}

	thanked := map[string]bool{}
	var mu sync.Mutex
	var taps sync.WaitGroup
	stopTaps, stop := context.WithCancel(w.ctx)
	defer stop()
	taps.Go(func() {
		for _, s := range seats[next : len(seats)-1] {
			ok := tap(s)
			mu.Lock()
			thanked[s.conversation] = ok
			mu.Unlock()
			if stopTaps.Err() != nil {
				return
			}
		}
	})
	w.within(patience, "some have rated", func() bool { mu.Lock(); defer mu.Unlock(); return len(thanked) > 3 })
	move := p.transfer(w.environment["RERATE_DATABASE_URL"], to, false)
	move.Tell = func(p models.Progress) {
		if p.Table == "ratings" && tap(seats[len(seats)-1]) {
			t.Error("during the move the old server thanks")
		}
	}
	if _, err := move.Run(w.ctx); err != nil {
		t.Fatal(err)
	}
	stop()
	taps.Wait()
	if tap(seats[len(seats)-1]) {
		t.Error("after the move the old server thanks")
	}
	if ready := w.probe("/readyz"); ready != http.StatusServiceUnavailable {
		t.Errorf("after the move the old server is ready: %d", ready)
	}
	w.stop()

	w.environment["RERATE_DATABASE_URL"] = to
	w.start()
	for i, s := range seats {
		stored := w.ratings(s.conversation)
		if want := i < next || thanked[s.conversation]; want != (len(stored) == 1) {
			t.Errorf("customer %d was thanked: %v; stored are %d ratings", i, want, len(stored))
		}
	}
	for _, s := range seats {
		w.tap(s.card, sam, 4) // again, or for the first time
	}
	for _, s := range seats {
		w.notes(s.conversation, 1)
		if n := len(w.ratings(s.conversation)); n != 1 {
			t.Errorf("conversation %s has %d ratings", s.conversation, n)
		}
	}
}

// probe asks a page of the operator's.
func (w *world) probe(path string) int {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.ctx, http.MethodGet, w.url+path, nil)
	w.must(err)
	response, err := http.DefaultClient.Do(request)
	w.must(err)
	w.must(response.Body.Close())
	return response.StatusCode
}

// A command that is killed while it moves leaves PostgreSQL empty and SQLite open, and goes through the next time.
func TestAMoveThatIsKilled(t *testing.T) {
	t.Parallel()
	to := modelstest.Empty(t, models.Postgres)
	w := newWorld(t, models.SQLite)
	w.stopQueue()
	w.must(w.app.service.AddExampleData(w.ctx, w.tenant.Workspace))
	had := w.number("SELECT COUNT(*) FROM ratings")
	c := w.process("migrate", "--to", to)
	said := &lockedText{}
	c.Stdout, c.Stderr = said, said
	w.must(c.Start())
	w.within(patience, "contacts have moved", func() bool { return strings.Contains(said.String(), "contacts ") })
	w.must(c.Process.Kill())
	_ = c.Wait()
	if strings.Contains(said.String(), "Moved.") {
		t.Fatalf("it was through already: %s", said)
	}
	id := w.solved()
	w.tap(w.ask(id), w.sam().ID, 3) // the file takes ratings
	w.stop()
	code, again := w.rerate("migrate", "--to", to)
	if code != 0 {
		t.Fatalf("the second time it ended with %d and said %s", code, again)
	}
	w.environment["RERATE_DATABASE_URL"] = to
	w.start()
	if stored := w.ratings(id); len(stored) != 1 || stored[0].Score != 3 {
		t.Errorf("stored is %+v", stored)
	}
	if n := w.number("SELECT COUNT(*) FROM ratings"); n != had+1 {
		t.Errorf("there are %d ratings", n)
	}
}

// Jobs come along as they are: those that wait, those that were being worked, and those that were given up, with what went wrong.
// What waits is still put in once only, and new ones are numbered behind them.
func TestJobsMove(t *testing.T) {
	t.Parallel()
	to := modelstest.Empty(t, models.Postgres)
	w := newWorld(t, models.SQLite)
	w.stopQueue()
	once := func(conversation string) {
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
			sqlTx, err := tx.SQL()
			if err != nil {
				return err
			}
			return w.app.queue.EnqueueOnceTx(w.ctx, sqlTx, jobs.Sync{Workspace: w.tenant.Workspace, Conversation: conversation})
		}))
	}
	_, err := w.exec("DELETE FROM river_job")
	w.must(err)
	for _, conversation := range []string{"1", "2", "3", "4", "5"} {
		once(conversation)
	}
	for conversation, change := range map[string]string{
		"2": `state = 'running', attempt = 1, attempted_at = '2026-03-02 09:00:00.123', attempted_by = '["gone"]'`,
		"3": `state = 'discarded', attempt = 25, finalized_at = '2026-03-02 09:00:00.5', errors = '[{"at":"2026-03-02T09:00:00Z","attempt":1,"error":"a\u0000b \\ \"c\"","trace":""}]', tags = '["x","y z"]'`,
		"4": `state = 'completed', finalized_at = '2026-03-02 09:00:00'`,
		"5": `state = 'retryable', attempt = 2, scheduled_at = '2099-01-01 00:00:00'`,
	} {
		result, err := w.exec("UPDATE river_job SET " + change + ` WHERE CAST(args AS TEXT) LIKE '%"conversation":"` + conversation + `"%'`)
		w.must(err)
		if n, err := result.RowsAffected(); n != 1 || err != nil {
			t.Fatalf("%d jobs are of conversation %s, %v", n, conversation, err)
		}
	}
	w.stop()
	if code, said := w.rerate("migrate", "--to", to); code != 0 {
		t.Fatalf("the move ended with %d and said %s", code, said)
	}
	w.environment["RERATE_DATABASE_URL"] = to
	got := w.texts(`SELECT concat_ws(' ', args->>'conversation', state, attempt, attempted_by, attempted_at AT TIME ZONE 'UTC', finalized_at AT TIME ZONE 'UTC', errors[1]->>'error', tags, unique_states,
		length(unique_key), date_part('year', scheduled_at) = 2099) FROM river_job ORDER BY id`)
	want := []string{
		"1 available 0 {} 11110001 32 f",
		`2 available 1 {gone} 2026-03-02 09:00:00.123 {} 11110001 32 f`,
		`3 discarded 25 2026-03-02 09:00:00.5 a` + "\ufffd" + `b \ "c" {x,"y z"} 11110001 32 f`,
		"5 retryable 2 {} 11110001 32 t",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the jobs are different: %s", diff)
	}
	last := w.number("SELECT MAX(id) FROM river_job")
	w.start()
	w.stopQueue()
	for _, conversation := range []string{"5", "6"} {
		once(conversation)
	}
	if n := w.number(`SELECT COUNT(*) FROM river_job WHERE args->>'conversation' IN ('5', '6')`); n != 2 {
		t.Errorf("of a job that waits and a new one there are %d", n)
	}
	if n := w.number(`SELECT MAX(id) FROM river_job`); n <= last {
		t.Errorf("the newest job is %d, before %d", n, last)
	}
}

func TestWordsOfMigrateThatDoNotFit(t *testing.T) {
	w := &world{t: t, ctx: t.Context(), environment: map[string]string{"RERATE_DATABASE_URL": modelstest.Migrated(t, models.SQLite, migrateQueue)}}
	for _, test := range []struct {
		args string
		code int
		says string
	}{
		{"--rehearse", 2, "--rehearse goes with --to"},
		{"--reopen --to postgres://x/y", 2, "--reopen with nothing else"},
		{"--reopen", 1, "was not moved away"},
		{"--to sqlite:///x", 1, "the target must be postgres://"},
		{"--to postgres://u:secret%zz@127.0.0.1:1/x", 1, "not a URL"},
		{"--to postgres://u:secret@127.0.0.1:1/x", 1, "connecting to PostgreSQL"},
	} {
		code, said := w.rerate(append([]string{"migrate"}, strings.Fields(test.args)...)...)
		if code != test.code || !strings.Contains(said, test.says) || strings.Contains(said, "secret") {
			t.Errorf("migrate %s ended with %d and said %s", test.args, code, said)
		}
	}
	if code, said := w.rerate("migrate"); code != 0 {
		t.Errorf("then migrate ended with %d and said %s", code, said)
	}
}
