package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/seal"
	"rerate/models"
	"rerate/models/modelstest"
)

const jane = "9608799" // an admin of the sandbox's workspace

var secretKey = base64.StdEncoding.EncodeToString([]byte("abcdefghijklmnopqrstuvwxyz012345"))

// rerate is the real program beside a sandbox Intercom, with a workspace that was connected through its sign-in page.
type rerate struct {
	*server
	sandbox *intercomtest.Server
	program string
	url     string // of the database
	db      *sql.DB
	keys    seal.Keyring
	card    []byte // what a customer sees, with the state of the first conversation
	state   string
	request string // the id of the first
	browser *http.Client
}

// The conversations that are asked are copies of one that was asked through the front door, numbered from here.
const firstConversation = 710_000_000_000_000

// sqlite is the database beside the program, instead of an address of PostgreSQL.
const sqlite = "sqlite"

// startRerate starts so many processes on one database that has so many ratings already.
func startRerate(database string, replicas, ratings int) func(context.Context, string, plan) (*server, error) {
	return func(ctx context.Context, dir string, p plan) (_ *server, err error) {
		r := &rerate{server: &server{}, program: p.rerate}
		defer closeOnError(&err, r.server)
		for range replicas {
			r.programs = append(r.programs, newProgram("/readyz"))
		}
		if r.size, err = sizeOf(p.rerate); err != nil {
			return nil, err
		}
		if err = r.open(ctx, database, dir); err != nil {
			return nil, err
		}
		intercom := r.openSandbox()
		if r.keys, err = seal.ParseKeys(secretKey); err != nil {
			return nil, err
		}
		cards := int(p.seconds.Seconds()*float64(p.rounds+1)) * (16_000 + 2*p.rate)
		for _, step := range []func(context.Context) error{
			r.start, func(ctx context.Context) error { return r.connect(ctx, intercom) }, r.ask,
			func(context.Context) error { r.stop(); return nil },
			func(ctx context.Context) error { return r.rate(ctx, ratings) },
			func(ctx context.Context) error { return r.copy(ctx, cards) },
			r.analyse, func(context.Context) error { return r.command("verify", "--rebuild") },
			r.start, r.openPage,
		} {
			if err = step(ctx); err != nil {
				return nil, err
			}
		}
		r.server.request = r.tap
		r.taken = func(answer []byte) bool { return bytes.Contains(answer, []byte("Your answer is saved.")) }
		r.check = r.compare
		return r.server, nil
	}
}

// open makes the database.
func (r *rerate) open(ctx context.Context, database, dir string) (err error) {
	if database == sqlite {
		path := filepath.Join(dir, "rerate.db")
		r.url = "sqlite://" + path
		r.db, err = sql.Open("sqlite3", "file:"+path+"?_busy_timeout=10000&_txlock=immediate")
		return err
	}
	address, err := url.Parse(database)
	if err != nil {
		return err
	}
	all, err := sql.Open("pgx", database)
	if err != nil {
		return err
	}
	name := "rerate_bench_" + strings.ToLower(rand.Text())
	if _, err = all.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return errors.Join(err, all.Close())
	}
	r.end = func() {
		_, err := all.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE "+name+" WITH (FORCE)")
		if err := errors.Join(err, all.Close()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	address.Path = "/" + name
	r.url = address.String()
	r.db, err = sql.Open("pgx", r.url)
	return err
}

// openSandbox answers the address of the sandbox Intercom. Every process believes that it is reached under the host of the first.
func (r *rerate) openSandbox() string {
	site := "http://" + r.host()
	r.sandbox = intercomtest.New(intercomtest.Options{AppURL: site})
	intercom := httptest.NewServer(r.sandbox).URL
	r.sandbox.SetAppURL(site, site+"/auth/intercom/callback")
	for _, p := range r.programs {
		p.args = []string{r.program, "serve"}
		p.env = []string{
			"RERATE_ADDR=" + p.address, "RERATE_BASE_URL=" + site, "RERATE_DATABASE_URL=" + r.url, "RERATE_SECRET_KEY=" + secretKey,
			"INTERCOM_CLIENT_ID=sandbox-client", "INTERCOM_CLIENT_SECRET=" + clientSecret, "INTERCOM_API_URL=" + intercom, "INTERCOM_APP_URL=" + intercom,
		}
	}
	return intercom
}

func (r *rerate) command(words ...string) error {
	c := exec.Command(r.program, words...)
	c.Env = r.programs[0].env
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("rerate %s: %w\n%s", strings.Join(words, " "), err, out)
	}
	return nil
}

