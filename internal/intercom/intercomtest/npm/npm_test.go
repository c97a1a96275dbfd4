// Package npm_test drives the sandbox with Intercom's own npm client.
package npm_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/intercom/intercomtest"
)

// seen is what client.mjs prints.
type seen struct {
	Workspace    string
	Admins       []string
	Body         string
	Attribute    int
	Part         string
	State        string
	Found        []string
	Contact      string
	NotFound     string
	Unauthorized int
}

func TestIntercomsOwnClient(t *testing.T) {
	if _, err := os.Stat("../../../../node_modules/intercom-client"); err != nil {
		t.Skip("the npm packages are not installed (npm ci): ", err)
	}
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	s := intercomtest.New(intercomtest.Options{AppURL: "http://localhost:1", Now: func() time.Time { return now }})
	server := httptest.NewServer(s)
	defer server.Close()
	const jane, sam = "9608799", "696205460674dbb9050aa7fd"
	token := s.Install(intercomtest.DefaultWorkspace, jane)
	s.AddAttribute(intercomtest.DefaultWorkspace, intercomtest.AttributeDefinition{Name: "Latest rating", Type: "integer"})
	var ids []string
	for range 5 {
		c, err := s.NewConversation(intercomtest.Start{Contact: sam, Text: "paging through"})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}

	event := now.Add(-time.Minute)
	out, err := exec.CommandContext(t.Context(), "node", "client.mjs", server.URL, token, ids[0], jane, "user-42", strconv.FormatInt(event.Unix(), 10)).Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		t.Fatalf("client.mjs failed: %v\n%s", err, failed.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	var got seen
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	slices.Sort(got.Found)
	want := seen{
		Workspace: intercomtest.DefaultWorkspace, Admins: []string{"Jane Agent", "Tomáš Novák", "Aoife Byrne", "Max Unverified"}, Body: "<p>paging through</p>",
		Attribute: 5, Part: "note", State: "closed", Found: ids, Contact: "user-42", NotFound: "not_found", Unauthorized: 401,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if notes := s.Notes(ids[0]); len(notes) != 1 || notes[0].Body != "<p>New rating: 5/5 😍</p>" {
		t.Errorf("notes: %+v", notes)
	}
	if events := s.Events(sam); len(events) != 1 || !events[0].CreatedAt.Equal(event) {
		t.Errorf("events: %+v", events)
	}
	if c, _ := s.Conversation(ids[0]); len(c.Tags) != 1 {
		t.Errorf("tags: %+v", c.Tags)
	}
	for _, call := range s.Calls() {
		if call.Kind != intercomtest.KindREST || !call.Incoming {
			t.Errorf("an unexpected call: %+v", call)
		}
	}
}
