package models

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
)

// Outbox is a job of a conversation that is to be put into the queue when it is due. It is stored with the answer that needs
// it, which costs less than the job, and Relay makes the jobs of many at once.
type Outbox struct {
	WorkspaceID    string    `gorm:"primaryKey"`
	DueAt          time.Time `gorm:"primaryKey"`
	ID             string    `gorm:"primaryKey"`
	ConversationID string
}

// TableName is the table; the library would look for outboxes.
func (Outbox) TableName() string { return "outbox" }

// SyncLater has a conversation brought in line at each of some times.
func (tx *Tx) SyncLater(conversation string, times ...time.Time) error {
	var rows []Outbox
	for _, at := range times {
		rows = append(rows, Outbox{WorkspaceID: tx.Workspace, ID: tx.NewID(), ConversationID: conversation, DueAt: at})
	}
	if tx.known != nil {
		tx.written.outbox = append(tx.written.outbox, rows...)
		return nil
	}
	return tx.db.Create(&rows).Error
}

// Relay takes up to about so many rows that are due out of the outbox and calls put with them in the same transaction, so that
// each becomes a job once. It takes as many of each workspace, the oldest first, and begins behind the workspace that it ended
// with the last time, which it answers.
func (s *Store) Relay(ctx context.Context, after string, most int, put func(*sql.Tx, []Outbox) error) (last string, err error) {
	now := s.now()
	workspaces, err := s.withOutbox(ctx, after, now, most)
	if err != nil || len(workspaces) == 0 {
		return after, err
	}
	lock := ""
	if s.dialect == Postgres {
		lock = " FOR UPDATE SKIP LOCKED" // another process has the others
	}
	err = s.db.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		var all []Outbox
		for _, workspace := range workspaces {
			var rows []Outbox
			if err := db.Raw(`DELETE FROM outbox WHERE workspace_id = ? AND (due_at, id) IN
				(SELECT due_at, id FROM outbox WHERE workspace_id = ? AND due_at <= ? ORDER BY due_at LIMIT ?`+lock+`) RETURNING *`,
				workspace, workspace, now, max(1, most/len(workspaces))).Scan(&rows).Error; err != nil {
				return fmt.Errorf("taking from the outbox: %w", err)
			}
			all = append(all, rows...)
		}
		if len(all) == 0 {
			return nil
		}
		tx, err := (&Tx{db: db}).SQL()
		if err != nil {
			return err
		}
		return put(tx, all)
	})
	return workspaces[len(workspaces)-1], err
}

// withOutbox lists up to so many workspaces that have rows that are due, from behind one on, around to it.
func (s *Store) withOutbox(ctx context.Context, after string, now time.Time, most int) (found []string, err error) {
	for around := false; len(found) < most; {
		var next []string
		if err := s.db.WithContext(ctx).Model(&Outbox{}).Where("workspace_id > ? AND due_at <= ?", after, now).
			Order("workspace_id").Limit(1).Pluck("workspace_id", &next).Error; err != nil {
			return nil, err
		}
		switch {
		case len(next) > 0 && slices.Contains(found, next[0]):
			return found, nil
		case len(next) > 0:
			found, after = append(found, next[0]), next[0]
		case around:
			return found, nil
		default:
			after, around = "", true
		}
	}
	return found, nil
}
