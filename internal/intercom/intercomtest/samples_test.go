package intercomtest

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"rerate/internal/intercom/canvas"
)

// sample reads one of the bodies that were put together from captures and documents.
func sample(t *testing.T, name string) any {
	t.Helper()
	raw, err := os.ReadFile("../../../../shared/intercom-samples/" + name)
	if err != nil {
		t.Skip("the sample bodies are not beside the checkout: ", err)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// unlike lists the keys that the sample has and the body has not, and the values that are of another kind.
func unlike(sample, body any, path string) []string {
	kind := func(v any) string { return fmt.Sprintf("%T", v) }
	if sample == nil || body == nil {
		return nil
	}
	if kind(sample) != kind(body) {
		return []string{path + " is " + kind(body) + ", in the sample " + kind(sample)}
	}
	var out []string
	switch s := sample.(type) {
	case map[string]any:
		for key, value := range s {
			got, there := body.(map[string]any)[key]
			if !there {
				out = append(out, path+"/"+key+" is missing")
			}
			out = append(out, unlike(value, got, path+"/"+key)...)
		}
	case []any:
		if b := body.([]any); len(s) > 0 && len(b) > 0 {
			return unlike(s[0], b[0], path+"/0")
		}
	}
	return out
}

// TestBodiesAreLikeTheSamples sends one of everything and compares the keys and kinds of values with the samples.
func TestBodiesAreLikeTheSamples(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.start("My invoice is wrong")
	do := func(_ any, err error) { t.Helper(); w.ok(err) }
	do(w.Assign(id, w.jane, w.jane))
	do(w.AdminReply(id, w.jane, "<p>Fixed</p>"))
	do(w.Close(id, w.jane))
	do(w.RequestNativeRating(id))
	w.ok(w.RateNatively(id, w.sam, 2, "slow"))
	w.Deliver(ctx)
	do(w.Tag(id, w.jane, "no-csat"))
	do(w.CustomerReply(id, w.sam, "It happened again"))
	w.Ping(ctx, DefaultWorkspace)
	card := w.sendCard(id)
	w.CardSubmit(ctx, card.ID, w.sam, "rating", map[string]any{"rating": "5"})
	w.InboxAppOpen(ctx, id, w.jane, "")
	w.InboxAppSubmit(ctx, id, w.jane, "", "ask", nil)
	w.Deliver(ctx)
	gone := w.AddContact(DefaultWorkspace, Contact{ExternalID: "gone"})
	w.ok(w.ArchiveContact(gone.ID))
	w.ok(w.DeleteContact(gone.ID))
	w.ok(w.DeleteConversation(w.start("bye")))
	w.Deliver(ctx)
	w.AddToWorkflow(ctx, DefaultWorkspace, canvas.Values{"survey": "default"})
	w.AddHomeCard(ctx, DefaultWorkspace, nil)
	w.Uninstall(ctx, DefaultWorkspace)

	sent := map[string]map[string]any{}
	for _, r := range w.app.requests() {
		name := r.path
		if topic, ok := r.body["topic"].(string); ok {
			name = topic
		}
		if name == messengerInitialize {
			name += "/" + at(t, r.body, "context", "location").(string)
		}
		var body map[string]any
		w.ok(json.Unmarshal(r.raw, &body))
		sent[name] = body
	}
	for file, name := range map[string]string{
		"webhook-conversation.admin.assigned.json":      "conversation.admin.assigned",
		"webhook-conversation.admin.closed.json":        "conversation.admin.closed",
		"webhook-conversation.admin.replied.json":       "conversation.admin.replied",
		"webhook-conversation.rating.added.json":        "conversation.rating.added",
		"webhook-conversation.user.created.json":        "conversation.user.created",
		"webhook-conversation.user.replied-reopen.json": "conversation.user.replied",
		"webhook-conversation_part.tag.created.json":    "conversation_part.tag.created",
		"webhook-conversation.deleted.json":             "conversation.deleted",
		"webhook-contact.archived.json":                 "contact.archived",
		"webhook-contact.deleted.json":                  "contact.deleted",
		"webhook-ping.json":                             "ping",
		"initialize-messenger-conversation.json":        messengerInitialize + "/conversation",
		"initialize-messenger-home.json":                messengerInitialize + "/home",
		"initialize-messenger-operator-authoring.json":  messengerInitialize + "/operator",
		"submit-request-messenger.json":                 messengerSubmit,
		"initialize-inbox.json":                         inboxInitialize,
		"submit-request-inbox.json":                     inboxSubmit,
		"uninstall-notification.json":                   "/intercom/uninstall",
	} {
		body, there := sent[name]
		if !there {
			t.Errorf("%s was not sent", name)
			continue
		}
		want := sample(t, file).(map[string]any)
		if file[:4] != "webh" { // the samples carry the person under all three keys, and context in the Inbox: those are Quirks
			for _, key := range []string{"user", "contact", "customer", "context"} {
				if _, there := body[key]; !there {
					delete(want, key)
				}
			}
			delete(want, "current_canvas") // another app's
		}
		for _, difference := range unlike(want, body, "") {
			t.Errorf("%s: %s", file, difference)
		}
	}
}
