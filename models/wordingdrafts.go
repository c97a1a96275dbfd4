package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm/clause"

	"rerate/internal/rating"
)

// WordingDraft is the wording that a workspace's admins are still writing. It need not be valid.
type WordingDraft struct {
	WorkspaceID string         `gorm:"primaryKey"`
	ID          string         // new each time the draft is saved
	Body        rating.Wording `gorm:"serializer:json"`
	BasedOn     int            // the version in use when it was begun
	AuthorID    string         // who saved it last
	SavedAt     time.Time
}

// WordingSeen is what an editor had before them: the version in use and the id of the draft, "" for none.
type WordingSeen struct {
	Version int
	Draft   string
}

// ErrWordingMoved means that somebody else has published a wording or saved a draft that the editor has not seen.
var ErrWordingMoved = errors.New("the wording was changed by somebody else meanwhile")

// WordingDraft reads the draft; ErrNotFound when there is none.
func (t Tenant) WordingDraft(ctx context.Context) (WordingDraft, error) {
	return one[WordingDraft](t.rows(ctx))
}

// HoldWording keeps everybody else from publishing and saving until the transaction ends. It answers ErrWordingMoved
// unless things stand as they were seen; that a draft is gone which was seen does no harm.
func (tx *Tx) HoldWording(seen WordingSeen) error {
	if _, err := one[Workspace](lockForUpdate(tx.db.Where("id = ?", tx.Workspace))); err != nil {
		return err
	}
	current, err := tx.Wording()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	draft, err := one[WordingDraft](tx.rows())
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if current.Version != seen.Version || draft.ID != "" && draft.ID != seen.Draft {
		return ErrWordingMoved
	}
	return nil
}

// SaveWordingDraft stores the draft in place of the one before.
func (tx *Tx) SaveWordingDraft(body rating.Wording, basedOn int, author string) (WordingDraft, error) {
	draft := WordingDraft{
		WorkspaceID: tx.Workspace, ID: tx.NewID(), Body: body.Clean(), BasedOn: basedOn, AuthorID: author, SavedAt: tx.Now,
	}
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "workspace_id"}}, UpdateAll: true}).Create(&draft).Error
	return draft, err
}

// DropWordingDraft forgets the draft, if there is one.
func (tx *Tx) DropWordingDraft() error { return tx.rows().Delete(&WordingDraft{}).Error }

// WordingUse counts the requests that were sent with a version, and those of them that were rated.
func (t Tenant) WordingUse(ctx context.Context, version int) (sent, rated int64, err error) {
	var use struct{ Sent, Rated int64 }
	err = t.rows(ctx).Model(&Request{}).Where("wording_version = ? AND sent_at IS NOT NULL", version).
		Select("COUNT(*) AS sent, COUNT(rated_at) AS rated").Scan(&use).Error
	return use.Sent, use.Rated, err
}