// rate stores so many ratings of three years, by other customers than those who tap.
func (r *rerate) rate(ctx context.Context, n int) error {
	if n == 0 {
		return nil
	}
	store, err := models.Open(ctx, models.Config{URL: r.url, Now: time.Now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }})
	if err != nil {
		return err
	}
	defer store.Close()
	past := modelstest.Past{Store: store, Workspace: intercomtest.DefaultWorkspace, Ratings: n, Until: time.Now()}
	return past.Fill(ctx)
}

// connect goes through the sandbox's sign-in page as Jane.
func (r *rerate) connect(ctx context.Context, intercom string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	r.browser = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	location := func(method, address string, form url.Values) (string, error) {
		request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
		if err != nil {
			return "", err
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := r.browser.Do(request)
		if err != nil {
			return "", err
		}
		return answer.Header.Get("Location"), answer.Body.Close()
	}
	there, err := location(http.MethodGet, "http://"+r.host()+"/auth/intercom", nil)
	if err != nil {
		return err
	}
	consent, err := url.Parse(there)
	if err != nil {
		return err
	}
	back, err := location(http.MethodPost, intercom+"/oauth", url.Values{
		"client_id": {"sandbox-client"}, "state": {consent.Query().Get("state")},
		"workspace": {intercomtest.DefaultWorkspace}, "admin": {jane}, "decision": {"allow"},
	})
	if err != nil {
		return err
	}
	home, err := location(http.MethodGet, back, nil)
	if err == nil && home == "" {
		err = errors.New("signing in has not led to the dashboard")
	}
	return err
}

// ask has a teammate ask in a conversation, and waits until Rerate has read it from Intercom.
func (r *rerate) ask(ctx context.Context) error {
	sam := r.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{Name: "Sam", Email: "sam.bench@example.com"})
	c, err := r.sandbox.NewConversation(intercomtest.Start{Contact: sam.ID, Text: "Hello"})
	if err != nil {
		return err
	}
	if _, err := r.sandbox.AdminReply(c.ID, jane, "<p>Hello</p>"); err != nil {
		return err
	}
	body := fmt.Appendf(nil, `{"workspace_id":%q,"context":{"conversation_id":%s,"location":"conversation","locale":"en"},"card_creation_options":{}}`,
		intercomtest.DefaultWorkspace, c.ID)
	var raw []byte
	m := &measured{server: r.server}
	if err := m.connected(func(conn *connection) (err error) {
		raw, err = conn.ask(signed("/canvas/messenger/initialize", r.host(), body))
		return err
	}); err != nil {
		return err
	}
	var answer struct {
		Canvas json.RawMessage
	}
	var canvas struct {
		StoredData struct{ State string } `json:"stored_data"`
	}
	if err := errors.Join(json.Unmarshal(raw, &answer), json.Unmarshal(answer.Canvas, &canvas)); err != nil {
		return err
	}
	r.card, r.state = answer.Canvas, canvas.StoredData.State
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		var read sql.NullTime
		var contact string
		err := r.db.QueryRowContext(ctx, `SELECT c.read_at, m.contact_id, r.id FROM conversations c
			JOIN conversation_contacts m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id
			JOIN requests r ON r.workspace_id = c.workspace_id AND r.conversation_id = c.id WHERE c.id = $1 AND c.read_at IS NOT NULL`, c.ID).
			Scan(&read, &contact, &r.request)
		if err == nil {
			return nil
		}
		if time.Since(began) > 30*time.Second {
			return fmt.Errorf("the conversation is not read: %w", err)
		}
	}
}

