// Package openapi_test holds the sandbox's REST answers against Intercom's published description of its API.
package openapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"rerate/internal/intercom/intercomtest"
)

const description = "../../../../../shared/openapi/intercom-2.16.yaml"

const (
	neverNull = "Value is not nullable"
	noneFits  = `doesn't match any schema from "anyOf"`
)

// knownErrors are the places where description 2.16 contradicts its own examples, or captures of real answers. Most have "nullable"
// beside a $ref, where it means nothing. Each is a path in an answer, with * for one step, and what the checker says there; nothing else
// is forgiven, and an entry that forgives nothing fails the test.
var knownErrors = map[string]struct{ reason, why string }{
	"/ai_agent":                 {neverNull, "null in the examples; nullable beside a $ref"},
	"/conversations/*/ai_agent": {neverNull, "the same in lists"},
	"/conversation_parts/conversation_parts/*/assigned_to":            {neverNull, "null in the examples; nullable beside a $ref"},
	"/conversation_parts/conversation_parts/*/email_message_metadata": {neverNull, "null in the examples; nullable beside a $ref"},
	"/conversation_rating/remark":                                     {neverNull, "null in captures of ratings without a remark"},
	"/conversations/*/conversation_rating/remark":                     {neverNull, "the same in lists"},
	"/statistics/*":                        {neverNull, "null in captures until it happened; the example's statistics are null as a whole"},
	"/conversations/*/statistics/*":        {neverNull, "the same in lists"},
	"/custom_attributes/*":                 {noneFits, "no boolean among the types, yet paid_subscriber: true in the schema's own example"},
	"/conversations/*/custom_attributes/*": {noneFits, "the same in lists"},
}

// spec is the description, or the test is skipped.
func spec(t *testing.T) *openapi3.T {
	t.Helper()
	if _, err := os.Stat(description); err != nil {
		t.Skip("Intercom's API description is not beside the checkout: ", err)
	}
	doc, err := openapi3.NewLoader().LoadFromFile(description)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// answerSchema finds what an operation's answer of a status must be. The document as a whole does not validate, so it is read by
// operation.
func answerSchema(t *testing.T, doc *openapi3.T, method, path string, status int) (*openapi3.Schema, any) {
	t.Helper()
	item := doc.Paths.Value(path)
	if item == nil || item.GetOperation(method) == nil {
		t.Fatalf("the description has no %s %s", method, path)
	}
	res := item.GetOperation(method).Responses.Status(status)
	if res == nil {
		t.Fatalf("the description has no answer %d for %s %s", status, method, path)
	}
	media := res.Value.Content.Get("application/json")
	if media == nil {
		return nil, nil
	}
	var example any
	for _, e := range media.Examples {
		example = e.Value.Value
	}
	return media.Schema.Value, example
}

// world is an installed sandbox and its default people.
type world struct {
	*intercomtest.Server
	t     *testing.T
	now   time.Time
	token string
	jane  string
	sam   string
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), jane: "9608799", sam: "696205460674dbb9050aa7fd"}
	w.Server = intercomtest.New(intercomtest.Options{AppURL: "http://localhost:1", Now: func() time.Time { return w.now }})
	w.token = w.Install(intercomtest.DefaultWorkspace, w.jane)
	return w
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) start(text string) string {
	w.t.Helper()
	c, err := w.NewConversation(intercomtest.Start{Contact: w.sam, Text: text})
	w.ok(err)
	return c.ID
}

type reply struct {
	status int
	raw    string
	body   map[string]any
}

func (w *world) call(method, url, body string) reply {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), method, url, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+w.token)
	r.Header.Set("Intercom-Version", "2.16")
	rec := httptest.NewRecorder()
	w.ServeHTTP(rec, r)
	out := reply{status: rec.Code, raw: rec.Body.String()}
	_ = json.Unmarshal(rec.Body.Bytes(), &out.body) // an empty answer has no body
	return out
}

