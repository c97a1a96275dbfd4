package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// WriteBackKind is one thing to write to Intercom after a rating.
type WriteBackKind string

// The kinds, in the order in which they are written. FollowUp is the note for what the customer
// said after the note.
const (
	Note         WriteBackKind = "note"
	FollowUp     WriteBackKind = "follow_up"
	Attributes   WriteBackKind = "attributes"
	DataEvent    WriteBackKind = "event"
	Tag          WriteBackKind = "tag"
	NativeRating WriteBackKind = "native_rating"
)

// WriteBackState is what became of it.
type WriteBackState string

// The states. Skipped means that there was nothing to write or that Intercom cannot take it; Failed that a
// person has to look.
const (
	Waiting WriteBackState = "waiting"
	Done    WriteBackState = "done"
	GaveUp  WriteBackState = "failed"
	Skipped WriteBackState = "skipped"
)

// WriteBack is one thing to write to Intercom after a rating, and what became of it.
type WriteBack struct {
	WorkspaceID    string        `gorm:"primaryKey"`
	RatingID       string        `gorm:"primaryKey"`
	Kind           WriteBackKind `gorm:"primaryKey"`
	ConversationID string
	State          WriteBackState
	DueAt          time.Time
	Attempts       int
	Detail         string // in plain words: what was written, or why not
	WithRemark     bool   // notes: the remark was quoted
	DoneAt         *time.Time
}

// WriteLater adds what has to be written for a rating at the given time. Asking twice changes nothing.
func (tx *Tx) WriteLater(r Rating, due time.Time, kinds ...WriteBackKind) error {
	for _, kind := range kinds {
		row := WriteBack{
			WorkspaceID: tx.Workspace, RatingID: r.ID, Kind: kind, ConversationID: r.ConversationID,
			State: Waiting, DueAt: due,
		}
		if tx.known != nil {
			tx.written.writeBacks = append(tx.written.writeBacks, row)
			continue
		}
		if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
	}
	return nil
}

// WriteAgain adds what has to be written for a rating, or makes it wait again when it was written already: there is more
// to say. What waits with an earlier time keeps it, but an attempt that runs counts no more: it may not have known.
func (tx *Tx) WriteAgain(r Rating, due time.Time, kind WriteBackKind) error {
	if err := tx.WriteLater(r, due, kind); err != nil {
		return err
	}
	row := func() *gorm.DB { return tx.rows().Model(&WriteBack{}).Where("rating_id = ? AND kind = ?", r.ID, kind) }
	if err := row().Where("state = ?", Waiting).Update("attempts", 0).Error; err != nil {
		return err
	}
	return row().Where("state <> ?", Waiting).
		Updates(map[string]any{"state": Waiting, "attempts": 0, "due_at": due, "detail": "", "done_at": gorm.Expr("NULL")}).Error
}

// WriteNow makes what waits for a rating due at once.
func (tx *Tx) WriteNow(rating string) error {
	return tx.rows().Model(&WriteBack{}).Where("rating_id = ? AND state = ? AND due_at > ?", rating, Waiting, tx.Now).
		Update("due_at", tx.Now).Error
}

// SkipWriteBacks drops what waits for a rating, saying why.
func (tx *Tx) SkipWriteBacks(rating, why string) error {
	return tx.rows().Model(&WriteBack{}).Where("rating_id = ? AND state = ?", rating, Waiting).
		Updates(map[string]any{"state": Skipped, "detail": why, "done_at": tx.Now}).Error
}

// RetryWriteBacks makes what failed or was skipped for a rating wait again, from the first attempt.
func (tx *Tx) RetryWriteBacks(rating string, state WriteBackState) error {
	return tx.rows().Model(&WriteBack{}).Where("rating_id = ? AND state = ?", rating, state).
		Updates(map[string]any{"state": Waiting, "attempts": 0, "due_at": tx.Now, "detail": "", "done_at": gorm.Expr("NULL")}).Error
}

// DueWriteBacks reads what has to be written to a conversation by now, oldest rating first, inside the transaction.
func (tx *Tx) DueWriteBacks(conversation string) ([]WriteBack, error) {
	return list[WriteBack](due(tx.rows(), conversation, tx.Now))
}

// SaveWriteBack stores what became of one.
func (tx *Tx) SaveWriteBack(w WriteBack) error {
	w.WorkspaceID = tx.Workspace
	return tx.db.Save(&w).Error
}

// WriteBacksOf reads what was and will be written for some ratings.
func (t Tenant) WriteBacksOf(ctx context.Context, ratings ...string) ([]WriteBack, error) {
	return list[WriteBack](t.rows(ctx).Where("rating_id IN ?", ratings).Order("rating_id, due_at, kind"))
}

// WriteBack reads one inside the transaction.
func (tx *Tx) WriteBack(rating string, kind WriteBackKind) (WriteBack, error) {
	return one[WriteBack](tx.rows().Where("rating_id = ? AND kind = ?", rating, kind))
}

// DueWriteBacks reads what has to be written to a conversation by now, oldest rating first.
func (t Tenant) DueWriteBacks(ctx context.Context, conversation string) ([]WriteBack, error) {
	return list[WriteBack](due(t.rows(ctx), conversation, t.store.now()))
}

// isWaiting is the condition of the index write_backs_waiting in its own words: with a placeholder a database cannot always tell.
const isWaiting = "state = 'waiting'"

func due(q *gorm.DB, conversation string, now time.Time) *gorm.DB {
	return q.Where("conversation_id = ? AND "+isWaiting+" AND due_at <= ?", conversation, now).Order("rating_id, kind")
}

// OverdueConversations lists the conversations with something that should have been written before a time.
func (tx *Tx) OverdueConversations(before time.Time) ([]string, error) {
	var ids []string
	err := tx.rows().Model(&WriteBack{}).Where(isWaiting+" AND due_at < ?", before).
		Distinct().Order("conversation_id").Pluck("conversation_id", &ids).Error
	return ids, err
}
