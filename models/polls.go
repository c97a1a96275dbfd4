package models

import (
	"context"
	"time"

	"gorm.io/gorm/clause"
)

// Poll is a look through what changed in a workspace between two times that is not finished.
type Poll struct {
	WorkspaceID string `gorm:"primaryKey"`
	Since       time.Time
	Until       time.Time
	NextPage    string // Intercom's cursor; "" before the first page
}

// Poll reads the look that is not finished; ErrNotFound when there is none.
func (t Tenant) Poll(ctx context.Context) (Poll, error) { return one[Poll](t.rows(ctx)) }

// SavePoll remembers how far a look has come.
func (tx *Tx) SavePoll(p Poll) error {
	p.WorkspaceID = tx.Workspace
	return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&p).Error
}

// FinishPoll remembers that everything that changed before the end of the look has been seen.
func (tx *Tx) FinishPoll(p Poll) error {
	if err := tx.rows().Delete(&Poll{}).Error; err != nil {
		return err
	}
	return tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace).Update("polled_until", p.Until).Error
}

// KnownConversations reads what is known of some conversations, by id, inside the transaction.
func (tx *Tx) KnownConversations(ids ...string) (map[string]Conversation, error) {
	rows, err := list[Conversation](tx.rows().Where("id IN ?", ids))
	known := make(map[string]Conversation, len(rows))
	for _, c := range rows {
		known[c.ID] = c
	}
	return known, err
}
