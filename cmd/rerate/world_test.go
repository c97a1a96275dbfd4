package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rerate/handlers"
	"rerate/internal/intercom/canvas"
	"rerate/internal/intercom/intercomtest"
	"rerate/models"
	"rerate/models/modelstest"
)

// world is a whole Rerate as serve runs it, beside a sandbox Intercom, both over HTTP, with the sandbox's default
// workspace connected by Jane. Its clock stands still until the test moves it.
type world struct {
	t           testing.TB
	app         *app
	url         string
	environment map[string]string
	stop        func() // ends the app as a signal would
	ended       error  // what the app said in the end
	sandbox     *intercomtest.Server
	api         *httptest.Server // the sandbox
	clock       *modelstest.Clock
	calls       *watchedTransport
	tenant      models.Tenant
	key         string  // of the management API
	handmade    bool    // see byHand
	notice      func()  // between "not ready" and the end of the app; nil: at once
	kept        *sql.DB // see keepOutside
	program     string  // what runs as another process; empty: the test's own binary
	ctx         context.Context
}

const (
	jane  = "9608799"
	tomas = "9608812"
)

// patience is how long a test waits for a fact before it fails; it never waits without one.
const patience = 3 * time.Minute

// eachWorld runs the test on both databases, beside a sandbox with the given options. It is the last that a test does, as
// modelstest.Each is.
func eachWorld(t *testing.T, test func(w *world), options ...func(*intercomtest.Options)) {
	t.Helper()
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) { test(newWorld(t, dialect, options...)) })
}

func newWorld(t testing.TB, dialect models.Dialect, options ...func(*intercomtest.Options)) *world {
	t.Helper()
	return newWorldOn(t, modelstest.Migrated(t, dialect, migrateQueue), options...)
}

// newWorldOn is newWorld on a database of the test's own.
func newWorldOn(t testing.TB, databaseURL string, options ...func(*intercomtest.Options)) *world {
	t.Helper()
	w := &world{t: t, calls: &watchedTransport{}, clock: &modelstest.Clock{}, ctx: inTime(t), stop: func() {}}
	w.clock.Set(modelstest.Start)
	o := intercomtest.Options{Now: w.clock.Now}
	for _, change := range options {
		change(&o)
	}
	w.sandbox = intercomtest.New(o)
	w.api = httptest.NewServer(w.sandbox)
	t.Cleanup(w.api.Close)
	t.Cleanup(w.sandbox.Behave) // before the server closes, so that nothing hangs
	w.environment = map[string]string{
		"RERATE_ADDR": "127.0.0.1:0", "RERATE_DATABASE_URL": databaseURL, "RERATE_BASE_URL": baseURL,
		"RERATE_SECRET_KEY": secretKey, "INTERCOM_CLIENT_ID": "sandbox-client", "INTERCOM_CLIENT_SECRET": "sandbox-secret",
		"INTERCOM_API_URL": w.api.URL, "INTERCOM_APP_URL": w.api.URL, "RERATE_PRIVATE_TARGETS": "127.0.0.0/8",
	}
	t.Cleanup(func() { w.stop() })
	w.start()

	_, err := w.app.service.Connect(w.ctx, w.sandbox.Install(intercomtest.DefaultWorkspace, jane))
	w.must(err)
	w.set(func(s *models.Settings) { s.Windows.UndoMinutes = 0 })
	w.key = w.apiKey(w.tenant)
	return w
}

// inTime is the test's context, which ends a while before the tests' time does: what waits for ever is then named by a
// test that fails, instead of by thousands of lines about all that waits.
func inTime(t testing.TB) context.Context {
	limited, ok := t.(interface{ Deadline() (time.Time, bool) })
	if !ok {
		return t.Context()
	}
	end, ok := limited.Deadline()
	if !ok {
		return t.Context()
	}
	ctx, cancel := context.WithDeadline(t.Context(), end.Add(-min(2*time.Minute, time.Until(end)/4)))
	t.Cleanup(cancel)
	return ctx
}

// baseURL is where Rerate says that it is; the browser of a test finds it there.
const baseURL = "http://rerate.test"

