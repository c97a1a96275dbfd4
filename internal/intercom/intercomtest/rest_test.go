package intercomtest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	w := newWorld(t)
	me := w.call("GET", "/me", "").want(t, 200, "")
	if at(t, me.body, "app", "id_code") != DefaultWorkspace || me.body["email_verified"] != true || me.header.Get("X-Sandbox-Intercom") != "1" {
		t.Errorf("%s", me.raw)
	}
	good := w.token
	for _, bad := range []string{"", "nonsense", good + "x"} {
		w.token = bad
		if r := w.call("GET", "/me", "").want(t, 401, "unauthorized"); r.header.Get("X-RateLimit-Limit") != "" {
			t.Error("rate limit headers without a token")
		}
	}
	w.token = good
	w.Revoke(DefaultWorkspace)
	w.call("GET", "/me", "").want(t, 401, "token_revoked")
}

func TestVersions(t *testing.T) {
	w := newWorld(t)
	for version, status := range map[string]int{"": 200, "1.4": 200, "2.0": 200, "2.17": 200, "Preview": 200, "2.18": 400, "3.0": 400, "2.05": 400, "x": 400} {
		if r := w.call("GET", "/me", "", version); r.status != status {
			t.Errorf("version %q: %d, want %d", version, r.status, status)
		}
	}
	id := w.start("Hello")
	old, now := w.call("GET", "/conversations/"+id, "", "2.15"), w.call("GET", "/conversations/"+id, "", "2.16")
	if old.body["priority"] != "not_priority" || old.body["admin_assignee_id"] != nil {
		t.Errorf("2.15: %v %v", old.body["priority"], old.body["admin_assignee_id"])
	}
	if now.body["priority"] != "none" || now.body["admin_assignee_id"] != 0.0 {
		t.Errorf("2.16: %v %v", now.body["priority"], now.body["admin_assignee_id"])
	}
}

func TestRateLimit(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.RateLimit = 3 })
	reset := fmt.Sprint(w.clock.now().Add(10 * time.Second).Unix())
	for i := range 3 {
		r := w.call("GET", "/me", "").want(t, 200, "")
		if r.header.Get("X-RateLimit-Remaining") != fmt.Sprint(2-i) || r.header.Get("X-RateLimit-Limit") != "3" || r.header.Get("X-RateLimit-Reset") != reset {
			t.Errorf("call %d: %v", i+1, r.header)
		}
	}
	r := w.call("GET", "/me", "").want(t, 429, "rate_limit_exceeded")
	if !strings.Contains(r.raw, "Exceeded rate limit of 3 in 10_seconds") || r.header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("%s %v", r.raw, r.header)
	}
	w.clock.add(10 * time.Second)
	w.call("GET", "/me", "").want(t, 200, "")
}

func TestEvents(t *testing.T) {
	w := newWorld(t)
	keys := ""
	for i := range 12 {
		keys += fmt.Sprintf(`"key%d":%d,`, i, i)
	}
	body := `{"event_name":"csat-rerated","created_at":1768037300,"user_id":"user-42","metadata":{` + strings.TrimSuffix(keys, ",") + `}}`
	for range 2 {
		if r := w.call("POST", "/events", body); r.status != 202 || r.raw != "" {
			t.Fatalf("%d %q, want 202 and nothing", r.status, r.raw)
		}
	}
	events := w.Events(w.sam)
	if len(events) != 1 || len(events[0].Metadata) != 10 || events[0].Metadata["key9"] != 9.0 {
		t.Errorf("%+v", events)
	}
	w.call("POST", "/events", `{"event_name":"x","created_at":1,"user_id":"nobody"}`).want(t, 404, "not_found")
	w.call("POST", "/events", `{"event_name":"x","user_id":"user-42"}`).want(t, 400, "parameter_not_found")
	w.call("POST", "/events", `{"event_name":"x","created_at":1,"user_id":"user-42","metadata":[1]}`).want(t, 400, "parameter_invalid")
}

