package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// scrape asks for the metrics as Prometheus does.
func (w *world) scrape() metricValues {
	w.t.Helper()
	status, text := w.fetched("http://"+w.app.metrics.listener.Addr().String()+"/metrics", http.MethodGet)
	if status != http.StatusOK {
		w.t.Fatalf("the metrics are answered %d: %s", status, text)
	}
	values := metricValues{t: w.t, text: text, of: map[string]float64{}}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if at := strings.LastIndex(line, "} "); at >= 0 {
			name, value = line[:at+1], strings.TrimSpace(line[at+2:])
		}
		n, err := strconv.ParseFloat(value, 64)
		w.must(err)
		values.of[name] = n
	}
	return values
}

func (w *world) fetched(url, method string) (status int, text string) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.ctx, method, url, nil)
	w.must(err)
	response, err := http.DefaultClient.Do(request)
	w.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	w.must(err)
	return response.StatusCode, string(body)
}

// metricValues are what was shown, by name and labels.
type metricValues struct {
	t    testing.TB
	text string
	of   map[string]float64
}

func (m metricValues) want(name string, want float64) {
	m.t.Helper()
	if got, shown := m.of[name]; !shown || got != want {
		m.t.Errorf("%s is %v, want %v (shown: %v)", name, got, want, shown)
	}
}

// sum adds up what a name has under all its labels that hold a text.
func (m metricValues) sum(name, label string) (sum float64) {
	for _, full := range slices.Sorted(maps.Keys(m.of)) {
		if strings.HasPrefix(full, name+"{") && strings.Contains(full, label) {
			sum += m.of[full]
		}
	}
	return sum
}

// What the metrics say is what happened, and they say it on an address of their own.
func TestMetrics(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.stop()
		w.environment["RERATE_METRICS_ADDR"] = "127.0.0.1:0"
		calls, before := w.calls.n.Load(), w.number("SELECT COUNT(*) FROM ratings")
		w.start()
		w.stopQueue()
		m := w.scrape()
		m.want("rerate_ratings_stored_total", 0)
		m.want("rerate_store_readable", 1)
		m.want("rerate_answers_waiting", 0)
		m.want(`rerate_queue_jobs{queue="outside",state="discarded"}`, 0)
		m.want(fmt.Sprintf("rerate_info{version=%q}", version), 1)

		rated := w.ratedNatively(2)
		tapped := w.tap(w.ask(rated), w.sam().ID, 5)
		for range 2 {
			w.sandbox.Replay(w.ctx, tapped.Call, "")
		}
		other := w.solved()
		w.tap(w.ask(other), w.sam().ID, 1)
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.RateLimit, Times: 1})
		if err := w.tryThrough(rated); err == nil {
			t.Error("the job did not wait for the limit")
		}
		w.clock.Move(time.Minute)
		w.notes(rated, 1)
		w.forward(w.sandbox.Deliver(w.ctx)[0])
		for _, path := range []string{"/canvas/messenger/submit", "/webhooks/intercom"} {
			if status, _ := w.fetched(w.url+path, http.MethodPost); status != http.StatusUnauthorized {
				t.Errorf("%s without a signature is answered %d", path, status)
			}
		}
		for range 3 {
			w.fetched(w.url+"/no/such/page", "BREW")
		}
		if status, text := w.fetched(w.url+"/metrics", http.MethodGet); status != http.StatusNotFound || strings.Contains(text, "rerate_") {
			t.Errorf("the public address answers /metrics with %d", status)
		}
		m = w.scrape()
		ratings := float64(w.count("SELECT COUNT(*) FROM ratings") - before)
		if ratings != 3 { // two taps, and Intercom's own rating that the job has read
			t.Fatalf("%v ratings are stored", ratings)
		}
		m.want("rerate_ratings_stored_total", ratings)
		m.want("rerate_rating_commit_ratings_sum", ratings)
		m.want("rerate_rating_commit_seconds_count", 3)
		m.want(`rerate_http_requests_total{method="POST",route="/canvas/messenger/submit",status="200"}`, 4)
		m.want(`rerate_http_requests_total{method="POST",route="/canvas/messenger/submit",status="401"}`, 1)
		m.want(`rerate_http_request_seconds_count{method="POST",route="/canvas/messenger/submit"}`, 5)
		m.want(`rerate_http_requests_total{method="other",route="none",status="404"}`, 3)
		m.want("rerate_signature_failures_total", 2)
		m.want(`rerate_intercom_asked_total{outcome="done",route="/canvas/messenger/submit"}`, 4)
		m.want(`rerate_intercom_repeated_total{route="/webhooks/intercom"}`, 1)
		m.want(`rerate_intercom_repeated_total{route="/canvas/messenger/submit"}`, 2)
		m.want("rerate_answers_refused_total", 0)
		m.want(`rerate_intercom_calls_total{outcome="limited"}`, 1)
		if made := float64(w.calls.n.Load() - calls); m.sum("rerate_intercom_calls_total", "") != made || m.of["rerate_intercom_call_seconds_count"] != made {
			t.Errorf("%v calls to Intercom are counted, %v were made", m.sum("rerate_intercom_calls_total", ""), made)
		}
		m.want("go_sql_max_open_connections"+`{db_name="main"}`, map[models.Dialect]float64{models.SQLite: 1, models.Postgres: 30}[w.app.store.Dialect()])

		// What waits is counted when somebody asks.
		w.clock.Move(time.Hour)
		_, err := w.exec("UPDATE river_job SET state = 'discarded', finalized_at = created_at WHERE id = (SELECT MAX(id) FROM river_job WHERE state = 'available')")
		w.must(err)
		m = w.scrape()
		for state, least := range map[string]int{"available": 1, "discarded": 1, "scheduled": 0, "retryable": 0, "running": 0} {
			stored := w.count("SELECT COUNT(*) FROM river_job WHERE state = '" + state + "'")
			if got := m.sum("rerate_queue_jobs", fmt.Sprintf("state=%q", state)); got != float64(stored) || stored < least {
				t.Errorf("%v jobs are %s, stored are %d", got, state, stored)
			}
		}
		outbox := w.count("SELECT COUNT(*) FROM outbox")
		if outbox < 2 {
			t.Errorf("%d rows wait in the outbox", outbox)
		}
		m.want("rerate_outbox_jobs", float64(outbox))
		if late := m.of["rerate_outbox_oldest_seconds"]; late < 3600 || late > 3*3600 {
			t.Errorf("the oldest of the outbox is %v s late", late)
		}
		if oldest := m.of[`rerate_queue_oldest_seconds{queue="default"}`]; oldest < 0 || oldest > patience.Seconds() {
			t.Errorf("the oldest job waits for %v s", oldest)
		}
		w.compareSizes()

		for _, theirs := range []string{w.tenant.Workspace, rated, other, w.sam().ID, jane} {
			if strings.Contains(m.text, `"`+theirs+`"`) {
				t.Errorf("the metrics name %s", theirs)
			}
		}
		w.stop()
		if conn, err := net.Dial("tcp", w.app.metrics.listener.Addr().String()); err == nil {
			conn.Close()
			t.Error("the metrics are answered after the stop")
		}
		w.stop = func() {}
	}, func(o *intercomtest.Options) { o.WebhookTopics = []string{"conversation.user.created"} })
}

