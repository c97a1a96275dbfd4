package intercomtest

import (
	"context"
	"encoding/json"

	"rerate/internal/intercom/canvas"
)

// panel is the app in the sidebar of one conversation, as one teammate sees it for one contact.
type panel struct {
	result CanvasResult
	raw    json.RawMessage
}

func panelKey(conversation, admin, contact string) string {
	return conversation + "/" + admin + "/" + contact
}

// InboxAppOpen is a teammate's look at a conversation with the app in its details: one initialize. An empty contact is the first one;
// in a group conversation Intercom sends one initialize for each participant.
func (s *Server) InboxAppOpen(ctx context.Context, conversation, admin, contact string) CanvasResult {
	r, key, sp, err := s.inboxRequest(conversation, admin, contact)
	if err != nil {
		return CanvasResult{Problem: err.Error()}
	}
	result := s.ask(ctx, inboxInitialize, r)
	var answer canvas.InitializeResponse
	if s.read(&result, &answer) {
		result.use(answer.Canvas)
	}
	return s.keepPanel(sp, key, result)
}

// InboxAppSubmit is a teammate's use of the app in the sidebar. When the app answers with card_creation_options, the Messenger's
// initialize follows and its card lands in the composer (Then, and Draft afterwards).
func (s *Server) InboxAppSubmit(ctx context.Context, conversation, admin, contact, component string, values map[string]any) CanvasResult {
	r, key, sp, err := s.inboxRequest(conversation, admin, contact)
	if err != nil {
		return CanvasResult{Problem: err.Error()}
	}
	s.mu.Lock()
	before := sp.panels[key]
	if before == nil || before.raw == nil {
		s.mu.Unlock()
		return CanvasResult{Problem: "the app was not opened in this conversation yet: call InboxAppOpen first"}
	}
	r.ComponentID, r.InputValues, r.CurrentCanvas = component, values, s.currentCanvas(before.raw)
	if r.InputValues == nil {
		r.InputValues = map[string]any{}
	}
	s.mu.Unlock()

	result := s.ask(ctx, inboxSubmit, r)
	var answer canvas.InboxSubmitResponse
	if s.read(&result, &answer) {
		result.use(answer.Canvas)
		result.Event, result.Options = answer.Event, answer.CardCreationOptions
	}
	result = s.keepPanel(sp, key, result)
	if result.Options != nil {
		then := s.InsertCardInComposer(ctx, conversation, admin, result.Options)
		result.Then = &then
	}
	return result
}

// InboxPanel returns what the sidebar shows now.
func (s *Server) InboxPanel(conversation, admin, contact string) (CanvasResult, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conversations[conversation]
	if c == nil {
		return CanvasResult{}, false
	}
	if contact == "" {
		contact = c.Contacts[0]
	}
	p := s.spaces[c.Workspace].panels[panelKey(conversation, admin, contact)]
	if p == nil {
		return CanvasResult{}, false
	}
	return p.result, true
}

// InsertCardInComposer asks for a new card of the conversation and puts it into the composer, as the composer's app picker does.
func (s *Server) InsertCardInComposer(ctx context.Context, conversation, admin string, options canvas.Values) CanvasResult {
	s.mu.Lock()
	_, sp, err := s.conversation(conversation)
	s.mu.Unlock()
	if err != nil {
		return CanvasResult{Problem: err.Error()}
	}
	r := s.initialize(ctx, sp, "conversation", conversation, options)
	if r.Problem == "" {
		s.lock()
		defer s.unlock()
		sp.drafts[conversation] = &Draft{Conversation: conversation, Admin: admin, Card: s.cards[r.Card.ID]}
	}
	return r
}

// SendComposer sends what stands in the composer, the card and an optional text, as a reply of the teammate.
func (s *Server) SendComposer(conversation, admin, text string) (Part, error) {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return Part{}, err
	}
	a, err := sp.admin(admin)
	if err != nil {
		return Part{}, err
	}
	d := sp.drafts[conversation]
	if d == nil && text == "" {
		return Part{}, invalid("Body is required")
	}
	with := Part{}
	if d != nil {
		with.Card = d.Card
		delete(sp.drafts, conversation)
	}
	return copyPart(s.adminReplied(c, a, paragraph(text), with)), nil
}

// DiscardDraft empties the composer.
func (s *Server) DiscardDraft(conversation string) {
	s.lock()
	defer s.unlock()
	if c := s.conversations[conversation]; c != nil {
		delete(s.spaces[c.Workspace].drafts, conversation)
	}
}

func (s *Server) inboxRequest(conversation, admin, contact string) (canvasRequest, string, *space, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return canvasRequest{}, "", nil, err
	}
	a, err := sp.admin(admin)
	if err != nil {
		return canvasRequest{}, "", nil, err
	}
	if contact == "" {
		contact = c.Contacts[0]
	}
	who, err := s.contact(sp, contact)
	if err != nil {
		return canvasRequest{}, "", nil, err
	}
	conv := s.restConversation(c, s.appVersion(), nil)
	r := canvasRequest{WorkspaceID: sp.ID, WorkspaceRegion: sp.Region, Admin: adminOf(a), Conversation: &conv}
	s.withPerson(&r, "contact", who)
	if s.opts.Quirks.InboxContext {
		r.Context = &canvasContext{Location: "conversation", ConversationID: s.conversationNumber(c.ID)}
	}
	return r, panelKey(c.ID, a.ID, who.ID), sp, nil
}

func (s *Server) keepPanel(sp *space, key string, r CanvasResult) CanvasResult {
	s.lock()
	defer s.unlock()
	p := sp.panels[key]
	if p == nil {
		p = &panel{}
		sp.panels[key] = p
	}
	if r.raw != nil {
		p.raw = r.raw
	} else if p.result.Shown != nil {
		r.Shown = p.result.Shown
	}
	p.result = r
	return r
}