// copy makes many of the conversation that was asked, each with a contact of its own.
func (r *rerate) copy(ctx context.Context, n int) error {
	number := fmt.Sprintf("(%d + n.i)", firstConversation)
	conversation, contact := "CAST("+number+" AS TEXT)", "'c' || CAST("+number+" AS TEXT)"
	of := "t.conversation_id = (SELECT conversation_id FROM requests WHERE id = '" + r.request + "')"
	for _, table := range []struct {
		name, where string
		new         map[string]string
	}{
		{"conversations", strings.Replace(of, "t.conversation_id", "t.id", 1), map[string]string{"id": conversation}},
		{
			"contacts", "t.id = (SELECT MIN(contact_id) FROM conversation_contacts t WHERE " + of + ")",
			map[string]string{"id": contact, "email": contact + " || '@example.com'"},
		},
		{"conversation_contacts", of, map[string]string{"conversation_id": conversation, "contact_id": contact}},
		{"requests", of, map[string]string{"id": "'r' || CAST(" + number + " AS TEXT)", "conversation_id": conversation}},
	} {
		columns, err := r.columns(ctx, table.name)
		if err != nil {
			return err
		}
		var values []string
		for _, c := range columns {
			if value, ok := table.new[c]; ok {
				values = append(values, value)
			} else {
				values = append(values, "t."+c)
			}
		}
		if _, err := r.db.ExecContext(ctx, fmt.Sprintf(`INSERT INTO %s (%s)
			WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d) SELECT %s FROM n, %s AS t WHERE %s`,
			table.name, strings.Join(columns, ", "), n, strings.Join(values, ", "), table.name, table.where)); err != nil {
			return fmt.Errorf("copying %s: %w", table.name, err)
		}
	}
	return nil
}

// analyse has PostgreSQL count what it has, as it does by itself after a minute. For SQLite Rerate says how tables are filled.
func (r *rerate) analyse(ctx context.Context) error {
	if strings.HasPrefix(r.url, sqlite) {
		return nil
	}
	_, err := r.db.ExecContext(ctx, "ANALYZE")
	return err
}

func (r *rerate) columns(ctx context.Context, table string) ([]string, error) {
	rows, err := r.db.QueryContext(ctx, "SELECT * FROM "+table+" LIMIT 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	return columns, errors.Join(err, rows.Err())
}

// tap is the n-th customer's.
func (r *rerate) tap(n int) []byte {
	conversation := fmt.Sprint(firstConversation + n)
	state, err := r.keys.Seal(seal.CardState, intercomtest.DefaultWorkspace, map[string]string{"c": conversation, "r": "r" + conversation}, time.Time{})
	if err != nil {
		panic(err)
	}
	card := bytes.Replace(r.card, []byte(r.state), []byte(state), 1)
	return signed("/canvas/messenger/submit", r.host(), body(intercomtest.DefaultWorkspace, conversation, "c"+conversation, string(card)))
}

// openPage makes the request of the overview, as Jane's browser sends it.
func (r *rerate) openPage(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.host()+"/", nil)
	if err != nil {
		return err
	}
	answer, err := r.browser.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if body, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the overview is answered %s: %w\n%s", answer.Status, err, body)
	}
	var cookies []string
	for _, c := range r.browser.Jar.Cookies(request.URL) {
		cookies = append(cookies, c.String())
	}
	r.page = fmt.Appendf(nil, "GET / HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", r.host(), strings.Join(cookies, "; "))
	return nil
}

// compare wants every acknowledged rating stored once, and every figure to be what the rows come to.
func (r *rerate) compare(ctx context.Context, acknowledged int) error {
	const query = "SELECT COUNT(*), COUNT(DISTINCT conversation_id) FROM ratings WHERE request_id LIKE 'r%'" // those that copy has asked
	if err := compare(ctx, r.db, query, acknowledged); err != nil {
		return err
	}
	return r.command("verify")
}
