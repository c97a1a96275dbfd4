package intercomtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/canvas"
)

// sendCard puts a card into the conversation by way of the composer.
func (w *world) sendCard(conversation string) Card {
	w.t.Helper()
	if r := w.InsertCardInComposer(w.t.Context(), conversation, w.jane, canvas.Values{"survey": "default"}); r.Problem != "" {
		w.t.Fatal(r.Problem)
	}
	p, err := w.SendComposer(conversation, w.jane, "How did we do?")
	w.ok(err)
	return *p.Card
}

func TestInitializeHasNoPerson(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	card := w.sendCard(id)
	got := w.app.last(t)
	mac := hmac.New(sha256.New, []byte("sandbox-secret"))
	mac.Write(got.raw)
	if want := hex.EncodeToString(mac.Sum(nil)); got.header.Get("X-Body-Signature") != want {
		t.Errorf("signature %s, want %s", got.header.Get("X-Body-Signature"), want)
	}
	b := got.body
	if b["contact"] != nil || b["user"] != nil || b["customer"] != nil || b["admin"] != nil || got.path != "/canvas/messenger/initialize" {
		t.Errorf("initialize carries a person: %s", got.raw)
	}
	if at(t, b, "context", "conversation_id") != json.Number(id) || at(t, b, "context", "location") != "conversation" ||
		at(t, b, "card_creation_options", "survey") != "default" || at(t, b, "context", "messenger_action_colour") == nil {
		t.Errorf("initialize: %s", got.raw)
	}
	if card.Shown() == nil || len(card.Shown().Components) != 1 {
		t.Errorf("card: %+v", card)
	}
	c, _ := w.Conversation(id)
	if p := c.Parts[len(c.Parts)-1]; p.Card == nil || p.Card.ID != card.ID || p.Type != "comment" {
		t.Errorf("the card's part: %+v", p)
	}
	if _, there := w.Draft(id); there {
		t.Error("the composer still holds what was sent")
	}
}

func TestSubmitReplacesTheCanvas(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	card := w.sendCard(id)
	w.app.says(200, map[string]any{
		"canvas": map[string]any{"content": map[string]any{"components": []any{map[string]any{"type": "text", "text": "Thanks 😍"}}}},
		"event":  map[string]any{"type": "completed"},
	})
	r := w.CardSubmit(t.Context(), card.ID, w.sam, "rating", map[string]any{"rating": "5"})
	if r.Problem != "" || r.Event != canvas.Completed || !r.Card.Completed {
		t.Fatalf("%+v", r)
	}
	b := w.app.last(t).body
	if at(t, b, "user", "id") != w.sam || b["contact"] != nil || b["component_id"] != "rating" || at(t, b, "input_values", "rating") != "5" ||
		at(t, b, "current_canvas", "stored_data", "seal") != "v1.<a/b>.é" {
		t.Errorf("submit: %s", w.app.last(t).raw)
	}
	if now, _ := w.Card(card.ID); now.Shown().Components[0].(canvas.Text).Text != "Thanks 😍" {
		t.Errorf("card: %+v", now)
	}
	before, _ := w.Conversation(id)
	w.CardSubmit(t.Context(), card.ID, w.jane, "rating", nil)
	if b := w.app.last(t).body; at(t, b, "admin", "id") != w.jane || b["user"] != nil {
		t.Errorf("a teammate's submit: %s", w.app.last(t).raw)
	}
	if after, _ := w.Conversation(id); len(after.Parts) != len(before.Parts) || after.State != before.State {
		t.Error("a submit changed the conversation")
	}
}

func TestQuirksOfCanvasCalls(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	card := w.sendCard(id)
	w.SetQuirks(Quirks{ConversationIDAsString: true, AmericanColour: true, PersonKey: "all", WrappedCurrentCanvas: true, InboxContext: true})
	w.CardSubmit(t.Context(), card.ID, w.sam, "rating", nil)
	b := w.app.last(t).body
	if at(t, b, "context", "conversation_id") != id || at(t, b, "context", "messenger_action_color") == nil ||
		at(t, b, "user", "id") != w.sam || at(t, b, "customer", "id") != w.sam || at(t, b, "contact", "id") != w.sam ||
		at(t, b, "current_canvas", "current_canvas", "content") == nil {
		t.Errorf("%s", w.app.last(t).raw)
	}
	w.SetQuirks(Quirks{PersonKey: "customer", InboxContext: true})
	w.InboxAppOpen(t.Context(), id, w.jane, "")
	if b := w.app.last(t).body; at(t, b, "customer", "id") != w.sam || b["contact"] != nil || at(t, b, "context", "location") != "conversation" {
		t.Errorf("%s", w.app.last(t).raw)
	}
}

