package intercom

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rerate/internal/intercom/canvas"
)

func TestSampleNotifications(t *testing.T) {
	sample(t, "webhook-ping.json")
	files, err := filepath.Glob("../../../shared/intercom-samples/webhook-*.json")
	if err != nil || len(files) < 10 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		n, err := DecodeNotification(sample(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		conversation, hasConversation := n.ConversationID()
		contact, hasContact := n.ContactID()
		isContact, isPing := strings.HasPrefix(n.Topic, "contact."), n.Topic == TopicPing
		if n.AppID != "a86dr8yl" || n.CreatedAt.Year() != 2026 || n.DeliveryAttempts != 1 || (n.ID == "") != isPing {
			t.Errorf("%s: %+v", name, n)
		}
		if hasConversation != (!isContact && !isPing) || hasConversation && conversation != "215472621202693" {
			t.Errorf("%s: conversation %q", name, conversation)
		}
		if hasContact != isContact || hasContact && contact != "696205460674dbb9050aa7fd" {
			t.Errorf("%s: contact %q", name, contact)
		}
		_, err = n.Conversation()
		if hasFull := hasConversation && n.Topic != TopicConversationDeleted; (err == nil) != hasFull {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNotificationSubjects(t *testing.T) {
	for _, c := range []struct{ topic, item, conversation, contact string }{
		{"conversation.admin.closed", `{"type":"conversation","id":12}`, "12", ""},
		{"conversation.deleted", `{"type":"conversation","conversation_id":"12"}`, "12", ""},
		{"conversation_part.tag.created", `{"type":"conversation_part","id":"77","conversation_id":"12"}`, "12", ""},
		{"conversation_part.tag.created", `{"type":"conversation_part","id":"77"}`, "", ""},
		{"ticket.closed", `{"ticket":{"type":"ticket","id":"12"}}`, "12", ""},
		{"ticket.closed", `{"type":"ticket","id":"12"}`, "12", ""},
		{"conversation.admin.closed", `{"type":"conversation","id":"last"}`, "", ""},
		{"conversation.admin.closed", `{"type":"conversation","id":"12","ID":"13"}`, "", ""},
		{"conversation.admin.closed", `{"type":"conversation","id":["12"]}`, "", ""},
		{"conversation.admin.closed", `[]`, "", ""},
		{"contact.deleted", `{"type":"contact","id":"abc"}`, "", "abc"},
		{"contact.deleted", `{"type":"contact","id":"../abc"}`, "", ""},
		{"new.topic", `"text"`, "", ""},
	} {
		n, err := DecodeNotification([]byte(`{"app_id":"w1","topic":"` + c.topic + `","data":{"item":` + c.item + `}}`))
		if err != nil {
			t.Errorf("%s %s: %v", c.topic, c.item, err)
			continue
		}
		conversation, ok := n.ConversationID()
		if ok != (c.conversation != "") || ok && conversation != c.conversation {
			t.Errorf("%s %s: conversation %q", c.topic, c.item, conversation)
		}
		contact, ok := n.ContactID()
		if ok != (c.contact != "") || ok && contact != c.contact {
			t.Errorf("%s %s: contact %q", c.topic, c.item, contact)
		}
	}
}

func TestRefusedNotifications(t *testing.T) {
	const good = `"topic":"ping","data":{"item":{}}`
	for name, body := range map[string]string{
		"no topic":      `{"app_id":"w1","data":{"item":{}}}`,
		"no item":       `{"app_id":"w1","topic":"ping","data":{}}`,
		"no data":       `{"app_id":"w1","topic":"ping"}`,
		"null item":     `{"app_id":"w1","topic":"ping","data":{"item":null}}`,
		"case in data":  `{"app_id":"w1","topic":"ping","data":{"item":{},"Item":{}}}`,
		"no app":        `{` + good + `}`,
		"odd app":       `{"app_id":"../w",` + good + `}`,
		"app twice":     `{"app_id":"w1","app_id":"w2",` + good + `}`,
		"app in case":   `{"app_id":"w1","App_id":"w2",` + good + `}`,
		"data is text":  `{"app_id":"w1","topic":"ping","data":"x"}`,
		"trailing":      `{"app_id":"w1",` + good + `}{}`,
		"bad time":      `{"app_id":"w1","created_at":"soon",` + good + `}`,
		"canvas submit": `{"workspace_id":"w1","component_id":"a","current_canvas":{}}`,
		"uninstall":     `{"app_id":"w1"}`,
	} {
		if n, err := DecodeNotification([]byte(body)); err == nil {
			t.Errorf("%s: %+v", name, n)
		}
	}
}

func TestLifecycleNotices(t *testing.T) {
	for body, want := range map[string]string{
		`{"app_id":"w1"}`:                "w1",
		`{"app_id":"w1","topic":"ping"}`: "",
		`{"app_id":"w1","app_id":"w2"}`:  "",
		`{"workspace_id":"w1"}`:          "",
	} {
		if got, err := DecodeUninstall([]byte(body)); got != want || (err == nil) != (want != "") {
			t.Errorf("uninstall %.40s: %q, %v", body, got, err)
		}
	}
	for body, want := range map[string]string{
		`{"workspace_id":"w1"}`:                                        "w1",
		`{"workspace_id":"w1","context":{}}`:                           "",
		`{"workspace_id":"w1","component_id":"a","current_canvas":{}}`: "",
		`{"workspace_id":"w1","admin":{},"conversation":{}}`:           "",
		`{"workspace_id":"w1","canvas":{}}`:                            "",
		`{"app_id":"w1"}`:                                              "",
		`{"workspace_id":"w1","Workspace_id":"w2"}`:                    "",
	} {
		if got, err := DecodeHealthCheck([]byte(body)); got != want || (err == nil) != (want != "") {
			t.Errorf("health %.40s: %q, %v", body, got, err)
		}
	}
	if _, err := DecodeUninstall([]byte("{")); err == nil || errors.Unwrap(err) == nil {
		t.Errorf("half a body: %v", err)
	}
}

func TestSampleLifecycleNotices(t *testing.T) {
	if got, err := DecodeUninstall(sample(t, "uninstall-notification.json")); err != nil || got != "a86dr8yl" {
		t.Errorf("%q, %v", got, err)
	}
	for _, name := range []string{"initialize-messenger-home.json", "submit-request-messenger.json", "initialize-inbox.json", "live-canvas-request.json"} {
		if got, err := DecodeHealthCheck(sample(t, name)); err == nil {
			t.Errorf("%s was read as a health check of %s", name, got)
		}
	}
}

// FuzzNotification: no body makes the decoder or the item's readers panic, and what they give is sound.
func FuzzNotification(f *testing.F) {
	files, _ := filepath.Glob("../../../shared/intercom-samples/*.json")
	for _, file := range files {
		if body, err := os.ReadFile(file); err == nil {
			f.Add(body)
		}
	}
	f.Add([]byte(`{"app_id":"w","topic":"ticket.closed","data":{"item":{"ticket":{"type":"ticket","id":1}}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := DecodeNotification(body)
		if err != nil {
			return
		}
		if !canvas.IsWorkspaceID(n.AppID) || n.Topic == "" {
			t.Errorf("%+v", n)
		}
		if id, ok := n.ConversationID(); ok && !canvas.IsConversationID(id) {
			t.Errorf("conversation %q", id)
		}
		if id, ok := n.ContactID(); ok && !plainID.MatchString(id) {
			t.Errorf("contact %q", id)
		}
		if conv, err := n.Conversation(); err == nil {
			_ = conv.Channel() // only must not panic
		}
	})
}
