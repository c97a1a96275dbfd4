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

// KeepEvents is how long notifications are kept: far longer than Intercom sends one again.
const KeepEvents = 30 * 24 * time.Hour

// sweepEvents deletes old notifications, some at a time, but for the newest of a workspace, which shows that they arrive.
func (s *Store) sweepEvents(ctx context.Context) error {
	for workspace := ""; ; {
		var next []string
		err := s.db.WithContext(ctx).Model(&Event{}).Where("workspace_id > ?", workspace).Order("workspace_id").Limit(1).Pluck("workspace_id", &next).Error
		if err != nil || len(next) == 0 {
			return err
		}
		workspace = next[0]
		for more := true; more; {
			if more, err = s.Tenant(workspace).dropEvents(ctx); err != nil {
				return err
			}
		}
	}
}

// dropEvents deletes some of the oldest notifications and reports whether there may be more. Their ids come in the order in which
// they came.
func (t Tenant) dropEvents(ctx context.Context) (more bool, err error) {
	const bite = 500
	oldest, err := list[Event](t.rows(ctx).Select("id", "received_at").Order("id").Limit(bite + 1))
	if err != nil {
		return false, err
	}
	limit := t.store.now().Add(-KeepEvents)
	n := 0
	for n < len(oldest)-1 && oldest[n].ReceivedAt.Before(limit) {
		n++
	}
	if n == 0 {
		return false, nil
	}
	return n == bite, t.rows(ctx).Where("id <= ?", oldest[n-1].ID).Delete(&Event{}).Error
}
