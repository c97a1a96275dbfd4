package intercomtest

import (
	"context"
	"slices"
	"strings"
	"time"

	"rerate/internal/intercom/canvas"
)

// ConfigureCard is one step of the app's configuration, which a teammate goes through before a card is added. The first step has
// neither a canvas before it nor a component; the next ones answer the canvas of before. It ends when Results is there.
func (s *Server) ConfigureCard(ctx context.Context, workspace, admin, location string, before *CanvasResult, component string, values map[string]any) CanvasResult {
	s.mu.Lock()
	sp := s.mustSpace(workspace)
	a, err := sp.admin(admin)
	if err != nil {
		s.mu.Unlock()
		return CanvasResult{Problem: err.Error()}
	}
	r := canvasRequest{WorkspaceID: sp.ID, WorkspaceRegion: sp.Region, Admin: adminOf(a), Context: s.context(location, "", "en", "")}
	if before != nil {
		r.ComponentID, r.InputValues, r.CurrentCanvas = component, values, s.currentCanvas(before.raw)
	}
	s.mu.Unlock()

	result := s.ask(ctx, messengerConfigure, r)
	var answer canvas.ConfigureResponse
	if s.read(&result, &answer) {
		result.Results = answer.Results
		if answer.Canvas != nil {
			result.use(*answer.Canvas)
		}
	}
	return result
}

// AddToWorkflow puts the app's card into the workspace's workflow: initialize at authoring time, location operator and no conversation.
func (s *Server) AddToWorkflow(ctx context.Context, workspace string, options canvas.Values) CanvasResult {
	s.mu.Lock()
	sp := s.mustSpace(workspace)
	s.mu.Unlock()
	r := s.initialize(ctx, sp, "operator", "", options)
	if r.Problem == "" {
		s.lock()
		defer s.unlock()
		sp.workflow = s.cards[r.Card.ID]
	}
	return r
}

// RunWorkflow sends the workflow's card in a conversation: initialize once more, now with the conversation's id, and a bot part that
// holds the card.
func (s *Server) RunWorkflow(ctx context.Context, conversation string) CanvasResult {
	s.mu.Lock()
	c, sp, err := s.conversation(conversation)
	if err != nil || sp.workflow == nil {
		s.mu.Unlock()
		return CanvasResult{Problem: "the conversation or the workflow's card does not exist: call AddToWorkflow first"}
	}
	location, options := "conversation", sp.workflow.Options
	if s.opts.Quirks.OperatorAtRunTime {
		location = "operator"
	}
	s.mu.Unlock()
	r := s.initialize(ctx, sp, location, conversation, options)
	if r.Problem == "" {
		s.lock()
		defer s.unlock()
		p := s.addPart(c, Part{Type: "comment", Author: botAuthor(sp.ID), Card: s.cards[r.Card.ID]})
		s.tellConversation(c, "conversation.operator.replied", p)
	}
	return r
}

// Workflow is what a workspace built in Intercom's Workflows: begin when a teammate closes a conversation (never when a workflow does),
// wait, look whether a conversation attribute has a value, send the app's card.
type Workflow struct {
	Attribute string        // name of a conversation attribute; "" sends on every close
	Is        any           // the value it must have; compared by its text, as true with "true"
	Wait      time.Duration // between the close and the look; a reply or an opening in between ends the run
	Options   canvas.Values // card_creation_options, as configure gave them
}

// run is a workflow that has begun and waits for its time.
type run struct {
	conversation string
	close        string // the part with which it began
	due          time.Time
	passed       bool // the condition was looked at, and held
}

// SetWorkflow switches the workspace's workflow on. The card is authored at once: initialize with the location operator and no
// conversation. When the app's answer cannot be used nothing is switched on.
func (s *Server) SetWorkflow(ctx context.Context, workspace string, w Workflow) CanvasResult {
	r := s.AddToWorkflow(ctx, workspace, w.Options)
	if r.Problem == "" {
		s.lock()
		defer s.unlock()
		s.mustSpace(workspace).onClose = &w
	}
	return r
}

// StopWorkflow switches the workspace's workflow off; runs that wait end.
func (s *Server) StopWorkflow(workspace string) {
	s.lock()
	defer s.unlock()
	sp := s.mustSpace(workspace)
	sp.onClose, sp.runs = nil, nil
}

// WorkflowOf is the workflow that is switched on.
func (s *Server) WorkflowOf(workspace string) (Workflow, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sp := s.spaces[workspace]
	if sp == nil || sp.onClose == nil {
		return Workflow{}, false
	}
	return *sp.onClose, true
}

// beginWorkflow queues a run for a teammate's close; without a wait the condition is looked at now. It needs the lock.
func (s *Server) beginWorkflow(c *Conversation, p *Part) {
	sp := s.spaces[c.Workspace]
	if sp.onClose == nil || s.silent || p.Author.Type != "admin" {
		return
	}
	r := run{conversation: c.ID, close: p.ID, due: s.now().Add(sp.onClose.Wait)}
	if sp.onClose.Wait == 0 {
		if r.passed = sp.onClose.holds(c); !r.passed {
			return
		}
	}
	sp.runs = append(sp.runs, r)
}

func (w *Workflow) holds(c *Conversation) bool {
	return w.Attribute == "" || strings.EqualFold(text(c.Attributes[w.Attribute]), text(w.Is))
}

// RunWorkflows lets every run whose time has come go on: the card's run-time initialize, then the bot's message with the card. Run does
// this by itself.
func (s *Server) RunWorkflows(ctx context.Context) []CanvasResult {
	var results []CanvasResult
	for _, id := range s.dueRuns() {
		results = append(results, s.RunWorkflow(ctx, id))
	}
	return results
}

// dueRuns takes the conversations that get the card now.
func (s *Server) dueRuns() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var due []string
	for _, id := range s.spaceOrder {
		sp := s.spaces[id]
		sp.runs = slices.DeleteFunc(sp.runs, func(r run) bool {
			c := s.conversations[r.conversation]
			if c == nil || !stillClosedBy(c, r.close) {
				return true
			}
			if r.due.After(s.now()) {
				return false
			}
			if r.passed || sp.onClose.holds(c) {
				due = append(due, c.ID)
			}
			return true
		})
	}
	return due
}

// stillClosedBy says whether this close is the conversation's last one and nothing opened it since.
func stillClosedBy(c *Conversation, part string) bool {
	for _, p := range slices.Backward(c.Parts) {
		if p.ID == part {
			return true
		}
		if p.Type == "close" || p.State != "closed" {
			return false
		}
	}
	return false
}