func TestAnswersFollowTheDescription(t *testing.T) {
	doc, forgiven := spec(t), map[string]bool{}
	w := newWorld(t)
	id := lively(w)
	merged := w.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{ExternalID: "twin"})
	w.ok(w.MergeContact(merged.ID, w.sam))
	tag := w.call("POST", "/tags", `{"name":"described"}`).body["id"].(string)
	gone := w.start("gone")
	company := w.AddCompany(intercomtest.DefaultWorkspace, intercomtest.Company{Name: "Larkspur", Plan: "Pro", Size: 9, Website: "https://l.example"}).ID
	w.ok(w.JoinCompany(w.sam, company))
	team := w.AddTeam(intercomtest.DefaultWorkspace, intercomtest.Team{Name: "Returns", Admins: []string{w.jane}}).ID
	w.ok(w.TrackEvent(w.sam, "ordered", map[string]any{"value": "9"}))
	conv, reply, parts := "/conversations/{conversation_id}", "/conversations/{conversation_id}/reply", "/conversations/{conversation_id}/parts"
	admin := `"type":"admin","admin_id":"9608799"`
	tests := []struct {
		method, path, url, body string
		status                  int
	}{
		{"GET", "/me", "/me", "", 200},
		{"GET", "/admins", "/admins", "", 200},
		{"GET", "/admins/{admin_id}", "/admins/9608799", "", 200},
		{"GET", "/admins/{admin_id}", "/admins/1", "", 404},
		{"GET", "/contacts/{contact_id}", "/contacts/" + w.sam, "", 200},
		{"GET", "/contacts/{contact_id}", "/contacts/" + merged.ID, "", 410},
		{"PUT", "/contacts/{contact_id}", "/contacts/" + w.sam, `{"name":"Sam"}`, 200},
		{"GET", "/contacts", "/contacts", "", 200},
		{"POST", "/contacts/search", "/contacts/search", `{"query":{"field":"role","operator":"=","value":"user"},"pagination":{"per_page":2}}`, 200},
		{"GET", "/contacts/{contact_id}/companies", "/contacts/" + w.sam + "/companies", "", 200},
		{"GET", "/companies", "/companies", "", 200},
		{"POST", "/companies/list", "/companies/list", "", 200},
		{"GET", "/companies/{company_id}", "/companies/" + company, "", 200},
		{"GET", "/companies/{company_id}", "/companies/1", "", 404},
		{"GET", "/events", "/events?type=user&intercom_user_id=" + w.sam, "", 200},
		{"GET", "/events", "/events?type=user&summary=true&intercom_user_id=" + w.sam, "", 200},
		{"GET", "/teams", "/teams", "", 200},
		{"GET", "/teams/{team_id}", "/teams/" + team, "", 200},
		{"GET", "/teams/{team_id}", "/teams/1", "", 404},
		{"GET", conv, "/conversations/" + id, "", 200},
		{"GET", conv, "/conversations/1", "", 404},
		{"PUT", conv, "/conversations/" + id, `{"custom_attributes":{"Latest rating":5}}`, 200},
		{"DELETE", conv, "/conversations/" + gone, "", 200},
		{"POST", "/conversations/search", "/conversations/search", `{"query":{"field":"created_at","operator":">","value":1},"pagination":{"per_page":2}}`, 200},
		{"GET", "/conversations/deleted", "/conversations/deleted", "", 200},
		{"POST", reply, "/conversations/" + id + "/reply", `{"message_type":"note",` + admin + `,"body":"<p>n</p>"}`, 200},
		{"POST", reply, "/conversations/" + id + "/reply", `{"message_type":"comment",` + admin + `,"body":"<p>n</p>"}`, 200},
		{"POST", reply, "/conversations/" + id + "/reply", `{"message_type":"quick_reply",` + admin + `,"reply_options":[{"text":"😍","uuid":"a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb"}]}`, 200},
		{"POST", reply, "/conversations/" + id + "/reply", `{"message_type":"comment","type":"user","user_id":"user-42","body":"again"}`, 200},
		{"POST", parts, "/conversations/" + id + "/parts", `{"message_type":"assignment",` + admin + `,"assignee_id":"9608812"}`, 200},
		{"POST", parts, "/conversations/" + id + "/parts", `{"message_type":"assignment","type":"team","admin_id":"9608799","assignee_id":"` + team + `"}`, 200},
		{"POST", parts, "/conversations/" + id + "/parts", `{"message_type":"close",` + admin + `}`, 200},
		{"POST", parts, "/conversations/1/parts", `{"message_type":"close",` + admin + `}`, 404},
		{"POST", "/conversations/{conversation_id}/tags", "/conversations/" + id + "/tags", `{"id":"` + tag + `","admin_id":"9608799"}`, 200},
		{"DELETE", "/conversations/{conversation_id}/tags/{tag_id}", "/conversations/" + id + "/tags/" + tag, `{"admin_id":"9608799"}`, 200},
		{"DELETE", "/conversations/{conversation_id}/tags/{tag_id}", "/conversations/" + id + "/tags/1", `{"admin_id":"9608799"}`, 404},
		{"GET", "/conversations/attributes", "/conversations/attributes", "", 200},
		{"POST", "/conversations/attributes", "/conversations/attributes", `{"name":"First rating","data_type":"integer"}`, 200},
		{"POST", "/conversations/attributes", "/conversations/attributes", `{"name":"Change","data_type":"list","options":[{"label":"better"}]}`, 200},
		{"POST", "/conversations/attributes", "/conversations/attributes", `{"name":"x","data_type":"y"}`, 422},
		{"GET", "/tags", "/tags", "", 200},
		{"POST", "/tags", "/tags", `{"name":"described"}`, 200},
		{"POST", "/messages", "/messages", `{"message_type":"in_app","body":"b","from":{"type":"admin","id":"9608799"},"to":{"type":"user","id":"` + w.sam + `"}}`, 200},
		{"POST", "/messages", "/messages", `{"message_type":"email","body":"b","from":{"type":"admin","id":"9608799"},"to":{"type":"user","id":"` + w.sam + `"}}`, 422},
		{"POST", "/data_attributes", "/data_attributes", `{"name":"csat","model":"contact","data_type":"integer"}`, 200},
		{"POST", "/data_attributes", "/data_attributes", `{"name":"csat","model":"contact","data_type":"integer"}`, 400},
		{"GET", "/data_attributes", "/data_attributes?model=contact", "", 200},
		{"POST", "/events", "/events", `{"event_name":"csat-rerated","created_at":1768037300,"user_id":"user-42"}`, 202},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.method, tt.path, tt.status), func(t *testing.T) {
			r := w.call(tt.method, tt.url, tt.body)
			if r.status != tt.status {
				t.Fatalf("answered %d, want %d: %s", r.status, tt.status, r.raw)
			}
			schema, example := answerSchema(t, doc, tt.method, tt.path, tt.status)
			if schema == nil {
				if r.raw != "" {
					t.Errorf("the description has no body here: %s", r.raw)
				}
				return
			}
			for _, fault := range faultsOf(schema, r.body, forgiven) {
				t.Error(fault)
			}
			for _, key := range missingKeys(example, r.body, "") {
				t.Errorf("the description's example has %s, the answer has not", key)
			}
		})
	}
	for pattern := range knownErrors {
		if !forgiven[pattern] {
			t.Errorf("the known error %s is none: take it out of the list", pattern)
		}
	}
	w.token = "wrong"
	schema, _ := answerSchema(t, doc, "GET", conv, 401)
	for _, fault := range faultsOf(schema, w.call("GET", "/conversations/"+id, "").body, forgiven) {
		t.Error(fault)
	}
}

