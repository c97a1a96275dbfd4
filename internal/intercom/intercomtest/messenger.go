package intercomtest

import (
	"context"
	"encoding/json"
	"time"

	"rerate/internal/intercom/canvas"
)

// CardSubmit is a customer's use of a card in a conversation (or on Home): a tap on the component with the values that all fields of
// the card have. The app's canvas replaces the card's. contact may be an admin's id: a teammate who tries the card in the Inbox; the
// request then carries admin in place of user, which no document describes.
func (s *Server) CardSubmit(ctx context.Context, card, contact, component string, values map[string]any) CanvasResult {
	s.mu.Lock()
	c := s.cards[card]
	if c == nil {
		s.mu.Unlock()
		return CanvasResult{Problem: "there is no such card"}
	}
	r := s.cardRequest(c, contact)
	r.ComponentID, r.InputValues, r.CurrentCanvas = component, values, s.currentCanvas(c.raw)
	if r.InputValues == nil {
		r.InputValues = map[string]any{}
	}
	s.mu.Unlock()

	result := s.ask(ctx, messengerSubmit, r)
	var answer canvas.SubmitResponse
	if s.read(&result, &answer) {
		result.use(answer.Canvas)
		result.Event = answer.Event
	}
	return s.keep(c, result)
}

// ViewCard is a look at a card. Of a live canvas the app is asked for the content of this contact; other cards stay as they are.
func (s *Server) ViewCard(ctx context.Context, card, contact string) CanvasResult {
	s.mu.Lock()
	c := s.cards[card]
	if c == nil {
		s.mu.Unlock()
		return CanvasResult{Problem: "there is no such card"}
	}
	if c.Canvas.ContentURL == "" {
		defer s.mu.Unlock()
		return CanvasResult{Card: *c, Canvas: &c.Canvas, Shown: c.Canvas.Content, Problem: c.Problem}
	}
	r := s.cardRequest(c, contact)
	if r.User != nil && r.Contact == nil && r.Customer == nil {
		r.Contact, r.User = r.User, nil
	}
	r.Canvas = c.raw
	url := c.Canvas.ContentURL
	s.mu.Unlock()

	result := s.askAt(ctx, url, pathOf(url), r)
	var answer canvas.LiveResponse
	good := s.read(&result, &answer)
	s.lock()
	defer s.unlock()
	c.Problem = result.Problem
	if good {
		c.Live = &answer.Content
	}
	result.Card, result.Canvas, result.Shown = *c, &c.Canvas, c.Live
	return result
}

// cardRequest needs the lock.
func (s *Server) cardRequest(c *Card, person string) canvasRequest {
	sp := s.spaces[c.Workspace]
	r := canvasRequest{WorkspaceID: sp.ID, WorkspaceRegion: sp.Region}
	locale, referrer := "en", ""
	if conv := s.conversations[c.Conversation]; conv != nil {
		referrer = conv.Source.URL
	}
	if contact := s.contacts[person]; contact != nil {
		locale = contact.Locale
		s.withPerson(&r, "user", contact)
	} else if admin, err := sp.admin(person); err == nil {
		r.Admin = adminOf(admin)
	}
	r.Context = s.context(c.Location, c.Conversation, locale, referrer)
	return r
}

// initialize asks for a new card. It carries no person: Intercom's Messenger initialize has none.
func (s *Server) initialize(ctx context.Context, sp *space, location, conversation string, options canvas.Values) CanvasResult {
	s.mu.Lock()
	if options == nil {
		options = canvas.Values{}
	}
	locale, referrer := "en", ""
	if c := s.conversations[conversation]; c != nil {
		locale, referrer = s.contacts[c.Contacts[0]].Locale, c.Source.URL
	}
	r := canvasRequest{
		WorkspaceID: sp.ID, WorkspaceRegion: sp.Region, CardCreationOptions: &options,
		Context: s.context(location, conversation, locale, referrer),
	}
	s.mu.Unlock()

	result := s.ask(ctx, messengerInitialize, r)
	var answer canvas.InitializeResponse
	if !s.read(&result, &answer) {
		return result
	}
	result.use(answer.Canvas)
	s.lock()
	defer s.unlock()
	card := &Card{
		ID: s.ids.card(), Workspace: sp.ID, Conversation: conversation, Location: location, Options: options,
		Canvas: answer.Canvas, CreatedAt: s.now(), raw: result.raw,
	}
	s.cards[card.ID] = card
	result.Card = *card
	return result
}

// keep writes what came of a submit into the card.
func (s *Server) keep(c *Card, r CanvasResult) CanvasResult {
	s.lock()
	defer s.unlock()
	c.Problem = r.Problem
	if r.Canvas != nil {
		c.Canvas, c.raw, c.Live = *r.Canvas, r.raw, nil
		c.Completed = c.Completed || r.Event == canvas.Completed
		c.SubmittedAt = s.now()
	}
	r.Card, r.Shown = *c, c.Shown()
	return r
}

// replay is for tests of replays: it sends the bytes of an earlier call again, signed again, to the same or another path.
func (s *Server) replay(ctx context.Context, call Call, path string) Call {
	return s.send(ctx, outgoing{
		kind: call.Kind, workspace: call.Workspace, method: call.Method, url: s.opts.AppURL + path, path: path, body: json.RawMessage(call.Request),
		header: s.signed(call.Request), budget: 10 * time.Second,
	})
}

// Replay sends the bytes of an earlier Canvas Kit call again, to its own path when path is "". Signatures have no time, so an
// eavesdropper could.
func (s *Server) Replay(ctx context.Context, call Call, path string) Call {
	if path == "" {
		path = call.Path
	}
	return s.replay(ctx, call, path)
}
