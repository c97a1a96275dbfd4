package handlers_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"rerate/handlers"
	"rerate/internal/intercom"
	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/internal/outgoing"
	"rerate/internal/seal"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/models/modelstest"
)

const (
	clientSecret = "sandbox-secret"
	oldSecret    = "the secret before it"
	workspace    = intercomtest.DefaultWorkspace

	jane       = "9608799" // signs in first in every test that signs in, and so becomes the admin
	tomas      = "9608812"
	unverified = "9608838" // Max, with an e-mail address that Intercom has not verified
)

var ctx = context.Background()

func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }

// world is the whole program without its jobs, a sandbox Intercom beside it, and what was logged.
type world struct {
	t          *testing.T
	db         modelstest.DB
	service    *survey.Service
	handler    http.Handler
	sandbox    *intercomtest.Server
	intercomAt string // the sandbox's address
	base       string // our own
	log        *lines
}

// newWorld makes a world on SQLite.
func newWorld(t *testing.T, change ...func(*handlers.Config)) *world {
	t.Helper()
	return worldOn(t, modelstest.Open(t, models.SQLite, jobTables), change...)
}

// inEachWorld runs a test on SQLite and, where there is one, on PostgreSQL.
func inEachWorld(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) { test(t, worldOn(t, db)) }, jobTables)
}

func jobTables(ctx context.Context, db *sql.DB, dialect models.Dialect) error {
	return jobs.Migrate(ctx, db, dialect == models.SQLite)
}

func worldOn(t *testing.T, db modelstest.DB, change ...func(*handlers.Config)) *world {
	t.Helper()
	app := httptest.NewUnstartedServer(nil)
	w := &world{t: t, db: db, base: "http://" + app.Listener.Addr().String(), log: &lines{}}
	w.sandbox = intercomtest.New(intercomtest.Options{Now: db.Clock.Now, AppURL: w.base, Seed: 1})
	sandbox := httptest.NewServer(w.sandbox)
	t.Cleanup(sandbox.Close)
	w.intercomAt = sandbox.URL
	keys, err := seal.ParseKeys("bm90IGEgc2VjcmV0LCBvbmx5IGEgdGVzdCBrZXkgb2YgNDhieQ")
	if err != nil {
		t.Fatal(err)
	}
	w.service = survey.New(survey.Config{
		Store: db.Store, Keys: keys, BaseURL: w.base, APIURL: sandbox.URL, AppURL: sandbox.URL, HTTP: sandbox.Client(),
		OAuth: intercom.NewOAuth(intercom.OAuthConfig{
			ClientID: "sandbox-client", ClientSecret: clientSecret, AppURL: sandbox.URL, APIURL: sandbox.URL,
		}, sandbox.Client()),
		Now: db.Clock.Now, NewID: db.NewID, Log: slog.New(slog.NewJSONHandler(w.log, nil)), DrawDigest: handlers.DigestMail,
		Outgoing: outgoing.NewClient(outgoing.Guard{}), RatingJSON: handlers.RatingJSON,
	})
	pool, err := db.SQL()
	if err != nil {
		t.Fatal(err)
	}
	queue, err := jobs.New(pool, db.Dialect() == models.SQLite, jobs.Work{}, w.service.Log)
	if err != nil {
		t.Fatal(err)
	}
	w.service.Use(queue)
	config := handlers.Config{
		Service: w.service, ClientSecrets: []string{clientSecret, oldSecret}, Random: rand.Reader, Version: "test",
	}
	for _, c := range change {
		c(&config)
	}
	if w.handler, err = handlers.New(config); err != nil {
		t.Fatal(err)
	}
	app.Config.Handler = w.handler
	app.Start()
	t.Cleanup(app.Close)
	return w
}

// routes is the route table.
func (w *world) routes() []*echo.Route { return w.handler.(*echo.Echo).Routes() }

// lines collects the log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// browser keeps cookies, follows no redirect by itself, and says where its requests come from as browsers do.
type browser struct {
	w      *world
	client *http.Client
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w, &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a response that was read to its end.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (b *browser) do(request *http.Request) answer {
	b.w.t.Helper()
	response, err := b.client.Do(request)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return answer{b.w.t, response.StatusCode, response.Header, string(body)}
}

func (b *browser) request(method, address, body string) *http.Request {
	b.w.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.w.base + address
	}
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		b.w.t.Fatal(err)
	}
	return request
}

func (b *browser) get(address string) answer {
	b.w.t.Helper()
	return b.do(b.request(http.MethodGet, address, ""))
}

func (b *browser) post(address string, form url.Values) answer {
	b.w.t.Helper()
	request := b.request(http.MethodPost, address, form.Encode())
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(request)
}

// page is a page that must be there.
func (b *browser) page(address string) *goquery.Document {
	b.w.t.Helper()
	return b.get(address).is(http.StatusOK).document()
}

func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("the status is %d, want %d; location %q, body %s", a.status, status, a.location(), a.body)
	}
	return a
}

func (a answer) location() string { return a.header.Get("Location") }

// leadsTo wants a redirect.
func (a answer) leadsTo(address string) answer {
	a.t.Helper()
	if a.is(http.StatusSeeOther); a.location() != address {
		a.t.Fatalf("it leads to %q, want %q", a.location(), address)
	}
	return a
}

func (a answer) document() *goquery.Document {
	a.t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return document
}

// consent is Intercom's page: it starts the sign-in and answers with the address to which Intercom sends the browser back.
func (b *browser) consent(start, admin, decision string) string {
	b.w.t.Helper()
	there := b.get(start).is(http.StatusSeeOther).location()
	query, err := url.Parse(there)
	if err != nil {
		b.w.t.Fatal(err)
	}
	back := b.post(b.w.intercomAt+"/oauth", url.Values{
		"client_id": {"sandbox-client"}, "state": {query.Query().Get("state")},
		"workspace": {workspace}, "admin": {admin}, "decision": {decision},
	}).is(http.StatusSeeOther).location()
	if !strings.HasPrefix(back, b.w.base+"/auth/intercom/callback?") {
		b.w.t.Fatalf("Intercom sent the browser to %q", back)
	}
	return back
}

// signIn signs a teammate in, in a new browser.
func (w *world) signIn(admin string) *browser {
	w.t.Helper()
	b := w.browser()
	b.get(b.consent("/auth/intercom", admin, "allow")).leadsTo("/")
	return b
}

// tables are those that a request could write to.
var tables = []string{
	"workspaces", "teammates", "sessions", "oauth_states", "api_keys", "wordings", "conversations", "contacts", "requests",
	"ratings", "events", "write_backs", "river_job",
}

// rows counts what is stored.
func (w *world) rows() map[string]int {
	w.t.Helper()
	pool, err := w.db.SQL()
	if err != nil {
		w.t.Fatal(err)
	}
	counts := map[string]int{}
	for _, table := range tables {
		var n int
		if err := pool.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
			w.t.Fatalf("counting %s: %v", table, err)
		}
		counts[table] = n
	}
	return counts
}
