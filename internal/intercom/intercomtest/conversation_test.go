package intercomtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReopenEpisode(t *testing.T) {
	w := newWorld(t)
	id := w.start("My parcel is late")
	w.clock.add(time.Minute)
	_, err := w.AdminReply(id, w.jane, "<p>On its way</p>")
	w.ok(err)
	w.clock.add(time.Minute)
	_, err = w.Close(id, w.jane)
	w.ok(err)
	if again, err := w.Close(id, w.jane); err != nil || again.ID != "" {
		t.Fatalf("closing twice made part %q, %v", again.ID, err)
	}
	w.clock.add(time.Hour)
	p, err := w.CustomerReply(id, w.sam, "It did not come <b>& I am cross</b>")
	w.ok(err)
	if p.Type != "open" || p.State != "open" || p.Body != "<p>It did not come &lt;b&gt;&amp; I am cross&lt;/b&gt;</p>" {
		t.Fatalf("reopening part: %+v", p)
	}
	c, _ := w.Conversation(id)
	if !c.WaitingSince.Equal(w.clock.now()) || c.State != "open" {
		t.Fatalf("after the reopen: %s, waiting since %v", c.State, c.WaitingSince)
	}

	calls := w.Deliver(t.Context())
	var topics []string
	for _, call := range calls {
		topics = append(topics, call.Topic)
	}
	want := []string{"conversation.admin.replied", "conversation.admin.closed", "conversation.user.replied"}
	if d := cmp.Diff(want, topics); d != "" {
		t.Fatal(d)
	}
	item := at(t, w.app.last(t).body, "data", "item")
	if got := at(t, item, "conversation_parts", "conversation_parts", 0, "body"); got != "It did not come <b>& I am cross</b>" {
		t.Errorf("body in the webhook: %v", got)
	}
	if got := at(t, item, "statistics", "last_close_at"); got != "2026-11-20T09:02:00.000Z" {
		t.Errorf("webhook time of the close: %v", got)
	}
	if got := fmt.Sprint(at(t, item, "statistics", "count_reopens")); got != "1" {
		t.Errorf("count_reopens: %v", got)
	}
	rest := w.call("GET", "/conversations/"+id, "").want(t, 200, "")
	if got := at(t, rest.body, "statistics", "last_close_at"); got != float64(w.clock.now().Add(-time.Hour).Unix()) {
		t.Errorf("REST time of the close: %v", got)
	}
}

func TestRepliesByREST(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	_, err := w.Close(id, w.jane)
	w.ok(err)
	reply := "/conversations/" + id + "/reply"
	tests := []struct {
		name, path, body string
		status           int
		code, part       string
		state            string
	}{
		{"a note keeps it closed", reply, `{"message_type":"note","type":"admin","admin_id":9608799,"body":"<h2>New</h2><script>x()</script>"}`, 200, "", "note", "closed"},
		{"a comment keeps it closed", reply, `{"message_type":"comment","type":"admin","admin_id":"9608799","body":"Hi"}`, 200, "", "comment", "closed"},
		{"quick replies keep it closed", reply, `{"message_type":"quick_reply","type":"admin","admin_id":"9608799","reply_options":[{"text":"😍","uuid":"a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb"}]}`, 200, "", "quick_reply", "closed"},
		{"quick replies take no body", reply, `{"message_type":"quick_reply","type":"admin","admin_id":"9608799","body":"x","reply_options":[{"text":"a","uuid":"a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb"}]}`, 400, "parameter_invalid", "", "closed"},
		{"a comment needs a body", reply, `{"message_type":"comment","type":"admin","admin_id":"9608799"}`, 400, "parameter_not_found", "", "closed"},
		{"a strange teammate", reply, `{"message_type":"note","type":"admin","admin_id":"1","body":"x"}`, 404, "admin_not_found", "", "closed"},
		{"a strange kind", reply, `{"message_type":"shout","type":"admin","admin_id":"9608799","body":"x"}`, 400, "parameter_invalid", "", "closed"},
		{"no JSON", reply, `{`, 400, "bad_request", "", "closed"},
		{"no such conversation", "/conversations/123/reply", `{"message_type":"note","type":"admin","admin_id":"9608799","body":"x"}`, 404, "not_found", "", "closed"},
		{"the customer's answer opens it", reply, `{"message_type":"quick_reply","type":"user","intercom_user_id":"696205460674dbb9050aa7fd","reply_options":[{"text":"😍","uuid":"a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb"}]}`, 200, "", "open", "open"},
		{"the customer's text", reply, `{"message_type":"comment","type":"user","user_id":"user-42","body":"More"}`, 200, "", "comment", "open"},
		{"last writes to the newest", "/conversations/last/reply", `{"message_type":"note","type":"admin","admin_id":"9608799","body":"astray"}`, 200, "", "note", "open"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := w.call("POST", tt.path, tt.body).want(t, tt.status, tt.code)
			if tt.part != "" {
				if got := at(t, r.body, "conversation_parts", "conversation_parts", 0, "part_type"); got != tt.part {
					t.Errorf("part %v, want %s", got, tt.part)
				}
			}
			if c, _ := w.Conversation(id); c.State != tt.state {
				t.Errorf("state %s, want %s", c.State, tt.state)
			}
		})
	}
	notes := w.Notes(id)
	if len(notes) != 2 || notes[0].Body != "<h2>New</h2>" || notes[1].Body != "<p>astray</p>" || notes[0].AppPackageCode == "" {
		t.Errorf("notes: %+v", notes)
	}
}

