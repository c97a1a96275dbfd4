package intercomtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a time that tests move by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// app is a stand-in for Rerate: it answers what answer says and keeps what it got.
type app struct {
	*httptest.Server
	mu     sync.Mutex
	got    []gotRequest
	answer func(path string, body map[string]any) (int, any)
}

type gotRequest struct {
	method string
	path   string
	header http.Header
	raw    []byte
	body   map[string]any
}

func newApp(t *testing.T) *app {
	t.Helper()
	a := &app{answer: func(string, map[string]any) (int, any) { return 200, ratingCanvas() }}
	a.Server = httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

func (a *app) serve(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	var body map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	_ = d.Decode(&body)
	a.mu.Lock()
	a.got = append(a.got, gotRequest{r.Method, r.URL.Path, r.Header, raw, body})
	answer := a.answer
	a.mu.Unlock()
	code, out := answer(r.URL.Path, body)
	if hang, ok := out.(func(*http.Request)); ok {
		hang(r)
		return
	}
	w.WriteHeader(code)
	if out != nil {
		_ = json.NewEncoder(w).Encode(out)
	}
}

func (a *app) says(code int, out any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = func(string, map[string]any) (int, any) { return code, out }
}

func (a *app) requests() []gotRequest {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]gotRequest(nil), a.got...)
}

func (a *app) last(t *testing.T) gotRequest {
	t.Helper()
	all := a.requests()
	if len(all) == 0 {
		t.Fatal("the app got nothing")
	}
	return all[len(all)-1]
}

func ratingCanvas() any {
	var options []any
	for _, o := range []string{"1 😠", "2 🙁", "3 😐", "4 😃", "5 😍"} {
		options = append(options, map[string]any{"type": "option", "id": o[:1], "text": o[2:]})
	}
	return map[string]any{"canvas": map[string]any{
		"content": map[string]any{"components": []any{
			map[string]any{"type": "single-select", "id": "rating", "options": options, "action": map[string]any{"type": "submit"}},
		}},
		"stored_data": map[string]any{"seal": "v1.<a/b>.é"},
	}}
}

// world is a sandbox with an app, a clock, an installed workspace, and its token.
type world struct {
	*Server
	t     *testing.T
	clock *clock
	app   *app
	http  *httptest.Server
	token string
	jane  string
	sam   string
}

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	c, a := newClock(), newApp(t)
	opts := Options{AppURL: a.URL, Now: c.now}
	for _, f := range change {
		f(&opts)
	}
	s := New(opts)
	w := &world{Server: s, t: t, clock: c, app: a, jane: "9608799", sam: "696205460674dbb9050aa7fd"}
	w.http = httptest.NewServer(s)
	t.Cleanup(w.http.Close)
	t.Cleanup(s.Behave)
	w.token = s.Install(DefaultWorkspace, w.jane)
	return w
}

// start begins a conversation with Sam and forgets its webhook.
func (w *world) start(text string) string {
	w.t.Helper()
	c, err := w.NewConversation(Start{Contact: w.sam, Text: text})
	w.ok(err)
	w.Deliver(w.t.Context())
	return c.ID
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

type reply struct {
	status int
	header http.Header
	raw    string
	body   map[string]any
}

// call makes a REST call at version 2.16, or at the one given.
func (w *world) call(method, path, body string, version ...string) reply {
	w.t.Helper()
	v := "2.16"
	if len(version) > 0 {
		v = version[0]
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.http.URL+path, strings.NewReader(body))
	w.ok(err)
	req.Header.Set("Authorization", "Bearer "+w.token)
	req.Header.Set("Content-Type", "application/json")
	if v != "" {
		req.Header.Set("Intercom-Version", v)
	}
	res, err := http.DefaultClient.Do(req)
	w.ok(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	w.ok(err)
	out := reply{status: res.StatusCode, header: res.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &out.body)
	return out
}

// want fails unless the status and the error code ("" for none) are these.
func (r reply) want(t *testing.T, status int, code string) reply {
	t.Helper()
	got := ""
	if list, ok := r.body["errors"].([]any); ok && len(list) > 0 {
		got, _ = list[0].(map[string]any)["code"].(string)
	}
	if r.status != status || got != code {
		t.Fatalf("got %d %q, want %d %q: %s", r.status, got, status, code, r.raw)
	}
	return r
}

// at walks into decoded JSON by keys and list positions.
func at(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("%v: no object at %q", path, s)
			}
			v = m[s]
		case int:
			l, ok := v.([]any)
			if !ok || len(l) <= s {
				t.Fatalf("%v: no entry %d", path, s)
			}
			v = l[s]
		}
	}
	return v
}
