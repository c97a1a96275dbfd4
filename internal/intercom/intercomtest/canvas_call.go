package intercomtest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"rerate/internal/intercom/canvas"
)

// The app's Canvas Kit addresses, as the Developer Hub would hold them.
const (
	messengerInitialize = "/canvas/messenger/initialize"
	messengerSubmit     = "/canvas/messenger/submit"
	messengerConfigure  = "/canvas/messenger/configure"
	inboxInitialize     = "/canvas/inbox/initialize"
	inboxSubmit         = "/canvas/inbox/submit"
)

// canvasRequest holds every key that a Canvas Kit request may have (developers.intercom.com/docs/canvas-kit); each call fills its own.
type canvasRequest struct {
	WorkspaceID         string            `json:"workspace_id"`
	WorkspaceRegion     string            `json:"workspace_region"`
	ComponentID         string            `json:"component_id,omitempty"`
	CardCreationOptions *canvas.Values    `json:"card_creation_options,omitempty"`
	Admin               *adminJSON        `json:"admin,omitempty"`
	Context             *canvasContext    `json:"context,omitempty"`
	Conversation        *conversationJSON `json:"conversation,omitempty"`
	CurrentCanvas       json.RawMessage   `json:"current_canvas,omitempty"`
	Canvas              json.RawMessage   `json:"canvas,omitempty"`
	InputValues         map[string]any    `json:"input_values,omitzero"`
	User                *contactJSON      `json:"user,omitempty"`
	Contact             *contactJSON      `json:"contact,omitempty"`
	Customer            *contactJSON      `json:"customer,omitempty"`
}

// canvasContext is context (…/docs/canvas-kit, "Context"). Its keys depend on the location.
type canvasContext struct {
	ConversationID   any    `json:"conversation_id,omitempty"`
	Location         string `json:"location"`
	Locale           string `json:"locale,omitempty"`
	ActionColour     string `json:"messenger_action_colour,omitempty"`
	BackgroundColour string `json:"messenger_background_colour,omitempty"`
	ActionColor      string `json:"messenger_action_color,omitempty"`
	BackgroundColor  string `json:"messenger_background_color,omitempty"`
	Referrer         string `json:"referrer,omitempty"`
}

const messengerColour = "#0057ff"

// context needs the lock.
func (s *Server) context(location, conversation, locale, referrer string) *canvasContext {
	c := &canvasContext{Location: location, Locale: locale, Referrer: referrer}
	if s.opts.Quirks.AmericanColour {
		c.ActionColor, c.BackgroundColor = messengerColour, messengerColour
	} else {
		c.ActionColour, c.BackgroundColour = messengerColour, messengerColour
	}
	if conversation != "" {
		c.ConversationID = s.conversationNumber(conversation)
	}
	return c
}

func (s *Server) conversationNumber(id string) any {
	if n, err := strconv.ParseInt(id, 10, 64); err == nil && !s.opts.Quirks.ConversationIDAsString {
		return n
	}
	return id
}

// withPerson puts the contact under the documented key, or under the one that Quirks.PersonKey names.
func (s *Server) withPerson(r *canvasRequest, documented string, c *Contact) {
	if c == nil {
		return
	}
	person := s.contactJSON(c)
	key := documented
	if s.opts.Quirks.PersonKey != "" {
		key = s.opts.Quirks.PersonKey
	}
	if key == "user" || key == "all" {
		r.User = person
	}
	if key == "contact" || key == "all" {
		r.Contact = person
	}
	if key == "customer" || key == "all" {
		r.Customer = person
	}
}

func (s *Server) currentCanvas(raw json.RawMessage) json.RawMessage {
	if s.opts.Quirks.WrappedCurrentCanvas {
		return encode(map[string]json.RawMessage{"current_canvas": raw})
	}
	return raw
}

// ask sends one Canvas Kit request. The lock must not be held: the app may call back.
func (s *Server) ask(ctx context.Context, path string, r canvasRequest) CanvasResult {
	s.mu.Lock()
	url := s.opts.AppURL + path
	s.mu.Unlock()
	return s.askAt(ctx, url, path, r)
}

func (s *Server) askAt(ctx context.Context, url, path string, r canvasRequest) CanvasResult {
	body := encode(r)
	o := outgoing{
		kind: KindCanvas, workspace: r.WorkspaceID, method: "POST", url: url, path: path, body: body,
		header: s.signed(body), budget: s.opts.CanvasBudget,
	}
	call, lost := s.sufferCanvas(ctx, o)
	if !lost {
		call = s.send(ctx, o)
	}
	return CanvasResult{Call: call, Problem: call.Problem}
}

// canvasAnswer is any answer of the app.
type canvasAnswer interface{ Validate() error }

// read decodes the app's answer into v and validates it. A fault is added to the recorded call too.
func (s *Server) read(r *CanvasResult, v canvasAnswer) bool {
	if r.Problem == "" {
		if err := json.Unmarshal(r.Call.Answer, v); err != nil {
			r.Problem = "the app's answer is not a canvas: " + err.Error()
		} else if err := v.Validate(); err != nil {
			r.Problem = fmt.Sprintf("Intercom would not show the app's answer: %v", err)
		}
		if r.Problem != "" {
			s.amend(r.Call.Number, r.Problem)
			r.Call.Problem = r.Problem
		}
	}
	return r.Problem == ""
}

func (s *Server) amend(number int, problem string) {
	s.lock()
	defer s.unlock()
	for i := range s.calls {
		if s.calls[i].Number == number {
			s.calls[i].Problem = problem
		}
	}
}

// use keeps the canvas of a good answer in the result, with the bytes in which the app wrote it.
func (r *CanvasResult) use(c canvas.Canvas) {
	var answer struct {
		Canvas json.RawMessage `json:"canvas"`
	}
	_ = json.Unmarshal(r.Call.Answer, &answer) // it was decoded once already
	r.Canvas, r.Shown, r.raw = &c, c.Content, answer.Canvas
}
