package intercom

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rerate/internal/intercom/canvas"
)

// Topics that Rerate listens to (docs: webhook-models).
const (
	TopicAdminClosed         = "conversation.admin.closed"
	TopicAdminOpened         = "conversation.admin.opened"
	TopicAdminReplied        = "conversation.admin.replied"
	TopicAdminNoted          = "conversation.admin.noted"
	TopicAdminAssigned       = "conversation.admin.assigned"
	TopicAdminOpenAssigned   = "conversation.admin.open.assigned"
	TopicAdminSnoozed        = "conversation.admin.snoozed"
	TopicAdminUnsnoozed      = "conversation.admin.unsnoozed"
	TopicAdminCreated        = "conversation.admin.single.created"
	TopicUserCreated         = "conversation.user.created"
	TopicUserReplied         = "conversation.user.replied"
	TopicOperatorReplied     = "conversation.operator.replied"
	TopicRatingAdded         = "conversation.rating.added"
	TopicPartTagged          = "conversation_part.tag.created"
	TopicContactAttached     = "conversation.contact.attached"
	TopicContactDetached     = "conversation.contact.detached"
	TopicConversationDeleted = "conversation.deleted"
	TopicContactArchived     = "contact.archived"
	TopicContactUnarchived   = "contact.unarchive"
	TopicContactMerged       = "contact.merged"
	TopicContactDeleted      = "contact.deleted"
	TopicTicketClosed        = "ticket.closed"
	TopicTicketResolved      = "ticket.resolved"
	TopicTicketRated         = "ticket.rating.provided"
	TopicPing                = "ping"
)

// Notification is one webhook (docs: webhook-notifications). They come late, twice and in any order,
// so treat one as a hint and read the thing again.
type Notification struct {
	ID               string // the same on a redelivery, as far as is known; empty for ping
	Topic            string
	AppID            string // the workspace
	CreatedAt        time.Time
	DeliveryAttempts int
	Item             json.RawMessage // what it is about, in the webhook form
}

// DecodeNotification reads a signed body strictly, as canvas.DecodeStrict says. A topic that nobody
// knows is fine; a body without topic, app_id or data.item is not a webhook.
func DecodeNotification(body []byte) (Notification, error) {
	var v struct {
		ID               canvas.ID       `json:"id"`
		Topic            string          `json:"topic"`
		AppID            string          `json:"app_id"`
		CreatedAt        instant         `json:"created_at"`
		DeliveryAttempts int             `json:"delivery_attempts"`
		Data             json.RawMessage `json:"data"`
	}
	if err := canvas.DecodeStrict(body, &v); err != nil {
		return Notification{}, err
	}
	var data struct {
		Item json.RawMessage `json:"item"`
	}
	if v.Data != nil {
		if err := canvas.DecodeObject(v.Data, &data); err != nil {
			return Notification{}, fmt.Errorf("data: %w", err)
		}
	}
	switch {
	case v.Topic == "":
		return Notification{}, errors.New("the body is not a webhook: it has no topic")
	case !canvas.IsWorkspaceID(v.AppID):
		return Notification{}, errors.New("the body is not a webhook: app_id must be 1 to 64 letters, digits, - or _")
	case data.Item == nil || string(data.Item) == "null":
		return Notification{}, errors.New("the body is not a webhook: it has no data.item")
	}
	return Notification{
		ID: string(v.ID), Topic: v.Topic, AppID: v.AppID, CreatedAt: v.CreatedAt.time(),
		DeliveryAttempts: v.DeliveryAttempts, Item: data.Item,
	}, nil
}

// subject is what tells which conversation or contact an item is about.
type subject struct {
	Type           string    `json:"type"`
	ID             canvas.ID `json:"id"`
	ConversationID canvas.ID `json:"conversation_id"` // conversation.deleted, conversation parts
	Ticket         *subject  `json:"ticket"`          // ticket.closed, from API 2.15 on
}

// UnmarshalJSON reads the ids by their exact keys.
func (s *subject) UnmarshalJSON(raw []byte) error {
	type fields subject
	return canvas.DecodeObject(raw, (*fields)(s))
}

