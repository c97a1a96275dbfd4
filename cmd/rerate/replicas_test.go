package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
	"rerate/models/modelstest"
)

// replica is one of several processes on one database.
type replica struct {
	name    string
	process *exec.Cmd
	url     *url.URL

	mu       sync.Mutex
	out      bool     // of the rotation: it was killed, or stands still
	served   int      // requests
	troubles []string // what went wrong with a request to it
}

// balancer hands requests to replicas in turn, as one does that stands before them, and writes down what each could not do.
type balancer struct {
	mu       sync.Mutex
	next     int
	replicas []*replica
}

func (b *balancer) pick() *replica {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range b.replicas {
		b.next++
		if r := b.replicas[b.next%len(b.replicas)]; r.inRotation() {
			return r
		}
	}
	return b.replicas[0]
}

func (r *replica) inRotation() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.out
}

func (r *replica) take(out bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out = out
}

func (r *replica) note(trouble string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.served++
	if trouble != "" {
		r.troubles = append(r.troubles, trouble)
	}
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r := b.pick()
	out := request.Clone(request.Context())
	out.RequestURI, out.URL.Scheme, out.URL.Host = "", r.url.Scheme, r.url.Host
	answer, err := http.DefaultTransport.RoundTrip(out)
	if err != nil {
		r.note(err.Error())
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		r.note(err.Error())
	case answer.StatusCode >= http.StatusInternalServerError, bytes.Contains(body, []byte("try again")):
		r.note(fmt.Sprintf("%s was answered %d %.300s", request.URL.Path, answer.StatusCode, body))
	default:
		r.note("")
	}
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(body) // who asked may have gone
}

// replicate starts one more process and waits until it is ready.
func (w *world) replicate(name string) *replica {
	w.t.Helper()
	w.environment["RERATE_ADDR"] = listenLater(w.t.(*testing.T))
	r := &replica{name: name, url: &url.URL{Scheme: "http", Host: w.environment["RERATE_ADDR"]}, process: w.serveAsProcess()}
	w.within(patience, name+" is ready", func() bool {
		answer, err := http.Get(r.url.String() + "/readyz")
		return err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
	})
	return r
}

// behind changes rows behind everybody's back.
func (w *world) behind(statement string) {
	w.t.Helper()
	pool, done := w.outside()
	defer done()
	_, err := pool.ExecContext(w.ctx, statement)
	w.must(err)
}

