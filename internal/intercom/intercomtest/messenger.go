package intercomtest

import (
	"cmp"
	"context"

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
	return s.keep(c, result, Tap{Component: component, Values: values})
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
	locale, referrer := "en", s.referrer(c.Location, c.Conversation)
	if contact := s.contacts[person]; contact != nil {
		locale = contact.Locale
		s.withPerson(&r, "user", contact)
	} else if admin, err := sp.admin(person); err == nil {
		r.Admin = adminOf(admin)
	}
	r.Context = s.context(c.Location, c.Conversation, locale, referrer)
	return r
}

// referrer is the page on which the Messenger stands; a workflow that is being built has none. It needs the lock.
func (s *Server) referrer(location, conversation string) string {
	if c := s.conversations[conversation]; c != nil {
		return cmp.Or(c.Source.URL, shopAddress)
	}
	if location == "home" {
		return shopAddress
	}
	return ""
}

const shopAddress = "https://shop.example.com/"

// initialize asks for a new card. It carries no person: Intercom's Messenger initialize has none.
func (s *Server) initialize(ctx context.Context, sp *space, location, conversation string, options canvas.Values) CanvasResult {
	s.mu.Lock()
	if options == nil {
		options = canvas.Values{}
	}
	locale := "en"
	if c := s.conversations[conversation]; c != nil {
		locale = s.contacts[c.Contacts[0]].Locale
	}
	r := canvasRequest{
		WorkspaceID: sp.ID, WorkspaceRegion: sp.Region, CardCreationOptions: &options,
		Context: s.context(location, conversation, locale, s.referrer(location, conversation)),
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
func (s *Server) keep(c *Card, r CanvasResult, tap Tap) CanvasResult {
	s.lock()
	defer s.unlock()
	c.Problem = r.Problem
	if r.Canvas != nil {
		c.Canvas, c.raw, c.Live = *r.Canvas, r.raw, nil
		c.Completed = c.Completed || r.Event == canvas.Completed
		c.SubmittedAt = s.now()
		tap.At, tap.Saved = c.SubmittedAt, savedOption(r.Canvas.Content)
		c.Taps = append(c.Taps, tap)
	}
	r.Card, r.Shown = *c, c.Shown()
	return r
}

// savedOption is the choice of the first select that is shown as saved.
func savedOption(c *canvas.Content) string {
	if c == nil {
		return ""
	}
	for _, component := range c.Components {
		if choice, ok := component.(canvas.SingleSelect); ok && choice.SaveState == "saved" {
			return choice.Value
		}
	}
	return ""
}

// Replay sends the bytes of an earlier Canvas Kit call again, to another path or, with path "", to its own. Signatures have no time, so
// an eavesdropper could.
func (s *Server) Replay(ctx context.Context, call Call, path string) Call {
	path = cmp.Or(path, call.Path)
	s.mu.Lock()
	o := outgoing{
		kind: call.Kind, workspace: call.Workspace, method: call.Method, url: s.opts.AppURL + path, path: path, body: call.Request,
		header: s.signed(call.Request), budget: s.opts.CanvasBudget,
	}
	s.mu.Unlock()
	return s.send(ctx, o)
}
