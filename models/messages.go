package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"rerate/internal/rating"
)

// MessageChannel is how a message reaches a contact.
type MessageChannel string

// The channels of a message.
const (
	InApp   MessageChannel = "in_app"
	ByEmail MessageChannel = "email"
)

// SegmentMessage is the one message of a version of a segment to a contact, planned or sent.
type SegmentMessage struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	SegmentID      string
	Version        int
	ContactID      string
	Automatic      bool   // because the contact entered
	PlannedBy      string // the teammate who had it sent by hand
	Channel        MessageChannel
	State          MessageState
	Detail         string // what became of it, for the team
	Attempts       int
	CreatedAt      time.Time
	DueAt          time.Time  // not before; also the end of a worker's time with it
	BegunAt        *time.Time // of the newest attempt whose outcome is not known
	DoneAt         *time.Time
	RequestID      string // of the ask in it, chosen before it is sent
	ConversationID string // that Intercom made for it
	MessageID      string // Intercom's
	WordingVersion int    // of the ask in it
	Test           bool   // begun in test mode
}

// MessageState is where a message stands.
type MessageState string

// The states of a message. One that has begun may have been sent: Intercom has not said.
const (
	MessageWaiting MessageState = "waiting"
	MessageBegun   MessageState = "begun"
	MessageSent    MessageState = "sent"
	MessageFailed  MessageState = "failed"
	MessageSkipped MessageState = "skipped"
)

// PlanMessage puts in the message of a segment to a contact. It answers false when this version of the segment has one
// for the contact already; one that was skipped waits again when a teammate asks for it by hand.
func (tx *Tx) PlanMessage(s Segment, contact, by string) (SegmentMessage, bool, error) {
	m := SegmentMessage{
		WorkspaceID: tx.Workspace, ID: tx.NewID(), SegmentID: s.ID, Version: s.Version, ContactID: contact, Automatic: by == "", PlannedBy: by,
		Channel: s.Channel, State: MessageWaiting, CreatedAt: tx.Now, DueAt: tx.Now,
	}
	result := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&m)
	if result.Error != nil || result.RowsAffected == 1 || by == "" {
		return m, result.RowsAffected == 1, result.Error
	}
	again := tx.rows().Model(&SegmentMessage{}).
		Where("segment_id = ? AND version = ? AND contact_id = ? AND state = ?", s.ID, s.Version, contact, MessageSkipped).
		Updates(map[string]any{
			"state": MessageWaiting, "detail": "", "due_at": tx.Now, "done_at": nil, "automatic": false, "planned_by": by, "channel": s.Channel,
		})
	if again.Error != nil || again.RowsAffected == 0 {
		return m, false, again.Error
	}
	m, err := one[SegmentMessage](tx.rows().Where("segment_id = ? AND version = ? AND contact_id = ?", s.ID, s.Version, contact))
	return m, err == nil, err
}

// SegmentMessage reads one message with its segment, whose ID is empty once it is deleted, and makes other workers of the
// message wait. The segment is taken first, as everywhere, so that nobody waits in a circle.
func (tx *Tx) SegmentMessage(id string) (SegmentMessage, Segment, error) {
	m, err := one[SegmentMessage](tx.rows().Where("id = ?", id))
	if err != nil {
		return m, Segment{}, err
	}
	held, err := tx.HoldSegments(m.SegmentID)
	if err != nil {
		return m, Segment{}, err
	}
	m, err = one[SegmentMessage](lockForUpdate(tx.rows().Where("id = ?", id)))
	if err != nil || len(held) == 0 {
		return m, Segment{}, err
	}
	return m, held[0], nil
}

// SaveSegmentMessage stores what became of a message.
func (tx *Tx) SaveSegmentMessage(m SegmentMessage) error {
	return tx.rows().Model(&SegmentMessage{}).Where("id = ?", m.ID).
		Select("channel", "state", "detail", "attempts", "due_at", "begun_at", "done_at", "request_id", "conversation_id", "message_id",
			"wording_version", "test").UpdateColumns(&m).Error
}

