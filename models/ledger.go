package models

import (
	"context"

	"gorm.io/gorm"
)

// LedgerRow is a request with what the ledger says besides.
type LedgerRow struct {
	Request
	Channel string // of the conversation
	Score   *int   // of the newest answer that was not undone
}

// Ledger lists requests, newest first, after the cursor if there is one.
func (t Tenant) Ledger(ctx context.Context, after *Cursor, limit int) ([]LedgerRow, error) {
	q := t.ledger(ctx)
	if after != nil {
		q = q.Where("r.created_at < ? OR (r.created_at = ? AND r.id < ?)", after.At, after.At, after.ID)
	}
	return list[LedgerRow](q.Order("r.created_at DESC, r.id DESC").Limit(limit))
}

// LedgerOf lists the requests of one conversation, oldest first.
func (t Tenant) LedgerOf(ctx context.Context, conversation string) ([]LedgerRow, error) {
	return list[LedgerRow](t.ledger(ctx).Where("r.conversation_id = ?", conversation).Order("r.episode"))
}

func (t Tenant) ledger(ctx context.Context) *gorm.DB {
	return t.store.db.WithContext(ctx).Table("requests AS r").
		Select(`r.*, c.channel, (SELECT a.score FROM ratings AS a
			WHERE a.workspace_id = r.workspace_id AND a.request_id = r.id AND a.why_not <> 'undone'
			ORDER BY a.at DESC, a.id DESC LIMIT 1) AS score`).
		Joins("JOIN conversations AS c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id").
		Where("r.workspace_id = ?", t.Workspace)
}