func TestAnswersThatCannotBeShown(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.CanvasBudget = 200 * time.Millisecond })
	id := w.start("Hello")
	card := w.sendCard(id)
	button := func(style string) any {
		return map[string]any{"canvas": map[string]any{"content": map[string]any{"components": []any{
			map[string]any{"type": "button", "id": "b", "label": "B", "style": style, "action": map[string]any{"type": "submit"}},
		}}}}
	}
	big := map[string]any{"canvas": map[string]any{"content": map[string]any{"components": []any{map[string]any{"type": "text", "text": strings.Repeat("x", 70000)}}}}}
	tests := []struct {
		name   string
		status int
		answer any
		why    string
	}{
		{"wrong style", 200, button("huge"), "style"},
		{"too big", 200, big, "65536"},
		{"no canvas", 200, map[string]any{}, "content"},
		{"no JSON", 200, "text", "not a canvas"},
		{"an error", 500, nil, "500"},
		{"a bad signature", 401, button("primary"), "401"},
		{"too slow", 200, func(r *http.Request) { <-r.Context().Done() }, "within"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.app.says(tt.status, tt.answer)
			r := w.CardSubmit(t.Context(), card.ID, w.sam, "rating", nil)
			if !strings.Contains(r.Problem, tt.why) || r.Card.Problem != r.Problem || r.Card.Shown() == nil {
				t.Errorf("problem %q; card %q", r.Problem, r.Card.Problem)
			}
			calls := w.Calls()
			if last := calls[len(calls)-1]; last.Problem != r.Problem {
				t.Errorf("recorded %q", last.Problem)
			}
		})
	}
	w.app.says(200, button("primary"))
	if r := w.CardSubmit(t.Context(), card.ID, w.sam, "rating", nil); r.Problem != "" || r.Card.Problem != "" {
		t.Errorf("after good answers: %+v", r)
	}
}

func TestInboxAppPutsACardIntoTheComposer(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	if r := w.InboxAppSubmit(t.Context(), id, w.jane, "", "ask", nil); r.Problem == "" {
		t.Error("a submit without an initialize before it")
	}
	r := w.InboxAppOpen(t.Context(), id, w.jane, "")
	b := w.app.last(t).body
	if r.Problem != "" || at(t, b, "admin", "id") != w.jane || at(t, b, "conversation", "id") != id || at(t, b, "contact", "id") != w.sam || b["context"] != nil {
		t.Fatalf("%s %s", r.Problem, w.app.last(t).raw)
	}
	w.app.mu.Lock()
	w.app.answer = func(path string, _ map[string]any) (int, any) {
		if path == "/canvas/inbox/submit" {
			return 200, map[string]any{
				"canvas":                map[string]any{"content": map[string]any{"components": []any{map[string]any{"type": "text", "text": "Added"}}}},
				"card_creation_options": map[string]any{"by": "jane"},
			}
		}
		return 200, ratingCanvas()
	}
	w.app.mu.Unlock()
	r = w.InboxAppSubmit(t.Context(), id, w.jane, "", "ask", nil)
	if r.Problem != "" || r.Then == nil || r.Then.Problem != "" {
		t.Fatalf("%+v", r)
	}
	if d, ok := w.Draft(id); !ok || d.Card == nil || d.Card.Options.Text("by") != "jane" {
		t.Errorf("draft: %+v", d)
	}
	if panel, ok := w.InboxPanel(id, w.jane, ""); !ok || panel.Shown.Components[0].(canvas.Text).Text != "Added" {
		t.Errorf("panel: %+v", panel)
	}
	w.DiscardDraft(id)
	if _, err := w.SendComposer(id, w.jane, ""); err == nil {
		t.Error("sent an empty composer")
	}
}

