package handlers_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rerate/handlers"
	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// apiWorld is the whole site with two workspaces, spoken to by programs.
type apiWorld struct {
	*world
	ours, theirs       models.Tenant
	key, readOnly, foe string // two keys of ours and one of theirs
}

// inEachAPI runs a test on both databases.
func inEachAPI(t *testing.T, test func(t *testing.T, w *apiWorld)) {
	t.Helper()
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) { test(t, newAPIWorld(t, db)) }, jobTables)
}

func newAPIWorld(t *testing.T, db modelstest.DB) *apiWorld {
	t.Helper()
	withAPI := func(c *handlers.Config) { c.API = handlers.API(c.Service) }
	w := &apiWorld{world: worldOn(t, db, withAPI), ours: db.Tenant("ours"), theirs: db.Tenant("theirs")}
	for _, tenant := range []models.Tenant{w.ours, w.theirs} {
		w.write(tenant, func(tx *models.Tx) error {
			if err := tx.Install(models.Workspace{
				Name: "Workspace " + tenant.Workspace, Region: "EU", Token: []byte("sealed"), Settings: rating.DefaultSettings(),
			}); err != nil {
				return err
			}
			_, err := tx.PublishWording(rating.DefaultWording(), "")
			return err
		})
	}
	w.key, w.readOnly, w.foe = w.newKey(w.ours, false), w.newKey(w.ours, true), w.newKey(w.theirs, false)
	return w
}

func (w *apiWorld) newKey(tenant models.Tenant, readOnly bool) string {
	w.t.Helper()
	key, _, err := handlers.NewAPIKey(ctx, tenant, rand.Reader, "Nightly export", "Jane", readOnly)
	if err != nil {
		w.t.Fatal(err)
	}
	return key
}

func (w *apiWorld) write(tenant models.Tenant, do func(tx *models.Tx) error) {
	w.t.Helper()
	if err := tenant.Write(ctx, do); err != nil {
		w.t.Fatal(err)
	}
}

// rate stores a valid rating of five from a chat, some time after modelstest.Start.
func (w *apiWorld) rate(tenant models.Tenant, conversation, contact string, score int, after time.Duration, change ...func(*models.Rating)) models.Rating {
	w.t.Helper()
	option := rating.DefaultWording().Options[score-1]
	r := models.Rating{
		ConversationID: conversation, ContactID: contact, Source: models.FromCard, Score: score, Scale: 5,
		Sentiment: rating.SentimentOf(score, 5), Emoji: option.Emoji, Label: option.Label,
		At: modelstest.Start.Add(after), Channel: models.Chat,
	}
	r.SourceKey = fmt.Sprint(conversation, contact, after)
	for _, c := range change {
		c(&r)
	}
	w.write(tenant, func(tx *models.Tx) error {
		if _, err := tx.Conversation(conversation); err != nil {
			return err
		}
		var err error
		r, _, err = tx.AddRating(r)
		return err
	})
	return r
}

// call sends a request with a key, "" for none.
func (w *apiWorld) call(method, path, key, body string, header ...string) answer {
	w.t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, request)
	response := recorder.Result()
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{w.t, response.StatusCode, response.Header, string(text)}
}

func (w *apiWorld) get(path string) answer {
	w.t.Helper()
	return w.call(http.MethodGet, "/api/v1"+path, w.key, "")
}

// as decodes an answer of 200 strictly: a field that the type does not know is an error.
func as[T any](a answer) T {
	a.t.Helper()
	a.is(http.StatusOK)
	var value T
	d := json.NewDecoder(strings.NewReader(a.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&value); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
	return value
}

// details are the problem details of RFC 9457 as a caller sees them.
type details struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Errors []struct {
		Location string `json:"location"`
		Message  string `json:"message"`
	} `json:"errors"`
}

// isProblem wants an error of a status that names all the locations, and nothing but problem details.
func (a answer) isProblem(status int, locations ...string) details {
	a.t.Helper()
	a.is(status)
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		a.t.Errorf("Content-Type %q", got)
	}
	var p details
	d := json.NewDecoder(bytes.NewBufferString(a.body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
	if p.Status != status || p.Title != http.StatusText(status) || p.Detail == "" {
		a.t.Errorf("problem %+v", p)
	}
	for _, location := range locations {
		found := false
		for _, e := range p.Errors {
			found = found || e.Location == location && e.Message != ""
		}
		if !found {
			a.t.Errorf("no error at %q in %s", location, a.body)
		}
	}
	return p
}
