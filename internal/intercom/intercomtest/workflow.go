package intercomtest

import (
	"context"

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