// lively makes a conversation in which everything happened that an answer can show.
func lively(w *world) string {
	id := w.start("Hello")
	w.AddAttribute(intercomtest.DefaultWorkspace, intercomtest.AttributeDefinition{Name: "Latest rating", Type: "integer", CreatedBy: w.jane})
	act := func(_ any, err error) { w.t.Helper(); w.ok(err); w.now = w.now.Add(time.Minute) }
	act(w.Assign(id, w.jane, w.jane))
	act(w.AdminReply(id, w.jane, "<p>Hi</p>"))
	act(w.Tag(id, w.jane, "fraud"))
	act(w.Close(id, w.jane))
	act(w.RequestNativeRating(id))
	w.ok(w.RateNatively(id, w.sam, 2, ""))
	act(w.CustomerReply(id, w.sam, "Again"))
	act(w.Snooze(id, w.jane, w.now.Add(time.Hour)))
	return id
}

// faultsOf lists what breaks the schema, but for the known errors of the schema itself, which it marks as forgiven.
func faultsOf(schema *openapi3.Schema, body map[string]any, forgiven map[string]bool) []string {
	var out []string
	var collect func(error)
	collect = func(err error) {
		var several openapi3.MultiError
		var one *openapi3.SchemaError
		switch {
		case err == nil:
		case errors.As(err, &several):
			for _, e := range several {
				collect(e)
			}
		case errors.As(err, &one):
			path := "/" + strings.Join(one.JSONPointer(), "/")
			if pattern := known(path); pattern != "" && one.Reason == knownErrors[pattern].reason {
				forgiven[pattern] = true
				return
			}
			out = append(out, path+": "+one.Reason)
		default:
			out = append(out, err.Error())
		}
	}
	collect(schema.VisitJSON(any(body), openapi3.MultiErrors(), openapi3.VisitAsResponse()))
	return out
}