func TestTagsMessagesAndDataAttributes(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	tag := w.call("POST", "/tags", `{"name":"rerated"}`).want(t, 200, "").body["id"].(string)
	if again := w.call("POST", "/tags", `{"name":"rerated"}`).body["id"]; again != tag {
		t.Errorf("tag %v, then %v", tag, again)
	}
	w.call("POST", "/conversations/"+id+"/tags", `{"id":`+tag+`,"admin_id":9608799}`).want(t, 200, "")
	w.call("POST", "/conversations/"+id+"/tags", `{"id":"1","admin_id":"9608799"}`).want(t, 404, "tag_not_found")
	if c, _ := w.Conversation(id); len(c.Tags) != 1 || c.Tags[0].Name != "rerated" {
		t.Errorf("%+v", c.Tags)
	}
	w.call("DELETE", "/conversations/"+id+"/tags/"+tag, `{"admin_id":"9608799"}`).want(t, 200, "")

	message := func(kind, subject string) string {
		return fmt.Sprintf(`{"message_type":%q,"subject":%q,"body":"Rate us","template":"plain","from":{"type":"admin","id":"9608799"},"to":{"type":"user","id":%q}}`, kind, subject, w.sam)
	}
	w.call("POST", "/messages", message("email", "")).want(t, 422, "parameter_not_found")
	m := w.call("POST", "/messages", message("in_app", "")).want(t, 200, "")
	if _, there := m.body["conversation_id"]; there || len(w.Messages(w.sam)) != 1 {
		t.Error("a message has a conversation before its answer")
	}
	c, err := w.AnswerMessage(w.sam, m.body["id"].(string), "5 stars")
	w.ok(err)
	if c.Source.DeliveredAs != "admin_initiated" || len(c.Parts) != 1 {
		t.Errorf("%+v", c)
	}

	w.call("POST", "/data_attributes", `{"name":"latest rating!","model":"contact","data_type":"integer"}`).want(t, 400, "parameter_invalid")
	w.call("PUT", "/contacts/"+w.sam, `{"custom_attributes":{"latest_rating":5}}`).want(t, 400, "parameter_invalid")
	w.call("POST", "/data_attributes", `{"name":"latest_rating","model":"conversation","data_type":"integer"}`).want(t, 400, "parameter_invalid")
	w.call("POST", "/data_attributes", `{"name":"latest_rating","model":"contact","data_type":"integer"}`).want(t, 200, "")
	r := w.call("PUT", "/contacts/"+w.sam, `{"custom_attributes":{"latest_rating":5}}`).want(t, 200, "")
	if d := cmp.Diff(map[string]any{"latest_rating": 5.0}, r.body["custom_attributes"]); d != "" {
		t.Error(d)
	}
}

func TestWorkspacesAreApart(t *testing.T) {
	w := newWorld(t)
	other := w.AddWorkspace(Workspace{Name: "Other"})
	admin := w.AddAdmin(other.ID, Admin{Name: "Eve", EmailVerified: true})
	id := w.start("Hello")
	w.token = w.Install(other.ID, admin.ID)
	for _, path := range []string{"/conversations/" + id, "/contacts/" + w.sam} {
		w.call("GET", path, "").want(t, 404, "not_found")
	}
	w.call("POST", "/conversations/"+id+"/reply", `{"message_type":"note","type":"admin","admin_id":"`+admin.ID+`","body":"x"}`).want(t, 404, "not_found")
	if r := w.call("POST", "/conversations/search", `{"query":{"field":"open","operator":"=","value":true}}`); r.body["total_count"] != 0.0 {
		t.Errorf("%s", r.raw)
	}
	w.call("GET", "/nowhere", "").want(t, 404, "not_found")
}

func TestRESTFaults(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	reply := "/conversations/" + id + "/reply"
	note := `{"message_type":"note","type":"admin","admin_id":"9608799","body":"x"}`
	post := func(ctx context.Context) (int, error) {
		req, err := http.NewRequestWithContext(ctx, "POST", w.http.URL+reply, strings.NewReader(note))
		w.ok(err)
		req.Header.Set("Authorization", "Bearer "+w.token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		defer res.Body.Close()
		return res.StatusCode, nil
	}
	expect := func(what string, status, notes int, ctx context.Context) {
		t.Helper()
		got, err := post(ctx)
		if got != status || (status == 0) != (err != nil) || len(w.Notes(id)) != notes {
			t.Errorf("%s: status %d (%v), %d notes; want %d, %d", what, got, err, len(w.Notes(id)), status, notes)
		}
	}
	ctx := t.Context()
	w.Misbehave(Fault{Kind: Fail, Status: 500, Method: "POST", Path: "/conversations/*/reply", Times: 2})
	w.call("GET", "/conversations/"+id, "").want(t, 200, "")
	expect("failing", 500, 0, ctx)
	expect("failing again", 500, 0, ctx)
	expect("twice is over", 200, 1, ctx)
	w.Misbehave(Fault{Kind: Fail, Times: 1, AfterWork: true})
	expect("failing after the work", 503, 2, ctx)
	w.Misbehave(Fault{Kind: Reset, Times: 1, AfterWork: true})
	expect("reset after the work", 0, 3, ctx)
	w.Misbehave(Fault{Kind: Reset, Times: 1})
	expect("reset", 0, 3, ctx)
	w.Misbehave(Fault{Kind: Slow, Delay: time.Millisecond, Times: 1})
	expect("slow", 200, 4, ctx)
	w.Misbehave(Fault{Kind: RateLimit, Times: 1, Header: http.Header{"X-Ratelimit-Reset": {"soon"}}})
	w.call("GET", "/me", "").want(t, 429, "rate_limit_exceeded")
	w.Misbehave(Fault{Kind: Fail, Workspace: "another", Times: 1})
	expect("another workspace's fault", 200, 5, ctx)

	w.Behave()
	w.Misbehave(Fault{Kind: Hang})
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	expect("hanging", 0, 5, short)
	answered := make(chan int)
	go func() { status, _ := post(ctx); answered <- status }()
	w.ok(w.Wait(ctx, func() bool { return w.Hanging() == 1 }))
	w.Behave()
	if status := <-answered; status != 200 {
		t.Errorf("after Behave: %d", status)
	}
}