// ConversationID is the id of the conversation or ticket that the notification is about. It is false
// when there is none, or when what stands there cannot be one.
func (n Notification) ConversationID() (string, bool) {
	var s subject
	if strings.HasPrefix(n.Topic, "contact.") || json.Unmarshal(n.Item, &s) != nil {
		return "", false
	}
	id := s.ConversationID
	switch {
	case id != "":
	case s.Type == "conversation" || s.Type == "ticket":
		id = s.ID
	case s.Ticket != nil:
		id = s.Ticket.ID
	}
	return string(id), canvas.IsConversationID(string(id))
}

// ContactID is the id of the contact that a contact.* notification is about; false for other topics.
func (n Notification) ContactID() (string, bool) {
	var s subject
	if !strings.HasPrefix(n.Topic, "contact.") || json.Unmarshal(n.Item, &s) != nil {
		return "", false
	}
	return string(s.ID), plainID.MatchString(string(s.ID))
}

// MergedFrom is the contact that was merged into the one that contact.merged is about (docs: webhook-models).
func (n Notification) MergedFrom() (string, bool) {
	var v struct {
		From subject `json:"merged_from"`
	}
	if canvas.DecodeObject(n.Item, &v) != nil {
		return "", false
	}
	return string(v.From.ID), plainID.MatchString(string(v.From.ID))
}

// Conversation reads the item as a conversation; its parts are only the one that caused the event.
func (n Notification) Conversation() (Conversation, error) {
	var conv Conversation
	if err := json.Unmarshal(n.Item, &conv); err != nil {
		return Conversation{}, fmt.Errorf("the item of %s is not a conversation: %w", n.Topic, err)
	}
	if !canvas.IsConversationID(conv.ID) {
		return Conversation{}, fmt.Errorf("the item of %s is not a conversation: it has no id of one", n.Topic)
	}
	return conv, nil
}

// DecodeUninstall reads the notice that a workspace removed the app, and returns the workspace
// (docs: installing-uninstalling). A webhook has an app_id too and is signed with the same secret,
// so a body that is one is refused.
func DecodeUninstall(body []byte) (workspace string, err error) {
	var v struct {
		AppID string          `json:"app_id"`
		Topic json.RawMessage `json:"topic"`
		Data  json.RawMessage `json:"data"`
	}
	if err := canvas.DecodeStrict(body, &v); err != nil {
		return "", err
	}
	if v.Topic != nil || v.Data != nil || !canvas.IsWorkspaceID(v.AppID) {
		return "", errors.New("the body is not an uninstall notice: it must hold an app_id and no topic or data")
	}
	return v.AppID, nil
}

// DecodeHealthCheck reads Intercom's daily question whether an installation works, and returns the
// workspace. Every Canvas Kit request has a workspace_id too, so a body that is one is refused.
func DecodeHealthCheck(body []byte) (workspace string, err error) {
	var v struct {
		WorkspaceID string          `json:"workspace_id"`
		Context     json.RawMessage `json:"context"`
		Component   json.RawMessage `json:"component_id"`
		Canvas      json.RawMessage `json:"canvas"`
		Admin       json.RawMessage `json:"admin"`
	}
	if err := canvas.DecodeStrict(body, &v); err != nil {
		return "", err
	}
	isCanvas := v.Context != nil || v.Component != nil || v.Canvas != nil || v.Admin != nil
	if isCanvas || !canvas.IsWorkspaceID(v.WorkspaceID) {
		return "", errors.New("the body is not a health check: it must hold a workspace_id and nothing of a canvas request")
	}
	return v.WorkspaceID, nil
}

// WorkspaceOf tells whose a signed body is that could not be read as what it should be; false where even that is not
// plain.
func WorkspaceOf(body []byte) (string, bool) {
	var v struct {
		WorkspaceID string `json:"workspace_id"`
		AppID       string `json:"app_id"`
	}
	if err := canvas.DecodeStrict(body, &v); err != nil {
		return "", false
	}
	id := cmp.Or(v.AppID, v.WorkspaceID)
	if v.AppID != "" && v.WorkspaceID != "" && v.AppID != v.WorkspaceID || !canvas.IsWorkspaceID(id) {
		return "", false
	}
	return id, true
}
