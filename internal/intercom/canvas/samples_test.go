package canvas

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sample reads one of Intercom's example bodies, which lie beside a checkout and not in it.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("../../../../shared/intercom-samples", name))
	if os.IsNotExist(err) {
		t.Skip("the sample bodies (../shared/intercom-samples beside the checkout) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return body
}

var sampleKinds = map[string]string{
	"initialize-messenger-conversation.json":       "initialize-messenger",
	"initialize-messenger-home.json":               "initialize-messenger",
	"initialize-messenger-operator-authoring.json": "initialize-messenger",
	"submit-request-messenger.json":                "submit-messenger",
	"configure-request-first.json":                 "configure",
	"configure-request-submit.json":                "configure",
	"live-canvas-request.json":                     "live",
	"initialize-inbox.json":                        "initialize-inbox",
	"submit-request-inbox.json":                    "submit-inbox",
	"sheet-open-request.json":                      "sheet-open",
	"sheet-submit-request.json":                    "sheet-submit",
	"webhook-conversation.admin.closed.json":       "",
	"webhook-ping.json":                            "",
	"uninstall-notification.json":                  "",
}

func TestEverySampleIsForExactlyOneAddress(t *testing.T) {
	for file, kind := range sampleKinds {
		onlyReadAs(t, kind, file, sample(t, file))
	}
}

func TestCanvasesRoundTrip(t *testing.T) {
	files, err := filepath.Glob("../../../../shared/intercom-samples/*.json")
	if err != nil {
		t.Fatal(err)
	}
	sample(t, "initialize-response.json")
	found := 0
	for _, file := range files {
		var doc map[string]json.RawMessage
		if err := json.Unmarshal(sample(t, filepath.Base(file)), &doc); err != nil {
			t.Fatal(file, err)
		}
		for _, key := range []string{"canvas", "current_canvas"} {
			if doc[key] != nil {
				found++
				roundTrip(t, file, doc[key])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d canvases found in the samples", found)
	}
}

func roundTrip(t *testing.T, name string, raw []byte) {
	t.Helper()
	var c Canvas
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if err := c.Validate(); err != nil && !strings.Contains(err.Error(), "not one that Canvas Kit documents") {
		t.Errorf("%s: %v", name, err)
	}
	again, err := json.Marshal(c)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if diff := cmp.Diff(tree(t, raw), tree(t, again)); diff != "" {
		t.Errorf("%s (-sent +written):\n%s", name, diff)
	}
}

func tree(t *testing.T, raw []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestResponsesRoundTrip(t *testing.T) {
	type response interface{ Validate() error }
	for name, r := range map[string]response{
		"initialize-response.json":                 &InitializeResponse{},
		"initialize-response-live.json":            &InitializeResponse{},
		"submit-response-messenger.json":           &SubmitResponse{},
		"submit-response-messenger-completed.json": &SubmitResponse{},
		"submit-response-inbox-insert-card.json":   &InboxSubmitResponse{},
		"configure-response-canvas.json":           &ConfigureResponse{},
		"configure-response-results.json":          &ConfigureResponse{},
		"live-canvas-response.json":                &LiveResponse{},
	} {
		raw := sample(t, name)
		if err := DecodeStrict(raw, r); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := r.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		again, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree(t, raw), tree(t, again)); diff != "" {
			t.Errorf("%s (-sent +written):\n%s", name, diff)
		}
	}
}

func TestSampleSubmitIsReadWhole(t *testing.T) {
	got, err := DecodeMessengerSubmit(sample(t, "submit-request-messenger.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.BodyHash) != 64 {
		t.Errorf("the hash of the body is %q", got.BodyHash)
	}
	if content, err := got.CurrentCanvas.Content(); err != nil || len(content.Components) == 0 {
		t.Errorf("the card shows %v, %v", content, err)
	}
	got.BodyHash = ""
	want := MessengerSubmit{
		WorkspaceID: "a86dr8yl", WorkspaceRegion: "US", ComponentID: "rating",
		Context: Context{
			ConversationID: "215472621202693", Location: LocationConversation, Locale: "en",
			ActionColour: "#0057ff", BackgroundColour: "#0057ff", Referrer: "https://app.example.com/billing",
		},
		CurrentCanvas: Shown{StoredData: Values{"v": json.Number("1"), "survey": "srv_01"}},
		InputValues:   InputValues{"rating": {"r5"}},
		Person: &Person{
			Type: "contact", ID: "696205460674dbb9050aa7fd", ExternalID: "user-42", Role: "user",
			Email: "sam@example.com", Name: "Sam Customer",
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Shown{})); diff != "" {
		t.Error(diff)
	}
	sheet, err := DecodeSheetOpen(sample(t, "sheet-open-request.json"), []string{canvasSecret})
	if err != nil || sheet.Person != *want.Person {
		t.Errorf("the sheet's person is %+v, %v", sheet.Person, err)
	}
	if _, err := DecodeSheetOpen(sample(t, "sheet-open-request.json"), []string{"", "wrong"}); err == nil {
		t.Error("a sheet opened with the wrong secret")
	}
}
