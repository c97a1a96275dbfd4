package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Reply is what a teammate writes to the customer from a rating, and what became of it.
type Reply struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	RatingID       string
	ConversationID string
	AuthorID       string // the teammate, by Intercom's id
	AuthorName     string
	Body           string // as it was typed
	State          WriteBackState
	DueAt          time.Time
	Attempts       int
	Detail         string // in plain words: why it is not there
	CreatedAt      time.Time
	BegunAt        *time.Time // when it was first tried
	DoneAt         *time.Time
	PartID         string // Intercom's part, once it is known
}

// AddReply stores a reply that is to be sent now. The id is the sender's: the same one again changes nothing.
func (tx *Tx) AddReply(r Reply) error {
	r.WorkspaceID, r.State, r.CreatedAt, r.DueAt = tx.Workspace, Waiting, tx.Now, tx.Now
	return tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&r).Error
}

// Reply reads one and makes other writers of it wait.
func (tx *Tx) Reply(id string) (Reply, error) {
	return one[Reply](lockForUpdate(tx.rows().Where("id = ?", id)))
}

// SaveReply stores what became of one.
func (tx *Tx) SaveReply(r Reply) error {
	r.WorkspaceID = tx.Workspace
	return tx.db.Save(&r).Error
}

// RetryReply makes a reply that failed wait again, from the first attempt.
func (tx *Tx) RetryReply(id string) error {
	return tx.rows().Model(&Reply{}).Where("id = ? AND state = ?", id, GaveUp).
		Updates(map[string]any{"state": Waiting, "attempts": 0, "due_at": tx.Now, "detail": "", "done_at": gorm.Expr("NULL")}).Error
}

// RepliesOf reads every reply of a conversation, oldest first.
func (t Tenant) RepliesOf(ctx context.Context, conversation string) ([]Reply, error) {
	return list[Reply](t.rows(ctx).Where("conversation_id = ?", conversation).Order("created_at, id"))
}

// RepliesOf reads every reply of a conversation, oldest first, inside the transaction.
func (tx *Tx) RepliesOf(conversation string) ([]Reply, error) {
	return list[Reply](tx.rows().Where("conversation_id = ?", conversation).Order("created_at, id"))
}

// OverdueReplies lists the conversations with a reply that should have been sent before a time.
func (tx *Tx) OverdueReplies(before time.Time) ([]string, error) {
	var ids []string
	err := tx.rows().Model(&Reply{}).Where("state = 'waiting' AND due_at < ?", before).
		Distinct().Order("conversation_id").Pluck("conversation_id", &ids).Error
	return ids, err
}

// SetHandled marks a rating as handled by a teammate, or takes that back with an empty name.
func (tx *Tx) SetHandled(id, by string) error {
	values := map[string]any{"handled_at": gorm.Expr("NULL"), "handled_by": ""}
	if by != "" {
		values = map[string]any{"handled_at": tx.Now, "handled_by": by}
	}
	result := tx.rows().Model(&Rating{}).Where("id = ?", id).Updates(values)
	if result.Error == nil && result.RowsAffected == 0 {
		return ErrNotFound
	}
	return result.Error
}
