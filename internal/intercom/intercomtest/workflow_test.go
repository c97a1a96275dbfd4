package intercomtest

import (
	"testing"
	"time"
)

// cards counts the messages by a workflow that hold a card.
func (w *world) workflowCards(id string) int {
	n := 0
	c, _ := w.Conversation(id)
	for _, p := range c.Parts {
		if p.Author.Type == "bot" && p.Card != nil {
			n++
		}
	}
	return n
}

func TestWorkflowRunsOnClose(t *testing.T) {
	w := newWorld(t)
	w.AddAttribute(DefaultWorkspace, AttributeDefinition{Name: "Ask for a rating", Type: "boolean"})
	if r := w.SetWorkflow(t.Context(), DefaultWorkspace, Workflow{Attribute: "Ask for a rating", Is: true}); r.Problem != "" {
		t.Fatal(r.Problem)
	}
	if got := at(t, w.app.last(t).body, "context", "location"); got != "operator" {
		t.Errorf("authored in %v", got)
	}
	closeAndRun := func(id string, closing func() (Part, error)) int {
		_, err := closing()
		w.ok(err)
		w.RunWorkflows(t.Context())
		return w.workflowCards(id)
	}
	id := w.start("Hello")
	if n := closeAndRun(id, func() (Part, error) { return w.Close(id, w.jane) }); n != 0 {
		t.Errorf("%d cards although the attribute says nothing", n)
	}
	_, err := w.CustomerReply(id, w.sam, "Again")
	w.ok(err)
	w.ok(w.SetAttribute(id, "Ask for a rating", true))
	if n := closeAndRun(id, func() (Part, error) { return w.CloseByWorkflow(id) }); n != 0 {
		t.Errorf("%d cards after a workflow's own close", n)
	}
	_, err = w.CustomerReply(id, w.sam, "Again")
	w.ok(err)
	if n := closeAndRun(id, func() (Part, error) { return w.Close(id, w.jane) }); n != 1 {
		t.Fatalf("%d cards after the close, want 1", n)
	}
	last := w.app.last(t)
	if last.path != messengerInitialize || at(t, last.body, "context", "conversation_id") == nil || at(t, last.body, "context", "location") != "conversation" {
		t.Errorf("run-time initialize: %s", last.raw)
	}
	if c, _ := w.Conversation(id); c.State != "closed" {
		t.Errorf("the card made it %s", c.State)
	}
	w.RunWorkflows(t.Context())
	if n := w.workflowCards(id); n != 1 {
		t.Errorf("sent %d times", n)
	}
	w.StopWorkflow(DefaultWorkspace)
	_, err = w.CustomerReply(id, w.sam, "Again")
	w.ok(err)
	if n := closeAndRun(id, func() (Part, error) { return w.Close(id, w.jane) }); n != 1 {
		t.Errorf("ran although it is switched off: %d", n)
	}
}

// With a wait the attribute is looked at afterwards, and whoever opens the conversation in between ends the run.
func TestWorkflowWaits(t *testing.T) {
	w := newWorld(t)
	w.AddAttribute(DefaultWorkspace, AttributeDefinition{Name: "Ask", Type: "string"})
	w.SetWorkflow(t.Context(), DefaultWorkspace, Workflow{Attribute: "Ask", Is: "yes", Wait: time.Minute})
	id := w.start("Hello")
	run := func(after time.Duration) int {
		w.clock.add(after)
		w.RunWorkflows(t.Context())
		return w.workflowCards(id)
	}
	_, err := w.Close(id, w.jane)
	w.ok(err)
	w.ok(w.SetAttribute(id, "Ask", "yes"))
	if n := run(59 * time.Second); n != 0 {
		t.Error("did not wait")
	}
	if n := run(time.Second); n != 1 {
		t.Fatalf("%d cards after the wait", n)
	}
	_, err = w.CustomerReply(id, w.sam, "Wait")
	w.ok(err)
	_, err = w.Close(id, w.jane)
	w.ok(err)
	_, err = w.CustomerReply(id, w.sam, "Wait!")
	w.ok(err)
	if n := run(time.Minute); n != 1 {
		t.Error("sent into an open conversation")
	}
}