var secretKey = base64.StdEncoding.EncodeToString([]byte("abcdefghijklmnopqrstuvwxyz012345"))

// start runs the app on the world's database, as serve does.
func (w *world) start() {
	w.t.Helper()
	p := program{
		lookup: func(name string) (string, bool) { v, ok := w.environment[name]; return v, ok },
		now:    w.clock.Now, transport: w.calls, stdout: io.Discard, stderr: logTo{w.t}, notice: w.notice,
	}
	c, err := readConfig(p.lookup)
	w.must(err)
	w.must(c.secrets())
	w.app, err = p.start(w.ctx, c)
	w.must(err)
	w.handmade = false
	w.url = "http://" + w.app.listener.Addr().String()
	w.sandbox.SetAppURL(w.url, baseURL+"/auth/intercom/callback")
	w.tenant = w.app.store.Tenant(intercomtest.DefaultWorkspace)
	done := make(chan struct{})
	stopping, stop := context.WithCancel(context.WithoutCancel(w.ctx))
	app := w.app
	go func() { defer close(done); w.ended = app.serveUntil(stopping) }()
	w.stop = func() { stop(); <-done }
}

// restart stops the app and starts it again with another variable.
func (w *world) restart(variable, value string) {
	w.t.Helper()
	w.stop()
	w.environment[variable] = value
	w.start()
}

// byHand stops the queue for a test in which one thing happens after the other from now on, each job when the test runs it.
// There is nothing in that for the race detector.
func (w *world) byHand() {
	w.t.Helper()
	if shortRace {
		w.t.Skip("from here on nothing is concurrent: without the race detector, for time; with it by `make test-race`")
	}
	w.stopQueue()
}

// stopQueue is byHand for a test that has jobs run at once.
func (w *world) stopQueue() {
	w.t.Helper()
	w.must(w.app.queue.Stop(w.ctx))
	w.handmade = true
}

func (w *world) apiKey(tenant models.Tenant) string {
	w.t.Helper()
	key, _, err := handlers.NewAPIKey(w.ctx, tenant, rand.Reader, "test", "test", false)
	w.must(err)
	return key
}

// logTo shows the program's log when the test fails.
type logTo struct{ t testing.TB }

func (l logTo) Write(line []byte) (int, error) {
	l.t.Helper()
	fmt.Fprintf(l.t.Output(), "%s", line)
	return len(line), nil
}

// watchedTransport counts the calls to Intercom.
type watchedTransport struct{ n atomic.Int64 }

func (t *watchedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.n.Add(1)
	return http.DefaultTransport.RoundTrip(r)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// set changes the workspace's settings.
func (w *world) set(change func(*models.Settings)) {
	w.t.Helper()
	w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		change(&settings)
		return tx.SaveSettings(settings)
	}))
}

// sam is the customer of most tests.
func (w *world) sam() intercomtest.Contact { return w.contact("sam@example.com") }

func (w *world) contact(email string) intercomtest.Contact {
	for _, c := range w.sandbox.Contacts(intercomtest.DefaultWorkspace) {
		if c.Email == email {
			return c
		}
	}
	w.t.Fatalf("the sandbox has no contact %s", email)
	return intercomtest.Contact{}
}

// solved is a conversation of Sam's that Jane answered and closed.
func (w *world) solved() string {
	w.t.Helper()
	c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: w.sam().ID, Text: "My tent leaks at the seams."})
	w.must(err)
	w.clock.Move(time.Minute)
	_, err = w.sandbox.AdminReply(c.ID, jane, "<p>A new one is on its way.</p>")
	w.must(err)
	w.clock.Move(time.Minute)
	_, err = w.sandbox.Close(c.ID, jane)
	w.must(err)
	w.clock.Move(time.Minute)
	return c.ID
}

// ratedNatively is a solved conversation with Intercom's own rating.
func (w *world) ratedNatively(score int) string {
	w.t.Helper()
	id := w.solved()
	_, err := w.sandbox.RequestNativeRating(id)
	w.must(err)
	w.must(w.sandbox.RateNatively(id, w.sam().ID, score, ""))
	w.clock.Move(time.Hour)
	return id
}

