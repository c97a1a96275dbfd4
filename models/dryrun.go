package models

import (
	"context"
	"time"

	"rerate/internal/rating"
)

// pastClose is a row of the ledger with the address of its contact.
type pastClose struct {
	Request
	Email *string
}

// PastCloses reads what a dry run goes through: the newest closes from a time on, the oldest of them first, and the
// requests that their conversations and contacts had whatever the rules say.
func (t Tenant) PastCloses(ctx context.Context, from time.Time, limit int) ([]rating.PastClose, []rating.PastAsk, error) {
	rows := []pastClose{}
	err := t.store.db.WithContext(ctx).Table("requests AS r").Select("r.*, k.email").
		Joins("LEFT JOIN contacts AS k ON k.workspace_id = r.workspace_id AND k.id = r.contact_id").
		Where("r.workspace_id = ? AND r.closed_at >= ?", t.Workspace, from).
		Order("r.closed_at DESC, r.id DESC").Limit(limit).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	closes := make([]rating.PastClose, len(rows))
	for i, r := range rows {
		c := rating.PastClose{ID: r.ID, Conversation: r.ConversationID, Facts: r.Facts, Happened: r.happened()}
		if r.Email != nil {
			c.Email = *r.Email
		}
		if r.DueAt != nil {
			c.Delay = r.DueAt.Sub(*r.ClosedAt)
		}
		closes[len(rows)-1-i] = c
	}
	asks, err := t.pastAsks(ctx, *rows[len(rows)-1].ClosedAt)
	return closes, asks, err
}

// pastAsks are the requests by hand, and those for closes before a time, of conversations and contacts that were closed
// since.
func (t Tenant) pastAsks(ctx context.Context, from time.Time) ([]rating.PastAsk, error) {
	closed := func(column string) any {
		return t.rows(ctx).Model(&Request{}).Select(column).Where("closed_at >= ? AND "+column+" <> ''", from)
	}
	rows, err := list[Request](t.rows(ctx).Where("sent_at IS NOT NULL AND (NOT automatic OR closed_at < ?)", from).
		Where("conversation_id IN (?) OR contact_id IN (?)", closed("conversation_id"), closed("contact_id")))
	asks := make([]rating.PastAsk, len(rows))
	for i, r := range rows {
		asks[i] = rating.PastAsk{Conversation: r.ConversationID, Contact: r.ContactID, At: *r.SentAt}
	}
	return asks, err
}

// happened is what became of a close, as a dry run says it.
func (r Request) happened() string {
	switch {
	case !r.Automatic && (r.State.Asked() || r.State == rating.Scheduled):
		return rating.ByHand
	case r.State == rating.Failed:
		return rating.FailedToAsk
	case r.State == rating.Suppressed || r.State == rating.Cancelled:
		return r.Rule
	}
	return rating.Asked
}

// DryRunSeen remembers that somebody has looked at what the rules would do.
func (tx *Tx) DryRunSeen() error {
	return tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace).Update("dry_run_at", tx.Now).Error
}
