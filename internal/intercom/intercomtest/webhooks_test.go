package intercomtest

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Intercom signs webhooks with SHA-1
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"
)

func TestWebhookEnvelope(t *testing.T) {
	w := newWorld(t)
	id := w.start("Straße/ä < 5 & 😊")
	got := w.app.last(t)
	if got.method != "POST" || got.path != "/webhooks/intercom" || got.header.Get("User-Agent") != "intercom-parrot-service-client/1.0" {
		t.Fatalf("%s %s by %s", got.method, got.path, got.header.Get("User-Agent"))
	}
	mac := hmac.New(sha1.New, []byte("sandbox-secret"))
	mac.Write(got.raw)
	if want := "sha1=" + hex.EncodeToString(mac.Sum(nil)); got.header.Get("X-Hub-Signature") != want {
		t.Errorf("signature %s, want %s", got.header.Get("X-Hub-Signature"), want)
	}
	b := got.body
	if b["topic"] != "conversation.user.created" || b["app_id"] != DefaultWorkspace || b["type"] != "notification_event" || b["delivery_attempts"] != json.Number("1") {
		t.Errorf("envelope: %s", got.raw)
	}
	if at(t, b, "data", "item", "id") != id || at(t, b, "data", "item", "source", "body") != "Straße/ä < 5 & 😊" {
		t.Errorf("item: %s", got.raw)
	}
	ping := w.Ping(t.Context(), DefaultWorkspace)
	if ping.Status != 200 || w.app.last(t).body["id"] != nil {
		t.Errorf("ping: %+v", ping)
	}
	if head := w.CheckEndpoint(t.Context()); head.Status != 200 || w.app.last(t).method != "HEAD" {
		t.Errorf("head: %+v", head)
	}
}

