package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

// Event is one webhook notification: a hint that something about a conversation or a contact has changed. What
// it said is not kept.
type Event struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	NotificationID string // Intercom's id, the same on a redelivery
	Topic          string
	ConversationID string
	ContactID      string
	CreatedAt      time.Time // Intercom's time
	ReceivedAt     time.Time
}

// AddEvent stores a notification. It answers false when the same one is stored already.
func (tx *Tx) AddEvent(e Event) (bool, error) {
	e.WorkspaceID, e.ID, e.ReceivedAt = tx.Workspace, tx.NewID(), tx.Now
	if e.NotificationID == "" {
		e.NotificationID = e.ID
	}
	result := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&e)
	return result.RowsAffected == 1, result.Error
}

// LastEvent reads the newest notification, which shows that webhooks arrive.
func (t Tenant) LastEvent(ctx context.Context) (Event, error) {
	return one[Event](t.rows(ctx).Order("id DESC"))
}
