package intercom

import (
	"encoding/json"
	"time"

	"rerate/internal/intercom/canvas"
)

// Part is one thing that happened in a conversation (OpenAPI 2.16, conversation_part).
type Part struct {
	ID                string
	Type              string // comment, note, open, close, snoozed, assignment, quick_reply, …; an open list
	Body              string // HTML from the REST API; empty where Intercom gives null
	CreatedAt         time.Time
	UpdatedAt         time.Time
	Author            Author
	AssignedTo        Ref
	State             string // the conversation's state after it
	Tags              []Tag
	QuickReplyOptions []QuickReplyOption // offered by this part
	QuickReplyUUID    string             // of the option that this part answers with
	ExternalID        string
	Redacted          bool
	AppPackageCode    string // of the app that made the part through the API
}

// QuickReplyOption is one button of a quick reply. UUID is ours to choose.
type QuickReplyOption struct {
	Text string `json:"text"`
	UUID string `json:"uuid"`
}

// UnmarshalJSON reads a part of the REST API or of a webhook.
func (p *Part) UnmarshalJSON(raw []byte) error {
	var v struct {
		ID         canvas.ID       `json:"id"`
		Type       string          `json:"part_type"`
		Body       string          `json:"body"`
		CreatedAt  instant         `json:"created_at"`
		UpdatedAt  instant         `json:"updated_at"`
		Author     Author          `json:"author"`
		AssignedTo json.RawMessage `json:"assigned_to"`
		State      string          `json:"state"`
		Tags       json.RawMessage `json:"tags"`
		Metadata   struct {
			Options []QuickReplyOption `json:"quick_reply_options"`
			UUID    string             `json:"quick_reply_uuid"`
		} `json:"metadata"`
		ExternalID     canvas.ID `json:"external_id"`
		Redacted       bool      `json:"redacted"`
		AppPackageCode string    `json:"app_package_code"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	tags, err := list[Tag](v.Tags, "tags")
	if err != nil {
		return err
	}
	*p = Part{
		ID: string(v.ID), Type: v.Type, Body: v.Body, CreatedAt: v.CreatedAt.time(), UpdatedAt: v.UpdatedAt.time(),
		Author: v.Author, State: v.State, Tags: tags, QuickReplyOptions: v.Metadata.Options,
		QuickReplyUUID: v.Metadata.UUID, ExternalID: string(v.ExternalID), Redacted: v.Redacted,
		AppPackageCode: v.AppPackageCode,
	}
	// Old versions give assigned_to as text; who it was then stays unknown.
	_ = json.Unmarshal(v.AssignedTo, &p.AssignedTo)
	return nil
}