// compareSizes compares what is shown of SQLite's files with the files, which may grow meanwhile.
func (w *world) compareSizes() {
	w.t.Helper()
	path, isFile := strings.CutPrefix(w.environment["RERATE_DATABASE_URL"], "sqlite://")
	for name, suffix := range map[string]string{"database": "", "wal": "-wal"} {
		size := func() float64 {
			info, err := os.Stat(path + suffix)
			w.must(err)
			return float64(info.Size())
		}
		if !isFile {
			if _, shown := w.scrape().of[fmt.Sprintf("rerate_sqlite_bytes{file=%q}", name)]; shown {
				w.t.Errorf("PostgreSQL has a file %s", name)
			}
			continue
		}
		before := size()
		got := w.scrape().of[fmt.Sprintf("rerate_sqlite_bytes{file=%q}", name)]
		if after := size(); got < before || got > after || got == 0 {
			w.t.Errorf("the %s has %v bytes, its file had %v before and %v after", name, got, before, after)
		}
	}
}

// Metrics are off unless somebody says where, and an address that cannot be used stops the start.
func TestMetricsAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.SQLite)
	if w.app.metrics != nil {
		t.Error("the metrics are on by themselves")
	}
	taken := w.app.listener.Addr().String()
	w.stop()
	for address, say := range map[string]string{
		"9100": `RERATE_METRICS_ADDR must be HOST:PORT, like 127.0.0.1:8080; it is "9100"`,
		taken:  "RERATE_METRICS_ADDR cannot be listened on: ",
	} {
		if address == taken {
			w.environment["RERATE_ADDR"] = taken
		}
		w.environment["RERATE_METRICS_ADDR"] = address
		var said bytes.Buffer
		code := run(w.ctx, []string{"serve"}, func(name string) (string, bool) { v, ok := w.environment[name]; return v, ok }, &said, &said)
		if code != 1 || !strings.Contains(said.String(), say) {
			t.Errorf("%s: it ended with %d and said %s", address, code, said.String())
		}
	}
}
