package intercom

import (
	"cmp"
	"encoding/json"

	"rerate/internal/intercom/canvas"
)

// UnmarshalJSON reads both the REST and the webhook form.
func (c *Conversation) UnmarshalJSON(raw []byte) error {
	var v struct {
		ID                  canvas.ID       `json:"id"`
		CreatedAt           instant         `json:"created_at"`
		UpdatedAt           instant         `json:"updated_at"`
		WaitingSince        instant         `json:"waiting_since"`
		SnoozedUntil        instant         `json:"snoozed_until"`
		Open                bool            `json:"open"`
		State               string          `json:"state"`
		Title               string          `json:"title"`
		Source              Source          `json:"source"`
		Contacts            json.RawMessage `json:"contacts"`
		Teammates           json.RawMessage `json:"teammates"`
		AdminAssigneeID     canvas.ID       `json:"admin_assignee_id"`
		TeamAssigneeID      canvas.ID       `json:"team_assignee_id"`
		Tags                json.RawMessage `json:"tags"`
		CustomAttributes    map[string]any  `json:"custom_attributes"`
		Statistics          Statistics      `json:"statistics"`
		Rating              *Rating         `json:"conversation_rating"`
		Parts               json.RawMessage `json:"conversation_parts"`
		AIAgentParticipated bool            `json:"ai_agent_participated"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*c = Conversation{
		ID: string(v.ID), Open: v.Open, State: v.State, Title: v.Title, Source: v.Source,
		CreatedAt: v.CreatedAt.time(), UpdatedAt: v.UpdatedAt.time(),
		WaitingSince: v.WaitingSince.time(), SnoozedUntil: v.SnoozedUntil.time(),
		AdminAssigneeID: orNone(v.AdminAssigneeID), TeamAssigneeID: orNone(v.TeamAssigneeID),
		CustomAttributes: v.CustomAttributes, Statistics: v.Statistics, Rating: v.Rating,
		AIAgentParticipated: v.AIAgentParticipated,
	}
	if c.Rating != nil {
		c.RatingRequestedAt = c.Rating.RequestedAt
		if c.Rating.Score == 0 {
			c.Rating = nil // asked for and not yet answered
		}
	}
	return c.readLists(v.Contacts, v.Teammates, v.Tags, v.Parts)
}

func (c *Conversation) readLists(contacts, teammates, tags, parts json.RawMessage) (err error) {
	if c.Contacts, err = list[Ref](contacts, "contacts"); err != nil {
		return err
	}
	if c.Teammates, err = list[Ref](teammates, "admins", "teammates"); err != nil { // captures and schema differ
		return err
	}
	if c.Tags, err = list[Tag](tags, "tags"); err != nil {
		return err
	}
	if c.Parts, err = list[Part](parts, "conversation_parts"); err != nil {
		return err
	}
	c.PartsTotal = len(c.Parts)
	var counted struct {
		Total int `json:"total_count"`
	}
	if json.Unmarshal(parts, &counted) == nil && counted.Total > c.PartsTotal {
		c.PartsTotal = counted.Total
	}
	return nil
}

// UnmarshalJSON reads a source; a part of it may be null.
func (s *Source) UnmarshalJSON(raw []byte) error {
	var v struct {
		Type        string `json:"type"`
		DeliveredAs string `json:"delivered_as"`
		Subject     string `json:"subject"`
		Body        string `json:"body"`
		URL         string `json:"url"`
		Author      Author `json:"author"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*s = Source(v)
	return nil
}

// UnmarshalJSON reads an author, whose id may be a number.
func (a *Author) UnmarshalJSON(raw []byte) error {
	var v struct {
		Type        string    `json:"type"`
		ID          canvas.ID `json:"id"`
		Name        string    `json:"name"`
		Email       string    `json:"email"`
		FromAIAgent bool      `json:"from_ai_agent"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*a = Author{Type: v.Type, ID: string(v.ID), Name: v.Name, Email: v.Email, FromAIAgent: v.FromAIAgent}
	return nil
}

// UnmarshalJSON reads a reference, whose id may be a number.
func (r *Ref) UnmarshalJSON(raw []byte) error {
	var v struct {
		Type       string    `json:"type"`
		ID         canvas.ID `json:"id"`
		ExternalID canvas.ID `json:"external_id"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*r = Ref{Type: v.Type, ID: string(v.ID), ExternalID: string(v.ExternalID)}
	return nil
}

// UnmarshalJSON reads a tag, whose id may be a number.
func (t *Tag) UnmarshalJSON(raw []byte) error {
	var v struct {
		ID   canvas.ID `json:"id"`
		Name string    `json:"name"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*t = Tag{ID: string(v.ID), Name: v.Name}
	return nil
}

// UnmarshalJSON reads the times of both forms.
func (s *Statistics) UnmarshalJSON(raw []byte) error {
	var v struct {
		FirstContactReplyAt instant   `json:"first_contact_reply_at"`
		LastContactReplyAt  instant   `json:"last_contact_reply_at"`
		FirstAdminReplyAt   instant   `json:"first_admin_reply_at"`
		LastAdminReplyAt    instant   `json:"last_admin_reply_at"`
		FirstCloseAt        instant   `json:"first_close_at"`
		LastCloseAt         instant   `json:"last_close_at"`
		LastClosedByID      canvas.ID `json:"last_closed_by_id"`
		CountReopens        int       `json:"count_reopens"`
		CountAssignments    int       `json:"count_assignments"`
		CountParts          int       `json:"count_conversation_parts"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*s = Statistics{
		FirstContactReplyAt: v.FirstContactReplyAt.time(), LastContactReplyAt: v.LastContactReplyAt.time(),
		FirstAdminReplyAt: v.FirstAdminReplyAt.time(), LastAdminReplyAt: v.LastAdminReplyAt.time(),
		FirstCloseAt: v.FirstCloseAt.time(), LastCloseAt: v.LastCloseAt.time(), LastClosedByID: string(v.LastClosedByID),
		CountReopens: v.CountReopens, CountAssignments: v.CountAssignments, CountParts: v.CountParts,
	}
	return nil
}

// UnmarshalJSON reads a rating, also one whose fields are all null, and the customer of API 1.4 and older.
func (r *Rating) UnmarshalJSON(raw []byte) error {
	var v struct {
		Score     int     `json:"rating"`
		Remark    string  `json:"remark"`
		CreatedAt instant `json:"created_at"`
		UpdatedAt instant `json:"updated_at"`
		Contact   Ref     `json:"contact"`
		Customer  Ref     `json:"customer"`
		Teammate  Ref     `json:"teammate"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*r = Rating{
		Score: v.Score, Remark: v.Remark, RequestedAt: v.CreatedAt.time(), UpdatedAt: v.UpdatedAt.time(),
		Contact: cmp.Or(v.Contact, v.Customer), Teammate: v.Teammate,
	}
	return nil
}
