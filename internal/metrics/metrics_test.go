package metrics

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func shown(t *testing.T, m *Metrics, method, path string) (int, string) {
	t.Helper()
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return answer.Code, answer.Body.String()
}

// A database that does not answer costs a moment, and the other metrics are there.
func TestALookThatTakesTooLong(t *testing.T) {
	m := New("1")
	m.patience = time.Millisecond
	m.Look(func(ctx context.Context) (Store, error) {
		<-ctx.Done()
		return Store{Files: map[string]int64{"wal": 7}}, ctx.Err()
	})
	m.patience = time.Minute // of the answer
	m.Committed(2, time.Millisecond)
	status, text := shown(t, m, http.MethodGet, "/metrics")
	for _, line := range []string{"rerate_store_readable 0\n", "rerate_ratings_stored_total 2\n", `rerate_sqlite_bytes{file="wal"} 7` + "\n"} {
		if status != http.StatusOK || !strings.Contains(text, line) {
			t.Errorf("answered %d without %s", status, line)
		}
	}
	if strings.Contains(text, "rerate_queue_jobs") {
		t.Error("jobs are shown that nobody could count")
	}
}

// What strangers send makes no label.
func TestLabelsAreFew(t *testing.T) {
	m := New("1")
	for _, method := range []string{"BREW", "GETT", "get", "\xff"} {
		m.Request(method, "", 404, 0)
	}
	if _, text := shown(t, m, http.MethodGet, "/metrics"); strings.Count(text, "rerate_http_requests_total{") != 1 {
		t.Error("each method of a stranger has a line")
	}
}

func TestOnlyMetricsAreAnswered(t *testing.T) {
	for _, test := range []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, "/metrics", 200},
		{http.MethodHead, "/metrics", 200},
		{http.MethodPost, "/metrics", 405},
		{http.MethodGet, "/", 404},
		{http.MethodGet, "/debug/pprof/", 404},
	} {
		if status, _ := shown(t, New("1"), test.method, test.path); status != test.want {
			t.Errorf("%s %s is answered %d, want %d", test.method, test.path, status, test.want)
		}
	}
}
