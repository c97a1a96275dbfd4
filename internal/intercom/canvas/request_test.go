package canvas

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// submit is a Messenger submit with more keys put in.
func submit(more string) []byte {
	return fmt.Appendf(nil, `{"workspace_id":"w1","component_id":"rating","current_canvas":{"stored_data":{"state":"s"}}%s}`, more)
}

// canvasSecret signs and encrypts the samples.
const canvasSecret = "test_client_secret"

// decoders are the request types by the kinds of sample that each takes.
var decoders = map[string]func([]byte) (any, error){
	"initialize-messenger": func(b []byte) (any, error) { return DecodeMessengerInitialize(b) },
	"submit-messenger":     func(b []byte) (any, error) { return DecodeMessengerSubmit(b) },
	"configure":            func(b []byte) (any, error) { return DecodeConfigure(b) },
	"live":                 func(b []byte) (any, error) { return DecodeLive(b) },
	"initialize-inbox":     func(b []byte) (any, error) { return DecodeInboxInitialize(b) },
	"submit-inbox":         func(b []byte) (any, error) { return DecodeInboxSubmit(b) },
	"sheet-open":           func(b []byte) (any, error) { return DecodeSheetOpen(b, []string{"", "old", canvasSecret}) },
	"sheet-submit":         func(b []byte) (any, error) { return DecodeSheetSubmit(b) },
}

func onlyReadAs(t *testing.T, kind, name string, body []byte) {
	t.Helper()
	for other, decode := range decoders {
		if _, err := decode(body); (err == nil) != (other == kind) {
			t.Errorf("%s read as %s: %v", name, other, err)
		}
	}
}

// A body that was signed for one address is refused at every other, and so is anything else that is signed.
func TestEveryBodyIsForExactlyOneAddress(t *testing.T) {
	const canvas, context = `,"current_canvas":{"content":{"components":[]}}`, `,"context":{"conversation_id":12}`
	const inbox = `,"admin":{"id":"7"},"conversation":{"id":"12"}`
	for _, c := range []struct{ kind, rest string }{
		{"initialize-messenger", context},
		{"initialize-messenger", context + `,"card_creation_options":{"wording":"short"}`},
		{"submit-messenger", `,"component_id":"rating","input_values":{"rating":"5"},"user":{"id":"1"}` + canvas + context},
		{"submit-messenger", `,"component_id":"rating","contact":{"id":"1"}` + canvas},
		{"configure", `,"admin":{"id":"7"}` + context},
		{"configure", `,"admin":{"id":"7"},"component_id":"save","input_values":{}` + canvas + context},
		{"live", `,"canvas":{"content_url":"https://example.com"},"contact":{"id":"1"}` + context},
		{"initialize-inbox", inbox + `,"contact":{"id":"1"}`},
		{"initialize-inbox", inbox + context},
		{"submit-inbox", `,"component_id":"ask","input_values":{}` + inbox + canvas},
		{"sheet-open", `,"component_id":"open","user":"` + sealUser(t, `{"id":"1"}`) + `"` + canvas + context},
		{"sheet-submit", `,"sheet_values":{"rating":"5"},"user":{"id":"1"}` + canvas + context},
		{"", ``},
		{"", `,"topic":"ping"` + context},
	} {
		onlyReadAs(t, c.kind, c.rest, []byte(`{"workspace_id":"w1","workspace_region":"EU"`+c.rest+`}`))
	}
	onlyReadAs(t, "", "webhook", []byte(`{"app_id":"w1","topic":"ping","data":{"item":{}}}`))
	onlyReadAs(t, "", "uninstall", []byte(`{"app_id":"w1"}`))
}

// sealUser encrypts a sheet's user as Intercom does, here with an iv of zeros.
func sealUser(t *testing.T, user string) string {
	t.Helper()
	key := sha256.Sum256([]byte(canvasSecret))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	iv := make([]byte, gcm.NonceSize())
	sealed := base64.StdEncoding.EncodeToString(gcm.Seal(iv, iv, []byte(user), nil))
	return sealed[:20] + `\n` + sealed[20:] // Intercom breaks long lines
}