func TestManagingByREST(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	parts := "/conversations/" + id + "/parts"
	later := w.clock.now().Add(time.Hour).Unix()
	tests := []struct{ body, part, state string }{
		{`{"message_type":"close","type":"admin","admin_id":"9608799","body":"Bye"}`, "close", "closed"},
		{`{"message_type":"assignment","type":"admin","admin_id":"9608799","assignee_id":9608812}`, "assign_and_reopen", "open"},
		{fmt.Sprintf(`{"message_type":"snoozed","admin_id":"9608799","snoozed_until":%d}`, later), "snoozed", "snoozed"},
		{`{"message_type":"open","admin_id":"9608799"}`, "open", "open"},
		{`{"message_type":"assignment","type":"admin","admin_id":"9608799","assignee_id":"0"}`, "assignment", "open"},
	}
	for _, tt := range tests {
		r := w.call("POST", parts, tt.body).want(t, 200, "")
		if got := at(t, r.body, "conversation_parts", "conversation_parts", 0, "part_type"); got != tt.part || r.body["state"] != tt.state {
			t.Errorf("%s: part %v, state %v", tt.body, got, r.body["state"])
		}
	}
	w.call("POST", parts, `{"message_type":"snoozed","admin_id":"9608799","snoozed_until":1}`).want(t, 400, "parameter_invalid")
	w.call("POST", parts, `{"message_type":"dance","admin_id":"9608799"}`).want(t, 400, "parameter_invalid")

	_, err := w.Snooze(id, w.jane, w.clock.now().Add(time.Minute))
	w.ok(err)
	w.WakeSnoozed()
	if c, _ := w.Conversation(id); c.State != "snoozed" {
		t.Error("woke up too early")
	}
	w.clock.add(time.Minute)
	w.WakeSnoozed()
	if c, _ := w.Conversation(id); c.State != "open" {
		t.Error("did not wake up")
	}
}

func TestQuickReplyReopens(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	_, err := w.Close(id, w.jane)
	w.ok(err)
	w.call("POST", "/conversations/"+id+"/reply", `{"message_type":"quick_reply","type":"admin","admin_id":"9608799","reply_options":[{"text":"😍","uuid":"a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb"}]}`).want(t, 200, "")
	p, err := w.TakeQuickReply(id, w.sam, "a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb")
	w.ok(err)
	if p.Type != "open" || p.Body != "<p>😍</p>" || p.QuickReplyID == "" {
		t.Errorf("%+v", p)
	}
	if _, err := w.TakeQuickReply(id, w.sam, "b5e1c524-5ddd-4c3e-9328-6bca5d6e3edb"); err == nil {
		t.Error("took a button that is not there")
	}
}

func TestAtMost500PartsAreShown(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	for i := range 510 {
		_, err := w.AdminNote(id, w.jane, fmt.Sprintf("<p>%d</p>", i))
		w.ok(err)
	}
	r := w.call("GET", "/conversations/"+id, "").want(t, 200, "")
	list := at(t, r.body, "conversation_parts", "conversation_parts").([]any)
	if len(list) != 500 || at(t, list, 0, "body") != "<p>10</p>" {
		t.Errorf("%d parts, the first %v", len(list), at(t, list, 0, "body"))
	}
}

func TestAttributesMustExist(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	put := func(body string) reply { return w.call("PUT", "/conversations/"+id, body) }
	put(`{"custom_attributes":{"Latest rating":4}}`).want(t, 400, "parameter_invalid")
	w.call("GET", "/conversations/attributes", "", "2.15").want(t, 400, "intercom_version_invalid")
	w.call("POST", "/conversations/attributes", `{"name":"Latest rating","data_type":"integer"}`, "2.15").want(t, 400, "intercom_version_invalid")
	w.call("POST", "/conversations/attributes", `{"name":"Latest rating","data_type":"int"}`).want(t, 422, "parameter_invalid")
	w.call("POST", "/conversations/attributes", `{"name":"Latest rating","data_type":"integer"}`).want(t, 200, "")
	w.call("POST", "/conversations/attributes", `{"name":"Latest rating","data_type":"integer"}`).want(t, 422, "parameter_invalid")
	w.call("POST", "/conversations/attributes", `{"name":"Rating change","data_type":"list","options":[{"label":"better"},{"label":"worse"}]}`).want(t, 200, "")

	put(`{"custom_attributes":{"Latest rating":"four"}}`).want(t, 400, "parameter_invalid")
	put(`{"custom_attributes":{"Rating change":"sideways"}}`).want(t, 400, "parameter_invalid")
	put(`{"custom_attributes":{"Latest rating":4,"Unknown":1}}`).want(t, 400, "parameter_invalid")
	if len(w.Attributes(id)) != 0 {
		t.Errorf("a refused call wrote %v", w.Attributes(id))
	}
	put(`{"custom_attributes":{"Latest rating":4,"Rating change":"better"}}`).want(t, 200, "")
	put(`{"custom_attributes":{"Latest rating":4}}`).want(t, 200, "")
	put(`{"custom_attributes":{"Latest rating":5}}`).want(t, 200, "")
	if d := cmp.Diff(map[string]any{"Latest rating": 5.0, "Rating change": "better"}, w.Attributes(id)); d != "" {
		t.Error(d)
	}
	c, _ := w.Conversation(id)
	var changes []string
	for _, p := range c.Parts {
		if p.Type == "conversation_attribute_updated_by_admin" && p.Author.Type == "bot" {
			changes = append(changes, p.Attribute.Name+": "+p.Attribute.Previous+" → "+p.Attribute.Value)
		}
	}
	if got := strings.Join(changes, "; "); got != "Latest rating:  → 4; Rating change:  → better; Latest rating: 4 → 5" {
		t.Errorf("parts: %s", got)
	}
	w.AddAttribute(DefaultWorkspace, AttributeDefinition{Name: "Latest rating", Type: "integer"})
	put(`{"custom_attributes":{"Latest rating":3}}`).want(t, 400, "parameter_invalid")
}
