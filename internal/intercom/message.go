package intercom

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"rerate/internal/intercom/canvas"
)

// Message is one that a teammate sends without a conversation before it (POST /messages).
type Message struct {
	Email   bool   // an e-mail; otherwise in the Messenger
	Subject string // of an e-mail, which must have one
	HTML    string
	AdminID string // in whose name
	Contact string // Intercom's id
	Lead    bool   // the contact is a lead
}

// SentMessage is what Intercom made of a message. A conversation is there at once, since we ask for it.
type SentMessage struct {
	ID             string
	ConversationID string // empty: Intercom made none
}

// SendMessage sends a message and has Intercom begin a conversation with it at once: without
// create_conversation_without_contact_reply there would be none until the contact answers, and nothing to rate.
// There is no idempotency key: after an Ambiguous error look for the message before it is sent again.
func (c *Client) SendMessage(ctx context.Context, m Message) (SentMessage, error) {
	// The description's enum says in_app, its examples and Intercom's own clients say inapp.
	sent, err := c.sendMessage(ctx, m, "inapp")
	var refused *Error
	if !m.Email && errors.As(err, &refused) && refused.Status == http.StatusBadRequest && strings.Contains(refused.Message, "message_type") {
		return c.sendMessage(ctx, m, "in_app")
	}
	return sent, err
}

func (c *Client) sendMessage(ctx context.Context, m Message, kind string) (SentMessage, error) {
	type who struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	if !plainID.MatchString(m.Contact) {
		return SentMessage{}, errors.New("the id of the contact cannot be one of Intercom's")
	}
	in := struct {
		Type     string `json:"message_type"`
		Subject  string `json:"subject,omitempty"`
		Body     string `json:"body"`
		Template string `json:"template,omitempty"`
		From     who    `json:"from"`
		To       who    `json:"to"`
		Create   bool   `json:"create_conversation_without_contact_reply"`
	}{Type: kind, Body: m.HTML, From: who{"admin", m.AdminID}, To: who{"user", m.Contact}, Create: true}
	if m.Lead {
		in.To.Type = "lead"
	}
	if m.Email {
		in.Type, in.Subject, in.Template = "email", m.Subject, "personal"
	}
	var sent SentMessage
	err := c.do(ctx, call{method: http.MethodPost, path: "/messages", in: in, out: &sent})
	return sent, err
}

// UnmarshalJSON reads the answer. An id that cannot be a conversation's is none.
func (s *SentMessage) UnmarshalJSON(raw []byte) error {
	var v struct {
		ID             canvas.ID       `json:"id"`
		ConversationID json.RawMessage `json:"conversation_id"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*s = SentMessage{ID: string(v.ID)}
	var id canvas.ID
	if json.Unmarshal(v.ConversationID, &id) == nil && canvas.IsConversationID(string(id)) {
		s.ConversationID = string(id)
	}
	return nil
}