func TestStrictness(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, c := range []struct{ name, body, want string }{
		{"plain", string(submit("")), ""},
		{"unknown keys", string(submit(`,"new":{"x":[1,2,{"y":null}]},"CustomThing":1`)), ""},
		{"deep enough", string(submit(`,"x":` + deep(99))), ""},
		{"too deep", string(submit(`,"x":` + deep(100))), "nests deeper than 100"},
		{"far too deep", strings.Repeat(`{"a":`, 1_000_000), "nests deeper than 100"},
		{"twice", string(submit(`,"workspace_id":"w2"`)), `the key "workspace_id" stands twice`},
		{"twice, escaped", string(submit(`,"workspace_\u0069d":"w2"`)), `the key "workspace_id" stands twice`},
		{"twice inside", string(submit(`,"contact":{"id":"1","id":"2"}`)), `the key "id" stands twice`},
		{"letter case", string(submit(`,"Workspace_ID":"w2"`)), `the key "Workspace_ID" is not spelled as documented`},
		{"kelvin sign", string(submit(`,"wor` + "\u212A" + `space_id":"w2"`)), "is not spelled as documented"},
		{"long s", string(submit(`,"work` + "\u017F" + `pace_id":"w2"`)), "is not spelled as documented"},
		{"long s, escaped", string(submit(`,"work\u017Fpace_id":"w2"`)), "is not spelled as documented"},
		{"case in contact", string(submit(`,"contact":{"id":"1","ID":"2"}`)), `the key "ID" is not spelled as documented`},
		{"case in context", string(submit(`,"context":{"Conversation_id":1}`)), `the key "Conversation_id" is not spelled as documented`},
		{"case in canvas", `{"workspace_id":"w1","component_id":"a","current_canvas":{"Stored_data":{}}}`, `the key "Stored_data" is not spelled as documented`},
		{"trailing object", string(submit("")) + "{}", "something follows"},
		{"trailing text", string(submit("")) + "x", "not JSON"},
		{"trailing space", string(submit("")) + " \n", ""},
		{"NUL", string(submit(`,"x":"a\u0000b"`)), "NUL"},
		{"NUL key", string(submit(`,"a\u0000b":1`)), "NUL"},
		{"raw NUL", string(submit(",\"x\":\"a\x00b\"")), "not JSON"},
		{"bad UTF-8", string(submit(",\"x\":\"a\xffb\"")), "not valid UTF-8"},
		{"list", `[]`, "not a JSON object"},
		{"null", `null`, "not a JSON object"},
		{"empty", ``, "not JSON"},
		{"half", `{"workspace_id":"w1"`, "not JSON"},
		{"comma", `{"workspace_id":"w1",}`, "not JSON"},
		{"workspace number", `{"workspace_id":1}`, "workspace_id must be a string, not number"},
		{"workspace empty", `{"workspace_id":"","component_id":"a","current_canvas":{}}`, "workspace_id must be 1 to 64"},
		{"workspace path", `{"workspace_id":"../w","component_id":"a","current_canvas":{}}`, "workspace_id must be 1 to 64"},
		{"workspace line", `{"workspace_id":"w\n","component_id":"a","current_canvas":{}}`, "workspace_id must be 1 to 64"},
		{"workspace long", `{"workspace_id":"` + strings.Repeat("w", 65) + `","component_id":"a","current_canvas":{}}`, "workspace_id must be 1 to 64"},
		{"no workspace", `{"component_id":"a","current_canvas":{}}`, "has no workspace_id"},
		{"no component", `{"workspace_id":"w1","current_canvas":{}}`, "has no component_id"},
		{"null component", `{"workspace_id":"w1","component_id":null,"current_canvas":{}}`, "has no component_id"},
		{"empty component", `{"workspace_id":"w1","component_id":"","current_canvas":{}}`, "component_id must not be empty"},
		{"no canvas", `{"workspace_id":"w1","component_id":"a"}`, "has no current_canvas"},
		{"webhook too", string(submit(`,"topic":"ping"`)), "it has topic"},
		{"sheet's person", string(submit(`,"user":"c2VhbGVk"`)), "user: the value must be an object"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := DecodeMessengerSubmit([]byte(c.body))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestConversationID(t *testing.T) {
	for in, want := range map[string]string{
		`215472621202693`:          "215472621202693",
		`"215472621202693"`:        "215472621202693",
		`18446744073709551615`:     "18446744073709551615",
		`null`:                     "",
		`"last"`:                   "bad",
		`"../1"`:                   "bad",
		`"1?x"`:                    "bad",
		`"1\n"`:                    "bad",
		`"١٢٣"`:                    "bad",
		`""`:                       "bad",
		`-1`:                       "bad",
		`1.5`:                      "bad",
		`1e3`:                      "bad",
		`true`:                     "bad",
		`[1]`:                      "bad",
		`{}`:                       "bad",
		`123456789012345678901`:    "bad",
		`"00000000000000000000 1"`: "bad",
	} {
		got, err := DecodeMessengerSubmit(submit(`,"context":{"conversation_id":` + in + `}`))
		if want == "bad" {
			if err == nil || !strings.Contains(err.Error(), "1 to 20 digits") {
				t.Errorf("%s: %v", in, err)
			}
		} else if err != nil || got.Context.ConversationID != want {
			t.Errorf("%s: %q, %v", in, got.Context.ConversationID, err)
		}
	}
}

func TestPersonIsTheFirstOfThree(t *testing.T) {
	const contact, customer, user = `"contact":{"id":"1"}`, `"customer":{"id":2}`, `"user":{"id":"3","type":"lead","user_id":"u","email":""}`
	for more, want := range map[string]*Person{
		"": nil,
		`,"contact":null,"customer":null,"user":null`:           nil,
		"," + contact + "," + customer + "," + user:             {ID: "1"},
		`,"contact":null,` + customer + "," + user:              {ID: "2"},
		"," + user + "," + customer:                             {ID: "2"},
		"," + user:                                              {ID: "3", Type: "lead", Role: "lead", ExternalID: "u"},
		`,"contact":{"id":"1","external_id":"e","user_id":"u"}`: {ID: "1", ExternalID: "e"},
	} {
		got, err := DecodeMessengerSubmit(submit(more))
		if err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(want, got.Person); diff != "" {
			t.Errorf("%s: %s", more, diff)
		}
	}
}

// A canvas that came back is read when it is asked for; where it cannot be read, the stored data can.
func TestShown(t *testing.T) {
	for body, want := range map[string]string{
		`{"stored_data":{"state":"s"}}`:                                                          "",
		`{"stored_data":{"state":"s"},"content":null}`:                                           "",
		`{"stored_data":{"state":"s"},"content":{"components":[{"type":"text"}]}}`:               "1 component",
		`{"stored_data":{"state":"s"},"content":{"components":[{"type":"text","text":7}]}}`:      "text must be a string, not number",
		`{"stored_data":{"state":"s"},"content":{"components":[{}]}}`:                            "type is missing",
		`{"current_canvas":{"stored_data":{"state":"s"},"content":{"components":[{"type":1}]}}}`: "type must be a string, not number",
	} {
		got, err := DecodeMessengerSubmit([]byte(`{"workspace_id":"w1","component_id":"c","current_canvas":` + body + `}`))
		if err != nil || got.CurrentCanvas.StoredData.Text("state") != "s" {
			t.Errorf("%s: the stored data is %v, %v", body, got.CurrentCanvas.StoredData, err)
			continue
		}
		said := ""
		if content, err := got.CurrentCanvas.Content(); err != nil {
			said = err.Error()
		} else if content != nil {
			said = fmt.Sprint(len(content.Components), " component")
		}
		if !strings.HasSuffix(said, want) || (want == "") != (said == "") {
			t.Errorf("%s: %q, want %q", body, said, want)
		}
	}
}

func TestQuirks(t *testing.T) {
	got, err := DecodeMessengerSubmit([]byte(`{"workspace_id":"w1","component_id":"c",
		"current_canvas":{"current_canvas":{"content":{"components":[{"type":"text","text":"a"}]},"stored_data":{"state":"s"}}},
		"context":{"messenger_action_color":"#111","messenger_background_colour":"#222","messenger_background_color":"#333"},
		"input_values":{"rating":"5","boxes":["a","b"],"none":null,"remark":"a\u00e9"}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := MessengerSubmit{
		WorkspaceID: "w1", ComponentID: "c",
		Context:       Context{ActionColour: "#111", BackgroundColour: "#222"},
		CurrentCanvas: Shown{StoredData: Values{"state": "s"}},
		BodyHash:      got.BodyHash,
		InputValues:   InputValues{"rating": {"5"}, "boxes": {"a", "b"}, "remark": {"aé"}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Shown{})); diff != "" {
		t.Error(diff)
	}
	shows, err := got.CurrentCanvas.Content()
	if diff := cmp.Diff(&Content{Components: []Component{Text{Text: "a"}}}, shows); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if got.InputValues.Get("rating") != "5" || got.InputValues.Get("missing") != "" {
		t.Error("Get does not give the first answer")
	}
	if got.CurrentCanvas.StoredData.Text("state") != "s" || got.CurrentCanvas.StoredData.Text("missing") != "" {
		t.Error("Text does not give the stored text")
	}
	for _, bad := range []string{`{"a":1}`, `{"a":[1]}`, `{"a":{}}`, `[]`, `"a"`} {
		if _, err := DecodeMessengerSubmit(submit(`,"input_values":` + bad)); err == nil {
			t.Errorf("input_values %s were read", bad)
		}
	}
}

func TestInboxIdentity(t *testing.T) {
	body := func(more string) []byte {
		return []byte(`{"workspace_id":"w1","admin":{"id":7,"name":"Jane"},"conversation":{"id":"12"}` + more + `}`)
	}
	got, err := DecodeInboxInitialize(body(`,"context":{"conversation_id":12}`))
	if err != nil || got.ConversationID != "12" || got.Admin.ID != "7" || string(got.Conversation) != `{"id":"12"}` {
		t.Errorf("%+v, %v", got, err)
	}
	for name, bad := range map[string][]byte{
		"two conversations": body(`,"context":{"conversation_id":13}`),
		"no id":             []byte(`{"workspace_id":"w1","admin":{"id":"7"},"conversation":{}}`),
		"case":              []byte(`{"workspace_id":"w1","admin":{"id":"7"},"conversation":{"id":"12","Id":"13"}}`),
		"no admin":          []byte(`{"workspace_id":"w1","conversation":{"id":"12"}}`),
		"nameless admin":    []byte(`{"workspace_id":"w1","admin":{},"conversation":{"id":"12"}}`),
		"a list":            []byte(`{"workspace_id":"w1","admin":{"id":"7"},"conversation":[]}`),
	} {
		if got, err := DecodeInboxInitialize(bad); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestSheetUser(t *testing.T) {
	for name, user := range map[string]string{
		"a key twice": `"` + sealUser(t, `{"id":"1","id":"2"}`) + `"`,
		"object":      `{"id":"1"}`, "not base64": `"%%%"`, "short": `"AAEC"`, "not ours": `"` + strings.Repeat("A", 80) + `"`,
	} {
		body := submit(`,"user":` + user)
		if got, err := DecodeSheetOpen(body, []string{canvasSecret}); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if _, err := DecodeConfigure([]byte(`{"workspace_id":"w1","admin":{"id":"7"},"context":{},"component_id":"save"}`)); err == nil {
		t.Error("a later configure step was read without its canvas")
	}
}

// Whatever the answers are, they are read as they were sent.
func TestInputValuesAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.StringMatching(`[^"\\\x00-\x1f]*`).Draw(t, "remark")
		got, err := DecodeMessengerSubmit(submit(`,"input_values":{"remark":"` + want + `"}`))
		if err != nil || got.InputValues.Get("remark") != want {
			t.Fatalf("%q became %q, %v", want, got.InputValues.Get("remark"), err)
		}
	})
}