func TestSignatureVectors(t *testing.T) {
	raw, err := os.ReadFile("../../../../shared/intercom-samples/signature-vectors.json")
	if err != nil {
		t.Skip("the signature vectors are not beside the checkout: ", err)
	}
	var v struct {
		Secret string `json:"client_secret"`
		Body   string `json:"body_utf8"`
		SHA256 string `json:"X-Body-Signature"`
		SHA1   string `json:"X-Hub-Signature"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if got := bodySignature(v.Secret, []byte(v.Body)); got != v.SHA256 {
		t.Errorf("X-Body-Signature %s, want %s", got, v.SHA256)
	}
	if got := hubSignature(v.Secret, []byte(v.Body)); got != v.SHA1 {
		t.Errorf("X-Hub-Signature %s, want %s", got, v.SHA1)
	}
}

func TestOneRetry(t *testing.T) {
	w := newWorld(t)
	w.app.says(500, nil)
	w.start("Hello") // delivered once, failed
	if n := w.Waiting(); n != 1 {
		t.Fatalf("%d wait, want the retry", n)
	}
	if calls := w.Deliver(t.Context()); len(calls) != 0 {
		t.Fatal("retried before its time")
	}
	w.clock.add(time.Minute)
	calls := w.Deliver(t.Context())
	if len(calls) != 1 || calls[0].Attempt != 2 || calls[0].Problem == "" || w.Waiting() != 0 {
		t.Fatalf("retry: %+v, %d wait", calls, w.Waiting())
	}
	first, second := w.app.requests()[0], w.app.last(t)
	if first.body["id"] != second.body["id"] || second.body["delivery_attempts"] != json.Number("2") {
		t.Errorf("the retry has id %v (was %v), attempt %v", second.body["id"], first.body["id"], second.body["delivery_attempts"])
	}
}

func TestGoneEndsTheSubscription(t *testing.T) {
	w := newWorld(t)
	w.app.says(410, nil)
	w.start("Hello")
	if !w.WebhooksOff() || w.Waiting() != 0 {
		t.Fatalf("off %v, %d wait", w.WebhooksOff(), w.Waiting())
	}
	w.app.says(200, nil)
	w.start("Unheard")
	if n := len(w.app.requests()); n != 1 {
		t.Errorf("%d requests after 410, want the one before it", n)
	}
	w.CheckEndpoint(t.Context())
	w.start("Heard again")
	if n := len(w.app.requests()); n != 3 {
		t.Errorf("%d requests, want the first, HEAD and the last", n)
	}
}

func TestSlowWebhookCountsAsFailed(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.WebhookBudget = 20 * time.Millisecond })
	w.app.says(200, func(r *http.Request) { <-r.Context().Done() })
	w.start("Hello")
	calls := w.Calls()
	if last := calls[len(calls)-1]; last.Problem == "" || last.Status != 0 || w.Waiting() != 1 {
		t.Errorf("%+v, %d wait", last, w.Waiting())
	}
}

func TestWebhookFaults(t *testing.T) {
	topics := func(calls []Call) (list []string) {
		for _, c := range calls {
			list = append(list, c.Topic[len("conversation."):])
		}
		return list
	}
	tests := []struct {
		fault WebhookFault
		want  string
		held  int
	}{
		{WebhookFault{Kind: Twice, Times: 1}, "admin.replied admin.replied admin.closed ", 0},
		{WebhookFault{Kind: Lose, Topic: "conversation.admin.closed"}, "admin.replied ", 0},
		{WebhookFault{Kind: Backwards}, "admin.closed admin.replied ", 0},
		{WebhookFault{Kind: Hold, Topic: "conversation.admin.replied"}, "admin.closed ", 1},
	}
	for _, tt := range tests {
		t.Run(tt.fault.Kind, func(t *testing.T) {
			w := newWorld(t)
			id := w.start("Hello")
			w.MisbehaveWebhooks(tt.fault)
			_, err := w.AdminReply(id, w.jane, "Hi")
			w.ok(err)
			_, err = w.Close(id, w.jane)
			w.ok(err)
			got := ""
			for _, topic := range topics(w.Deliver(t.Context())) {
				got += topic + " "
			}
			if got != tt.want || w.Waiting() != tt.held {
				t.Errorf("delivered %q, %d held; want %q, %d", got, w.Waiting(), tt.want, tt.held)
			}
			w.Behave()
			if left := w.Deliver(t.Context()); len(left) != tt.held {
				t.Errorf("after Behave %d came, want %d", len(left), tt.held)
			}
		})
	}
}

// Late webhooks and those that are gathered to go backwards come when their time has come, each once.
func TestWebhooksThatTakeTheirTime(t *testing.T) {
	for kind, want := range map[string]string{Late: "replied closed ", Backwards: "closed replied "} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t)
			id := w.start("Hello")
			w.MisbehaveWebhooks(WebhookFault{Kind: kind, Delay: time.Minute})
			got := ""
			deliver := func() {
				for _, c := range w.Deliver(t.Context()) {
					got += c.Topic[len("conversation.admin."):] + " "
				}
			}
			_, err := w.AdminReply(id, w.jane, "Hi")
			w.ok(err)
			deliver()
			w.clock.add(30 * time.Second)
			_, err = w.Close(id, w.jane)
			w.ok(err)
			deliver()
			if got != "" || w.Waiting() != 2 {
				t.Fatalf("came at once: %q, %d wait", got, w.Waiting())
			}
			for range 3 {
				w.clock.add(30 * time.Second)
				deliver()
			}
			if got != want || w.Waiting() != 0 {
				t.Errorf("delivered %q, %d wait; want %q", got, w.Waiting(), want)
			}
		})
	}
}

// What is held back does not keep Run busy, and comes as soon as Intercom behaves again.
func TestHeldWebhooksAreNotDue(t *testing.T) {
	for _, f := range []WebhookFault{{Kind: Hold}, {Kind: Late, Delay: time.Hour}, {Kind: Backwards, Delay: time.Hour}} {
		t.Run(f.Kind, func(t *testing.T) {
			w := newWorld(t)
			id := w.start("Hello")
			w.MisbehaveWebhooks(f)
			_, err := w.Close(id, w.jane)
			w.ok(err)
			w.Deliver(t.Context())
			if w.Waiting() != 1 || w.webhookDue() {
				t.Errorf("%d wait, due: %v", w.Waiting(), w.webhookDue())
			}
			w.Behave()
			if calls := w.Deliver(t.Context()); len(calls) != 1 || w.Waiting() != 0 {
				t.Errorf("%d came, %d wait", len(calls), w.Waiting())
			}
		})
	}
}

func TestOnlyInstalledWorkspacesAndTopicsTell(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.WebhookTopics = []string{"conversation.admin.closed"} })
	id := w.start("Hello")
	if len(w.app.requests()) != 0 {
		t.Error("told a topic that is not subscribed")
	}
	w.Revoke(DefaultWorkspace)
	_, err := w.Close(id, w.jane)
	w.ok(err)
	if w.Waiting() != 0 {
		t.Error("told an app that is not installed")
	}
}

func TestTopicsOfPeople(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	old := w.AddContact(DefaultWorkspace, Contact{ExternalID: "old"})
	w.ok(w.MergeContact(old.ID, w.sam))
	_, err := w.Tag(id, w.jane, "fraud")
	w.ok(err)
	w.ok(w.ArchiveContact(w.sam))
	w.ok(w.DeleteContact(w.sam))
	w.ok(w.DeleteConversation(id))
	w.Deliver(t.Context())
	items := map[string]any{}
	for _, r := range w.app.requests() {
		items[r.body["topic"].(string)] = at(t, r.body, "data", "item")
	}
	if at(t, items["contact.merged"], "merged_from", "id") != old.ID || at(t, items["contact.archived"], "archived") != true ||
		at(t, items["contact.deleted"], "deleted") != true || at(t, items["conversation.deleted"], "conversation_id") != id ||
		at(t, items["conversation_part.tag.created"], "tags_added", "tags", 0, "name") != "fraud" {
		t.Errorf("%v", items)
	}
	merged := w.call("GET", "/contacts/"+old.ID, "").want(t, 410, "contact_merged")
	if merged.header.Get("Link") != `</contacts/`+w.sam+`>; rel="canonical"` {
		t.Errorf("Link: %q", merged.header.Get("Link"))
	}
	w.call("GET", "/contacts/"+w.sam, "").want(t, 404, "not_found")
	deleted := w.call("GET", "/conversations/deleted", "").want(t, 200, "")
	if at(t, deleted.body, "conversations", 0, "id") != id {
		t.Errorf("deleted: %s", deleted.raw)
	}
}

// Run delivers by itself, and Wait sees it without sleeping.
func TestRunAndWait(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	done := make(chan struct{})
	go func() { w.Run(ctx); close(done) }()
	_, err := w.NewConversation(Start{Contact: w.sam, Text: "Hello"})
	w.ok(err)
	w.ok(w.Wait(ctx, func() bool { return len(w.app.requests()) == 1 && w.Waiting() == 0 }))
	stop()
	<-done
}