func TestConfigureAndWorkflow(t *testing.T) {
	w := newWorld(t)
	w.app.says(200, map[string]any{"canvas": map[string]any{"content": map[string]any{"components": []any{
		map[string]any{"type": "button", "id": "save", "label": "Add", "action": map[string]any{"type": "submit"}},
	}}}})
	step := w.ConfigureCard(t.Context(), DefaultWorkspace, w.jane, "operator", nil, "", nil)
	if b := w.app.last(t).body; step.Problem != "" || b["component_id"] != nil || b["current_canvas"] != nil || at(t, b, "admin", "id") != w.jane {
		t.Fatalf("%s %s", step.Problem, w.app.last(t).raw)
	}
	w.app.says(200, map[string]any{"results": map[string]any{"survey": "short"}})
	end := w.ConfigureCard(t.Context(), DefaultWorkspace, w.jane, "operator", &step, "save", map[string]any{})
	if end.Problem != "" || end.Results.Text("survey") != "short" || w.app.last(t).body["component_id"] != "save" {
		t.Fatalf("%+v", end)
	}
	w.app.says(200, ratingCanvas())
	if r := w.AddToWorkflow(t.Context(), DefaultWorkspace, end.Results); r.Problem != "" {
		t.Fatal(r.Problem)
	}
	if b := w.app.last(t).body; at(t, b, "context", "location") != "operator" || at(t, b, "context").(map[string]any)["conversation_id"] != nil {
		t.Errorf("authoring: %s", w.app.last(t).raw)
	}
	id := w.start("Hello")
	r := w.RunWorkflow(t.Context(), id)
	if b := w.app.last(t).body; r.Problem != "" || at(t, b, "context", "conversation_id") != json.Number(id) || at(t, b, "card_creation_options", "survey") != "short" {
		t.Errorf("run time: %s %s", r.Problem, w.app.last(t).raw)
	}
	if c, _ := w.Conversation(id); c.Parts[len(c.Parts)-1].Card == nil || c.Parts[len(c.Parts)-1].Author.Type != "bot" {
		t.Error("the workflow sent no card")
	}
}

func TestHomeAsksLiveForEachContact(t *testing.T) {
	w := newWorld(t)
	w.app.mu.Lock()
	w.app.answer = func(path string, body map[string]any) (int, any) {
		if path == "/canvas/messenger/live" {
			name := body["contact"].(map[string]any)["name"].(string)
			return 200, map[string]any{"content": map[string]any{"components": []any{map[string]any{"type": "text", "text": "Hi " + name}}}}
		}
		return 200, map[string]any{"canvas": map[string]any{"content_url": w.app.URL + "/canvas/messenger/live", "stored_data": map[string]any{"v": 1}}}
	}
	w.app.mu.Unlock()
	r := w.OpenMessengerHome(t.Context(), w.sam)
	if r.Problem != "" || r.Shown.Components[0].(canvas.Text).Text != "Hi Sam Customer" {
		t.Fatalf("%+v", r)
	}
	live := w.app.last(t).body
	if at(t, live, "canvas", "content_url") == nil || at(t, live, "contact", "id") != w.sam || at(t, live, "context", "location") != "home" {
		t.Errorf("live: %s", w.app.last(t).raw)
	}
	other := w.AddContact(DefaultWorkspace, Contact{Name: "Ida"})
	if r := w.OpenMessengerHome(t.Context(), other.ID); r.Shown.Components[0].(canvas.Text).Text != "Hi Ida" || r.Call.Path != "/canvas/messenger/live" {
		t.Errorf("%+v", r)
	}
	w.app.says(200, ratingCanvas())
	if r := w.CardSubmit(t.Context(), r.Card.ID, w.sam, "x", nil); r.Problem != "" || at(t, w.app.last(t).body, "context", "location") != "home" {
		t.Errorf("%+v", r)
	}
}

func TestReplaySendsTheSameBytes(t *testing.T) {
	w := newWorld(t)
	card := w.sendCard(w.start("Hello"))
	first := w.CardSubmit(t.Context(), card.ID, w.sam, "rating", map[string]any{"rating": "1"})
	w.Replay(t.Context(), first.Call, "/canvas/inbox/submit")
	got := w.app.last(t)
	if string(got.raw) != string(first.Call.Request) || got.path != "/canvas/inbox/submit" || got.header.Get("X-Body-Signature") == "" {
		t.Errorf("%s %s", got.path, got.raw)
	}
}