// MessageArrived makes the request that a sent message asks with, in the conversation that Intercom made for it. Doing it
// again changes nothing.
func (tx *Tx) MessageArrived(m SegmentMessage) error {
	conversation, err := tx.Conversation(m.ConversationID)
	if err != nil {
		return err
	}
	channel := Chat
	if m.Channel == ByEmail {
		channel = "email"
	}
	if err := tx.ReadConversation(conversation, channel, []string{m.ContactID}); err != nil {
		return err
	}
	state, _ := RequestState("").After(rating.Send)
	request := Request{
		WorkspaceID: tx.Workspace, ID: m.RequestID, ConversationID: conversation.ID, Episode: 1, State: state, Method: ByMessage,
		WordingVersion: m.WordingVersion, CreatedAt: tx.Now, SentAt: &tx.Now, Automatic: m.Automatic, Test: m.Test, AskedBy: m.PlannedBy,
		ContactID: m.ContactID,
	}
	if err := tx.holdAsks(request.ID); err != nil {
		return err
	}
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&request).Error; err != nil {
		return err
	}
	return tx.summariseConversation(conversation.ID)
}

// OverdueMessages lists what should have been sent before a time, of segments that are not paused.
func (tx *Tx) OverdueMessages(before time.Time, limit int) ([]SegmentMessage, error) {
	return list[SegmentMessage](tx.rows().Where("state IN ? AND due_at < ?", []MessageState{MessageWaiting, MessageBegun}, before).
		Where(`EXISTS (SELECT 1 FROM segments AS s WHERE s.workspace_id = segment_messages.workspace_id
			AND s.id = segment_messages.segment_id AND NOT s.paused)`).Order("due_at, id").Limit(limit))
}

// WaitingMessages lists what waits to be sent for a segment, after an id.
func (tx *Tx) WaitingMessages(segment, after string, limit int) ([]SegmentMessage, error) {
	return list[SegmentMessage](tx.rows().Where("segment_id = ? AND id > ? AND state IN ?", segment, after,
		[]MessageState{MessageWaiting, MessageBegun}).Order("id").Limit(limit))
}

// skipMessagesTo ends what waits to be sent to a contact who is not there any more.
func (tx *Tx) skipMessagesTo(contact string) error {
	return tx.rows().Model(&SegmentMessage{}).Where("contact_id = ? AND state = ?", contact, MessageWaiting).
		Updates(map[string]any{"state": MessageSkipped, "detail": "The contact is not there any more.", "done_at": tx.Now}).Error
}

// MessageFilter picks messages of a segment; an empty state is any.
type MessageFilter struct {
	Segment string
	State   MessageState
}

// SegmentMessages lists messages, the newest first, after one of them.
func (t Tenant) SegmentMessages(ctx context.Context, f MessageFilter, after *Cursor, limit int) ([]SegmentMessage, error) {
	query := t.rows(ctx).Where("segment_id = ?", f.Segment)
	if f.State != "" {
		query = query.Where("state = ?", f.State)
	}
	if after != nil {
		query = query.Where("(created_at, id) < (?, ?)", after.At, after.ID)
	}
	return list[SegmentMessage](query.Order("created_at DESC, id DESC").Limit(limit))
}

// MessageOutcomes reads the requests of some messages, by request id.
func (t Tenant) MessageOutcomes(ctx context.Context, messages []SegmentMessage) (map[string]Request, error) {
	var ids []string
	for _, m := range messages {
		if m.RequestID != "" {
			ids = append(ids, m.RequestID)
		}
	}
	rows, err := list[Request](t.rows(ctx).Where("id IN ?", ids))
	byID := make(map[string]Request, len(rows))
	for _, r := range rows {
		byID[r.ID] = r
	}
	return byID, err
}
