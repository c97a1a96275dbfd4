package models

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"
)

// WaitingRow is a low rating that nobody has asked about since, and where its conversation stands.
type WaitingRow struct {
	Rating
	State             string // of the conversation: open, snoozed or closed; empty: not known
	TeammateRepliedAt *time.Time
	ContactRepliedAt  *time.Time
	AssigneeID        string
	Ready             bool // a teammate has replied since, and the conversation was closed since
}

// isReady says in SQL whether a conversation may well be asked again.
const isReady = "CASE WHEN c.state = 'closed' AND c.closed_at > ratings.at AND c.teammate_replied_at > ratings.at THEN 1 ELSE 0 END"

// Waiting lists the ratings of the outcome NotAsked, whatever the filter's own: what is ready to be asked again first,
// the oldest of each first, after a row if there is one.
func (t Tenant) Waiting(ctx context.Context, f RatingFilter, after *Cursor, limit int) ([]WaitingRow, error) {
	q := t.waiting(ctx, f).Select("ratings.*, c.state, c.teammate_replied_at, c.contact_replied_at, c.assignee_id, " + isReady + " = 1 AS ready")
	if after != nil {
		id, ready := strings.CutPrefix(after.ID, readyPrefix)
		rank := 0
		if ready {
			rank = 1
		}
		q = q.Where(isReady+" < ? OR ("+isReady+" = ? AND (ratings.at > ? OR (ratings.at = ? AND ratings.id > ?)))", rank, rank, after.At, after.At, id)
	}
	return list[WaitingRow](q.Order(isReady + " DESC, ratings.at, ratings.id").Limit(limit))
}

// CountWaiting counts what Waiting lists, and how many of it are ready.
func (t Tenant) CountWaiting(ctx context.Context, f RatingFilter) (all, ready int64, err error) {
	var n struct{ All, Ready int64 }
	err = t.waiting(ctx, f).Select("COUNT(*) AS \"all\", COALESCE(SUM(" + isReady + "), 0) AS ready").Scan(&n).Error
	return n.All, n.Ready, err
}

func (t Tenant) waiting(ctx context.Context, f RatingFilter) *gorm.DB {
	f.Outcome = NotAsked
	return t.ratings(ctx, f).Table("ratings").
		Joins("JOIN conversations AS c ON c.workspace_id = ratings.workspace_id AND c.id = ratings.conversation_id")
}

// WaitingIn lists what waits in some conversations, whenever it was rated, the oldest first.
func (t Tenant) WaitingIn(ctx context.Context, conversations ...string) ([]Rating, error) {
	waiting := RatingFilter{Outcome: NotAsked}
	q := t.store.db.WithContext(ctx).Where("ratings.workspace_id = ?", t.Workspace).
		Where("s.conversation_id IN ?", conversations) // by its key: everything that waits may be much
	return list[Rating](waiting.byConversation(q).Order("ratings.at, ratings.id"))
}

const readyPrefix = "ready-"

// Cursor is the place after the row, for Waiting.
func (r WaitingRow) Cursor() Cursor {
	if r.Ready {
		return Cursor{At: r.At, ID: readyPrefix + r.ID}
	}
	return Cursor{At: r.At, ID: r.ID}
}