// Three replicas on one PostgreSQL, customers at all of them. One stands still in the midst of a note, for longer than its
// leases last; one is killed. Requests that were with these two may fail; nobody else notices. Whoever is thanked is stored once, and
// the team has one note of each, also of the one that was being written. What runs by the clock runs once for each leader.
// Leases are moved in time rather than waited for.
func TestThreeReplicas(t *testing.T) {
	t.Parallel()
	w := newWorldOn(t, modelstest.AsShipped(t, modelstest.Migrated(t, models.Postgres, migrateQueue)), manyCalls, func(o *intercomtest.Options) { o.Now = time.Now })
	w.clock.Set(time.Now())
	raters := w.raters(62)
	hung, raters := raters[0], raters[1:]
	w.stop()
	w.keepOutside()
	scheduled := func() int {
		return w.number("SELECT COUNT(*) FROM river_job WHERE kind IN ('sweep', 'check_figures', 'refresh_segments')")
	}
	before := scheduled()

	still := w.replicate("the one that will stand still")
	balancer := &balancer{replicas: []*replica{still}}
	front := httptest.NewServer(balancer)
	t.Cleanup(front.Close)
	w.url = front.URL
	w.sandbox.SetAppURL(w.url, baseURL+"/auth/intercom/callback")
	w.within(patience, "the first leads", func() bool { return scheduled() == before+3 })
	w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Hang, Method: http.MethodPost, Path: "/conversations/*/reply", Times: 1})
	if got := w.tapOnce(hung, 1); got != thanked {
		t.Fatalf("the first tap shows %s", got)
	}
	w.until("the note hangs", func() bool { return w.sandbox.Hanging() == 1 })
	const worker = "attempted_by[CARDINALITY(attempted_by)]"
	hanging := w.texts("SELECT DISTINCT " + worker + " FROM river_job WHERE state = 'running' AND args->>'conversation' = '" + hung.conversation + "'")
	if len(hanging) != 1 {
		t.Fatalf("the note that hangs is written by %q, want one", hanging)
	}
	survivor, killed := w.replicate("the one that goes on"), w.replicate("the one that is killed")
	balancer.mu.Lock()
	balancer.replicas = append(balancer.replicas, survivor, killed)
	balancer.mu.Unlock()

	// Who signs in at one is signed in at all, and the state of a sign-in that began at one ends at another.
	jane := w.signedIn(jane)
	for range 6 {
		if p := jane.get("/ratings"); p.status != http.StatusOK {
			t.Errorf("signed in, a page is answered %d", p.status)
		}
	}

	var taps sync.WaitGroup
	again := 0
	taps.Go(func() { again = w.tapAll(raters) })
	w.within(patience, "some have rated", func() bool { return w.number("SELECT COUNT(*) FROM ratings") > 12 })
	killed.take(true)
	w.must(killed.process.Process.Kill())
	_ = killed.process.Wait()
	w.within(patience, "more have rated", func() bool { return w.number("SELECT COUNT(*) FROM ratings") > 30 })
	still.take(true)
	w.must(still.process.Process.Signal(syscall.SIGSTOP))
	taps.Wait()
	t.Logf("%d taps were made again", again)

	// Time passes for who leads, for the note that hangs, and for all that the killed one had in hand: the one that is left takes it
	// up. What else is with the one that stands still is in time and stays there: Intercom takes a note twice, and no lease that was
	// moved behind its back keeps it from writing.
	w.behind("UPDATE river_leader SET expires_at = NOW() - INTERVAL '1 second' WHERE leader_id = '" + hanging[0] + "'")
	w.within(patience, "the next one leads", func() bool { return scheduled() >= before+6 })
	leads := w.texts("SELECT leader_id FROM river_leader")
	lost := fmt.Sprintf("state = 'running' AND %[1]s <> '%[2]s' AND (%[1]s <> '%[3]s' OR args->>'conversation' = '%[4]s')",
		worker, leads[0], hanging[0], hung.conversation)
	w.behind("UPDATE conversations SET leased_until = NOW() - INTERVAL '1 second' WHERE lease <> '' AND id IN (SELECT args->>'conversation' FROM river_job WHERE " + lost + ")")
	w.behind("UPDATE river_job SET attempted_at = attempted_at - INTERVAL '10 minutes' WHERE " + lost)
	w.until("the note that hung is written by another", func() bool { return len(w.sandbox.Notes(hung.conversation)) > 0 })
	w.must(still.process.Process.Signal(syscall.SIGCONT))
	still.take(false)
	for _, s := range raters {
		w.until("everybody's note is there", func() bool { return len(w.sandbox.Notes(s.conversation)) > 0 })
	}
	survivor.take(true)
	if p := jane.get("/ratings"); p.status != http.StatusOK {
		t.Errorf("the one that stood still answers %d", p.status)
	}
	w.within(patience, "the one that stood still has let go", func() bool { return w.number("SELECT COUNT(*) FROM river_job WHERE state = 'running'") == 0 })
	if got := scheduled(); got != before+6 {
		t.Errorf("two leaders ran %d jobs of the schedule, want 6", got-before)
	}
	if len(survivor.troubles) > 0 {
		t.Errorf("the one that goes on had trouble: %q", survivor.troubles)
	}
	for _, r := range balancer.replicas {
		t.Logf("%s: %d requests, %d troubles", r.name, r.served, len(r.troubles))
		if r.served < 5 || len(r.troubles) > 10 { // eight customers tap at once, and webhooks come
			t.Errorf("%s: %d requests, %q", r.name, r.served, r.troubles)
		}
	}
	tenant := w.observe()
	for i, s := range append([]rater{hung}, raters...) {
		stored, err := tenant.RatingsOf(w.ctx, s.conversation)
		w.must(err)
		if notes := len(w.sandbox.Notes(s.conversation)); len(stored) != 1 || notes != 1 {
			t.Errorf("customer %d has %d ratings and %d notes", i, len(stored), notes)
		}
	}
	if code, said := w.rerate("verify"); code != 0 {
		t.Errorf("rerate verify ended with %d and said %s", code, said)
	}
}
