package intercom

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, raw string) Conversation {
	t.Helper()
	var c Conversation
	if err := json.Unmarshal([]byte(raw), &c); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return c
}

func TestSampleConversation(t *testing.T) {
	got := read(t, string(sample(t, "rest-get-conversation.json")))
	at := func(unix int64) time.Time { return time.Unix(unix, 0).UTC() }
	if got.PartsTotal != 5 || len(got.Parts) != 5 {
		t.Fatalf("%d parts of %d", len(got.Parts), got.PartsTotal)
	}
	reopened := Part{
		ID: "37358198350", Type: "open", Body: "<p>It happened again</p>", CreatedAt: at(1768036000), UpdatedAt: at(1768036000),
		Author: Author{Type: "user", ID: "696205460674dbb9050aa7fd", Name: "Sam Customer", Email: "sam@example.com"}, State: "open", Tags: []Tag{},
	}
	if diff := cmp.Diff(reopened, got.Parts[2]); diff != "" {
		t.Error(diff)
	}
	if got.Parts[0].AssignedTo != (Ref{Type: "admin", ID: "9608799"}) {
		t.Errorf("assigned to %+v", got.Parts[0].AssignedTo)
	}
	got.Parts = nil
	contact := Ref{Type: "contact", ID: "696205460674dbb9050aa7fd", ExternalID: "user-42"}
	want := Conversation{
		ID: "215472621202693", CreatedAt: at(1768031789), UpdatedAt: at(1768037189), State: "closed",
		Source: Source{
			Type: "conversation", DeliveredAs: "customer_initiated", Body: "<p>My invoice is wrong</p>", URL: "https://app.example.com/billing",
			Author: Author{Type: "user", ID: "696205460674dbb9050aa7fd", Name: "Sam Customer", Email: "sam@example.com"},
		},
		Contacts: []Ref{contact}, Teammates: []Ref{{Type: "admin", ID: "9608799"}}, AdminAssigneeID: "9608799", Tags: []Tag{},
		CustomAttributes: map[string]any{"Has attachments": false, "Imported via standalone": false, "Copilot used": false},
		Statistics: Statistics{
			FirstContactReplyAt: at(1768031789), LastContactReplyAt: at(1768036000), FirstAdminReplyAt: at(1768032000),
			LastAdminReplyAt: at(1768036600), FirstCloseAt: at(1768032689), LastCloseAt: at(1768037189), LastClosedByID: "9608799",
			CountReopens: 1, CountAssignments: 1, CountParts: 12,
		},
		Rating: &Rating{
			Score: 2, RequestedAt: at(1768032700), UpdatedAt: at(1768032760), Contact: contact,
			Teammate: Ref{Type: "admin", ID: "9608799"},
		},
		RatingRequestedAt: at(1768032700), PartsTotal: 5,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	n, err := DecodeNotification(sample(t, "webhook-conversation.admin.closed.json"))
	if err != nil {
		t.Fatal(err)
	}
	hook, err := n.Conversation()
	if err != nil {
		t.Fatal(err)
	}
	if !hook.Statistics.LastCloseAt.Equal(want.Statistics.LastCloseAt) || hook.Parts[0].Type != "close" {
		t.Errorf("the webhook's form reads as %+v", hook)
	}
}

func TestConversationVariants(t *testing.T) {
	everythingNull := `{"id":1,"created_at":null,"open":null,"state":null,"title":null,"source":null,"contacts":null,"teammates":null,
		"admin_assignee_id":null,"team_assignee_id":0,"tags":null,"custom_attributes":null,"statistics":null,
		"conversation_rating":null,"conversation_parts":null,"ai_agent_participated":null,"waiting_since":null}`
	if diff := cmp.Diff(Conversation{ID: "1"}, read(t, everythingNull)); diff != "" {
		t.Error(diff)
	}
	for raw, want := range map[string]Conversation{
		`{"admin_assignee_id":0}`:                                                  {},
		`{"admin_assignee_id":"0"}`:                                                {},
		`{"admin_assignee_id":"7","team_assignee_id":8}`:                           {AdminAssigneeID: "7", TeamAssigneeID: "8"},
		`{"teammates":{"teammates":[{"id":7}]}}`:                                   {Teammates: []Ref{{ID: "7"}}},
		`{"teammates":{"admins":[{"id":"7","type":"admin"}]}}`:                     {Teammates: []Ref{{ID: "7", Type: "admin"}}},
		`{"teammates":[{"id":"7"}]}`:                                               {Teammates: []Ref{{ID: "7"}}},
		`{"conversation_rating":{"rating":null,"remark":null,"created_at":null}}`:  {},
		`{"conversation_rating":{"rating":4,"remark":"ok","customer":{"id":"c"}}}`: {Rating: &Rating{Score: 4, Remark: "ok", Contact: Ref{ID: "c"}}},
		`{"tags":{"tags":[{"id":"1","name":"vip"}]}}`:                              {Tags: []Tag{{ID: "1", Name: "vip"}}},
		`{"source":{"type":"email","author":null}}`:                                {Source: Source{Type: "email"}},
		`{"conversation_parts":{"conversation_parts":[],"total_count":612}}`:       {Parts: []Part{}, PartsTotal: 612},
		`{"conversation_parts":{"conversation_parts":[{"id":5,"part_type":"comment","metadata":{"quick_reply_uuid":"u"},"assigned_to":"x",
			"tags":{"type":"tag.list","tags":[{"id":"1"}]}}]}}`: {
			Parts:      []Part{{ID: "5", Type: "comment", QuickReplyUUID: "u", Tags: []Tag{{ID: "1"}}}},
			PartsTotal: 1,
		},
	} {
		if diff := cmp.Diff(want, read(t, raw)); diff != "" {
			t.Errorf("%s: %s", raw, diff)
		}
	}
	for _, bad := range []string{
		`[]`, `{"id":{}}`, `{"id":"1","ID":"2"}`, `{"contacts":5}`, `{"contacts":{"contacts":[{"id":"1","iD":"2"}]}}`,
		`{"created_at":-1}`, `{"created_at":1e300}`, `{"statistics":{"last_close_at":"yesterday"}}`, `{"tags":{"tags":"x"}}`,
		`{"conversation_parts":{"conversation_parts":[{"tags":{"tags":5}}]}}`, `{"teammates":"x"}`,
	} {
		var c Conversation
		if err := json.Unmarshal([]byte(bad), &c); err == nil {
			t.Errorf("%s was read as %+v", bad, c)
		}
	}
}

func TestChannel(t *testing.T) {
	for source, want := range map[string]string{"conversation": "chat", "email": "email", "whatsapp": "whatsapp", "": ""} {
		if got := (Conversation{Source: Source{Type: source}}).Channel(); got != want {
			t.Errorf("%q: %q", source, got)
		}
	}
}

func TestAddresses(t *testing.T) {
	for region, want := range map[string][2]string{
		"US": {"https://api.intercom.io", "https://app.intercom.com"},
		"EU": {"https://api.eu.intercom.io", "https://app.eu.intercom.com"},
		"au": {"https://api.au.intercom.io", "https://app.au.intercom.com"},
		"":   {"https://api.intercom.io", "https://app.intercom.com"},
	} {
		if APIURL(region) != want[0] || AppURL(region) != want[1] {
			t.Errorf("%s: %s %s", region, APIURL(region), AppURL(region))
		}
	}
	if got := ConversationURL("https://app.intercom.com/", "w/1", "12"); got != "https://app.intercom.com/a/inbox/w%2F1/inbox/conversation/12" {
		t.Error(got)
	}
}