// known returns the pattern of knownErrors that fits a path, or "".
func known(path string) string {
	steps := strings.Split(path, "/")
	for pattern := range knownErrors {
		want := strings.Split(pattern, "/")
		same := len(want) == len(steps)
		for i := range min(len(want), len(steps)) {
			same = same && (want[i] == "*" || want[i] == steps[i])
		}
		if same {
			return pattern
		}
	}
	return ""
}

// optional are keys that only some of the description's examples show.
var optional = []string{
	"/role", "/team_priority_level", "/avatar", "/last_email_opened_at", "/last_email_clicked_at", "/android_app_name", "/android_app_version",
	"/android_device", "/android_os_version", "/android_sdk_version", "/android_last_seen_at", "/ios_app_name", "/ios_app_version", "/ios_device",
	"/ios_os_version", "/ios_sdk_version", "/ios_last_seen_at", "/notes", "/opted_out_subscription_types", "/opted_in_subscription_types", "/utm_campaign",
	"/utm_content", "/utm_medium", "/utm_source", "/utm_term", "/referrer", "/sms_consent", "/unsubscribed_from_sms", "/enabled_push_messaging",
	"/subject", "/multiline", "/reference", "/options", "/users", "/companies", "/conversation_id", "/field",
}

// missingKeys walks the example of the description beside our answer.
func missingKeys(example, answer any, path string) []string {
	var out []string
	switch e := normal(example).(type) {
	case map[string]any:
		a, ok := answer.(map[string]any)
		if !ok {
			return nil
		}
		for key, value := range e {
			if strings.HasSuffix(path, "custom_attributes") {
				continue
			}
			got, there := a[key]
			if !there && !slices.Contains(optional, "/"+key) {
				out = append(out, path+"/"+key)
			}
			out = append(out, missingKeys(value, got, path+"/"+key)...)
		}
	case []any:
		if a, ok := answer.([]any); ok && len(a) > 0 && len(e) > 0 {
			return missingKeys(e[0], a[0], path+"/0")
		}
	}
	return out
}

// normal turns what the YAML reader made into what encoding/json makes.
func normal(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var out any
	_ = json.Unmarshal(raw, &out) // it was just written
	return out
}