// ask has Jane send the card, and answers its id.
func (w *world) ask(conversation string) string {
	w.t.Helper()
	result := w.sandbox.InsertCardInComposer(w.ctx, conversation, jane, nil)
	w.fine(result)
	_, err := w.sandbox.SendComposer(conversation, jane, "")
	w.must(err)
	w.clock.Move(time.Minute)
	return result.Card.ID
}

func (w *world) fine(r intercomtest.CanvasResult) {
	w.t.Helper()
	if r.Problem != "" || r.Call.Status != http.StatusOK {
		w.t.Fatalf("the card could not be shown: %s (status %d) %s", r.Problem, r.Call.Status, r.Call.Answer)
	}
}

// tap has a contact choose a score.
func (w *world) tap(card, contact string, score int) intercomtest.CanvasResult {
	w.t.Helper()
	r := w.sandbox.CardSubmit(w.ctx, card, contact, "rating", map[string]any{"rating": fmt.Sprint(score)})
	w.fine(r)
	return r
}

func (w *world) press(card, contact, component string, values map[string]any) intercomtest.CanvasResult {
	w.t.Helper()
	r := w.sandbox.CardSubmit(w.ctx, card, contact, component, values)
	w.fine(r)
	return r
}

func (w *world) remark(card, contact, text string) intercomtest.CanvasResult {
	w.t.Helper()
	return w.press(card, contact, "send_remark", map[string]any{"remark": text})
}

// until waits for a fact about the sandbox.
func (w *world) until(what string, fact func() bool) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := w.sandbox.Wait(ctx, fact); err != nil {
		w.t.Fatalf("waited in vain until %s", what)
	}
}

// notes waits for that many private notes and answers their HTML.
func (w *world) notes(conversation string, n int) []string {
	w.t.Helper()
	if !w.handmade {
		w.until(fmt.Sprintf("conversation %s has %d notes", conversation, n), func() bool { return len(w.sandbox.Notes(conversation)) >= n })
	}
	return w.settledNotes(conversation, n)
}

// settledNotes runs the job once more, after which there must still be exactly n notes.
func (w *world) settledNotes(conversation string, n int) []string {
	w.t.Helper()
	w.sync(conversation)
	var bodies []string
	for _, note := range w.sandbox.Notes(conversation) {
		bodies = append(bodies, note.Body)
	}
	if len(bodies) != n {
		w.t.Fatalf("conversation %s has %d notes instead of %d: %q", conversation, len(bodies), n, bodies)
	}
	return bodies
}

// ratings reads the conversation's ratings from the store.
func (w *world) ratings(conversation string) []models.Rating {
	w.t.Helper()
	all, err := w.tenant.RatingsOf(w.ctx, conversation)
	w.must(err)
	return all
}

// get calls the management API.
func (w *world) get(path string, into any) {
	w.t.Helper()
	body := w.call(http.MethodGet, path, nil, http.StatusOK)
	w.must(json.Unmarshal(body, into))
}

func (w *world) call(method, path string, body any, want int) []byte {
	w.t.Helper()
	var sent io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		w.must(err)
		sent = strings.NewReader(string(raw))
	}
	request, err := http.NewRequestWithContext(w.ctx, method, w.url+"/api/v1"+path, sent)
	w.must(err)
	request.Header.Set("Authorization", "Bearer "+w.key)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	w.must(err)
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	w.must(err)
	if response.StatusCode != want {
		w.t.Fatalf("%s %s answered %d: %s", method, path, response.StatusCode, answer)
	}
	return answer
}

// texts are all texts of a canvas, one a line.
func texts(c *canvas.Content) string {
	var lines []string
	for _, part := range c.Components {
		switch part := part.(type) {
		case canvas.Text:
			lines = append(lines, part.Text)
		case canvas.SingleSelect:
			for _, o := range part.Options {
				lines = append(lines, o.Text)
			}
		case canvas.TextArea:
			lines = append(lines, part.Label, part.Value)
		case canvas.Dropdown:
			lines = append(lines, part.Label, part.Value)
		case canvas.Button:
			lines = append(lines, part.Label)
		}
	}
	return strings.Join(lines, "\n")
}
