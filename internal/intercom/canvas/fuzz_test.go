package canvas

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seed adds the sample bodies, where they are, and a few of our own.
func seed(f *testing.F) {
	f.Helper()
	files, _ := filepath.Glob("../../../../shared/intercom-samples/*.json")
	for _, file := range files {
		if body, err := os.ReadFile(file); err == nil {
			f.Add(body)
		}
	}
	f.Add(submit(`,"context":{"conversation_id":1},"user":{"id":"1"}`))
	f.Add([]byte(`{"content":{"components":[{"type":"new","x":1},{"type":"list","items":[{"action":{"type":"url"}}]}]}}`))
}

// FuzzRequests: no body makes a decoder panic, what is read is strict JSON and has a sound identity, and no body is
// read as two kinds of request.
func FuzzRequests(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		kinds := 0
		for _, decode := range decoders {
			if _, err := decode(body); err == nil {
				kinds++
			}
		}
		if kinds > 1 {
			t.Errorf("the body is read as %d kinds of request", kinds)
		}
		if r, err := DecodeMessengerSubmit(body); err == nil {
			if err := scan(body); err != nil {
				t.Errorf("the body was read: %v", err)
			}
			if !IsWorkspaceID(r.WorkspaceID) || r.Context.ConversationID != "" && !IsConversationID(r.Context.ConversationID) {
				t.Errorf("identity %q %q", r.WorkspaceID, r.Context.ConversationID)
			}
		}
	})
}

// FuzzCanvas: a canvas that can be read is written so that it reads the same again.
func FuzzCanvas(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c, again Canvas
		if scan(raw) != nil || json.Unmarshal(raw, &c) != nil {
			return
		}
		_ = c.Validate() // only must not panic
		out, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &again); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		twice, err := json.Marshal(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(out), string(twice)); diff != "" {
			t.Error(diff)
		}
	})
}
