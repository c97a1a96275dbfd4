package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm/clause"
)

// BackfillState is where the reading of a workspace's past stands.
type BackfillState string

// The states of a back-fill.
const (
	BackfillRunning BackfillState = "running"
	BackfillPaused  BackfillState = "paused"
	BackfillDone    BackfillState = "done"
	BackfillFailed  BackfillState = "failed" // Intercom refuses; it can be resumed
)

// BackfillPhase is what a back-fill reads at the moment.
type BackfillPhase string

// The phases, in their order.
const (
	BackfillPast    BackfillPhase = "past"    // every conversation, window by window of when it was created
	BackfillChanged BackfillPhase = "changed" // what has changed since it began, and so may have slipped through
	BackfillWhole   BackfillPhase = "whole"   // the whole of those that were closed lately
)

// Backfill is how far the reading of Intercom's past has come. A workspace has one at most; it is begun anew each time.
type Backfill struct {
	WorkspaceID string `gorm:"primaryKey"`
	State       BackfillState
	Phase       BackfillPhase
	Step        int       // goes up with every page, so that a job that runs twice counts once
	Days        int       // how far back, by when a conversation last changed; 0: everything
	WindowFrom  time.Time // the conversations being read were created from here
	WindowTo    time.Time // to here, in whole seconds, both included
	After       string    // the cursor in the window; empty at its beginning
	Total       int       // conversations, as Intercom counted them when it began
	Done        int       // of these, read
	InWindow    int       // of these, in the window so far
	Ratings     int       // Intercom's own ratings that were new
	WholeTotal  int       // conversations to be read whole
	WholeDone   int
	Detail      string // why it waits or failed, for a person
	StartedBy   string // a teammate's name; empty: by itself, when the workspace was connected
	StartedAt   time.Time
	TouchedAt   time.Time
	FinishedAt  *time.Time
}

// At reports whether the back-fill runs and has come to a step.
func (b Backfill) At(step int) bool { return b.State == BackfillRunning && b.Step == step }

// BackfillRead is a conversation that a back-fill has yet to read whole.
type BackfillRead struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ConversationID string `gorm:"primaryKey"`
}

// Backfill reads how far the back-fill has come; ErrNotFound when there never was one.
func (t Tenant) Backfill(ctx context.Context) (Backfill, error) {
	return one[Backfill](t.rows(ctx))
}

// HoldBackfill reads it and makes other writers of it wait.
func (tx *Tx) HoldBackfill() (Backfill, error) { return one[Backfill](lockForUpdate(tx.rows())) }

// StartBackfill begins a back-fill, in place of one that there was. The steps go on counting, so that no job of the one
// before fits.
func (tx *Tx) StartBackfill(b Backfill) (Backfill, error) {
	before, err := tx.HoldBackfill()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return b, err
	}
	if err := tx.rows().Delete(&BackfillRead{}).Error; err != nil {
		return b, err
	}
	b.WorkspaceID, b.Step, b.State, b.StartedAt, b.TouchedAt, b.FinishedAt = tx.Workspace, before.Step+1, BackfillRunning, tx.Now, tx.Now, nil
	return b, tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&b).Error
}

// SaveBackfill stores how far it has come. The caller has taken it with HoldBackfill.
func (tx *Tx) SaveBackfill(b Backfill) error {
	b.WorkspaceID, b.TouchedAt = tx.Workspace, tx.Now
	return tx.db.Save(&b).Error
}

// Backfills lists every workspace's back-fill in a state.
func (s *Store) Backfills(ctx context.Context, state BackfillState) ([]Backfill, error) {
	return list[Backfill](s.db.WithContext(ctx).Where("state = ?", state).Order("workspace_id"))
}

// ReadWholeLater remembers conversations that are to be read whole, and answers how many there are now.
func (tx *Tx) ReadWholeLater(conversations []string) (int, error) {
	var rows []BackfillRead
	for _, id := range conversations {
		rows = append(rows, BackfillRead{WorkspaceID: tx.Workspace, ConversationID: id})
	}
	if len(rows) > 0 {
		if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, 200).Error; err != nil {
			return 0, err
		}
	}
	var n int64
	err := tx.rows().Model(&BackfillRead{}).Count(&n).Error
	return int(n), err
}

// ToReadWhole lists the next conversations that are to be read whole.
func (t Tenant) ToReadWhole(ctx context.Context, most int) (ids []string, err error) {
	err = t.rows(ctx).Model(&BackfillRead{}).Order("conversation_id").Limit(most).Pluck("conversation_id", &ids).Error
	return ids, err
}

// HasReadWhole takes conversations off the list.
func (tx *Tx) HasReadWhole(ids []string) error {
	return tx.rows().Where("conversation_id IN ?", ids).Delete(&BackfillRead{}).Error
}
