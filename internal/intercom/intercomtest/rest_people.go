package intercomtest

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

func (s *Server) getMe(in *restRequest) (any, error) {
	a, err := in.sp.admin(in.admin)
	if err != nil {
		return nil, err
	}
	return meOf(a, in.sp), nil
}

func (s *Server) listAdmins(in *restRequest) (any, error) {
	list := make([]*adminJSON, len(in.sp.admins))
	for i, a := range in.sp.admins {
		list[i] = adminOf(a)
	}
	return map[string]any{"type": "admin.list", "admins": list}, nil
}

func (s *Server) getAdmin(in *restRequest) (any, error) {
	a, err := in.sp.admin(in.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return adminOf(a), nil
}

func (s *Server) getContact(in *restRequest) (any, error) {
	c, err := s.contact(in.sp, in.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return s.contactJSON(c), nil
}

func (s *Server) putContact(in *restRequest) (any, error) {
	c, err := s.contact(in.sp, in.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	var body struct {
		Name             *string        `json:"name"`
		Email            *string        `json:"email"`
		CustomAttributes map[string]any `json:"custom_attributes"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	for name := range body.CustomAttributes {
		if !in.sp.hasDataAttribute(name, "contact") {
			return nil, &Error{Status: 400, Code: "parameter_invalid", Message: "Custom attribute '" + name + "' does not exist", Field: name}
		}
	}
	for name, value := range body.CustomAttributes {
		c.Attributes[name] = value
	}
	if body.Name != nil {
		c.Name = *body.Name
	}
	if body.Email != nil {
		c.Email = *body.Email
	}
	c.UpdatedAt = s.now()
	return s.contactJSON(c), nil
}

// eventKey is what makes two events the same.
type eventKey struct {
	contact, name string
	second        int64
}

// postEvent takes a data event. A repeated one, by contact, name and second, is taken and forgotten.
func (s *Server) postEvent(in *restRequest) (any, error) {
	var body struct {
		EventName string          `json:"event_name"`
		CreatedAt int64           `json:"created_at"`
		ID        string          `json:"id"`
		UserID    string          `json:"user_id"`
		Email     string          `json:"email"`
		Metadata  json.RawMessage `json:"metadata"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	if body.EventName == "" || body.CreatedAt == 0 {
		return nil, missing("event_name and created_at are required")
	}
	c, err := s.contactBy(in.sp, body.ID, body.UserID, body.Email)
	if err != nil {
		return nil, err
	}
	metadata, err := firstKeys(body.Metadata, 10)
	if err != nil {
		return nil, err
	}
	at := time.Unix(body.CreatedAt, 0).UTC()
	e := Event{Name: body.EventName, Contact: c.ID, CreatedAt: at, Metadata: metadata}
	if key := (eventKey{e.Contact, e.Name, at.Unix()}); !in.sp.sentEvents[key] {
		in.sp.sentEvents[key] = true
		in.sp.events = append(in.sp.events, e)
	}
	return status(202), nil
}

// firstKeys keeps the first n keys of a flat object, as Intercom does with event metadata.
func firstKeys(raw json.RawMessage, n int) (map[string]any, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	wrong := invalid("metadata must be a flat object")
	var all map[string]any
	if json.Unmarshal(raw, &all) != nil {
		return nil, wrong
	}
	kept := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(raw))
	_, _ = d.Token() // the opening brace
	for d.More() && len(kept) < n {
		key, _ := d.Token()
		var value any
		if d.Decode(&value) != nil {
			return nil, wrong
		}
		if _, list := value.([]any); list {
			return nil, wrong
		}
		kept[key.(string)] = value
	}
	return kept, nil
}

// Message is an admin's outbound message. There is no conversation until the contact answers, unless one was asked for.
type Message struct {
	ID           string
	Type         string // inapp or email
	Subject      string
	Body         string
	Admin        string
	Contact      string
	Conversation string
	At           time.Time
}

func (s *Server) postMessage(in *restRequest) (any, error) {
	var body struct {
		MessageType string `json:"message_type"`
		Subject     string `json:"subject"`
		Body        string `json:"body"`
		From        struct {
			ID idText `json:"id"`
		} `json:"from"`
		To struct {
			ID     idText `json:"id"`
			UserID string `json:"user_id"`
			Email  string `json:"email"`
		} `json:"to"`
		Create bool `json:"create_conversation_without_contact_reply"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	kind := strings.ReplaceAll(body.MessageType, "in_app", "inapp")
	switch {
	case body.Body == "":
		return nil, invalid("Body is required")
	case kind != "inapp" && kind != "email":
		return nil, invalid("message_type must be in_app or email in this sandbox")
	case kind == "email" && body.Subject == "":
		return nil, &Error{Status: 422, Code: "parameter_not_found", Message: "No subject supplied for email message"}
	}
	a, err := in.sp.admin(string(body.From.ID))
	if err != nil {
		return nil, err
	}
	c, err := s.contactBy(in.sp, string(body.To.ID), body.To.UserID, body.To.Email)
	if err != nil {
		return nil, err
	}
	m := Message{ID: s.ids.source(), Type: kind, Subject: body.Subject, Body: safeHTML(body.Body), Admin: a.ID, Contact: c.ID, At: s.now()}
	if body.Create {
		m.Conversation = s.startFrom(in.sp, m, adminAuthor(a)).ID
	}
	in.sp.messages = append(in.sp.messages, m)
	answer := map[string]any{
		"type": "admin_message", "id": m.ID, "created_at": m.At.Unix(), "body": m.Body, "message_type": kind, "owner": adminOf(a),
	}
	if kind == "email" {
		answer["subject"] = m.Subject
	}
	if m.Conversation != "" {
		answer["conversation_id"] = m.Conversation
	}
	return answer, nil
}

func (s *Server) startFrom(sp *space, m Message, author Author) *Conversation {
	source := "conversation"
	if m.Type == "email" {
		source = "email"
	}
	c := &Conversation{
		Contacts: []string{m.Contact},
		Source:   Source{ID: m.ID, Type: source, DeliveredAs: "admin_initiated", Subject: m.Subject, Body: m.Body, Author: author},
	}
	s.begin(sp, c)
	s.tellConversation(c, "conversation.admin.single.created", nil)
	return c
}

// Messages lists the outbound messages to a contact, oldest first.
func (s *Server) Messages(contact string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	if c := s.contacts[contact]; c != nil {
		for _, m := range s.spaces[c.Workspace].messages {
			if m.Contact == contact {
				list = append(list, m)
			}
		}
	}
	return list
}

// AnswerMessage is a contact's reply to an outbound message: it makes the conversation, if there is none yet, and replies in it.
func (s *Server) AnswerMessage(contact, message, text string) (Conversation, error) {
	s.lock()
	defer s.unlock()
	who := s.contacts[contact]
	if who == nil {
		return Conversation{}, notFound("User Not Found")
	}
	sp := s.spaces[who.Workspace]
	for i := range sp.messages {
		m := &sp.messages[i]
		if m.ID != message || m.Contact != contact {
			continue
		}
		c := s.conversations[m.Conversation]
		if c == nil {
			a, err := sp.admin(m.Admin)
			if err != nil {
				return Conversation{}, err
			}
			c = s.startFrom(sp, *m, adminAuthor(a))
			m.Conversation = c.ID
		}
		s.customerReplied(c, who, paragraph(text), "", "")
		return copyConversation(c), nil
	}
	return Conversation{}, notFound("Message not found")
}
