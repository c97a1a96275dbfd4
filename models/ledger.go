package models

import (
	"context"
	"time"

	"gorm.io/gorm"

	"rerate/internal/rating"
	"rerate/internal/stats"
)

// LedgerRow is a request with what the ledger says besides.
type LedgerRow struct {
	Request
	At      time.Time `gorm:"-"` // where the row stands: the close of its episode, or else when it was asked
	Channel string    // of the conversation
	Score   *int      // of the newest answer that was not undone and is not suspect
}

// LedgerFilter narrows the ledger. Its range is of the rows' At, its teammate the one who is credited with the work
// before the request. Empty fields do not narrow.
type LedgerFilter struct {
	Filter
	Status       LedgerStatus
	Rule         string // why not
	Method       Method
	Conversation string
	Closes       LedgerCloses
}

// LedgerCloses narrows the ledger to the rows behind the share of closes that were asked. Tests are in neither.
type LedgerCloses string

// The two sides of that share.
const (
	AllCloses   LedgerCloses = "all"   // every episode that is closed
	AskedCloses LedgerCloses = "asked" // of these, asked by now
)

// LedgerStatus is a group of states that a reader of the ledger thinks of as one.
type LedgerStatus string

// The groups. Each row is in just one of IsAsked, IsNotAsked, IsDue and HasFailed; IsAnswered, IsWaiting and
// IsUnanswered are the parts of IsAsked.
const (
	IsAsked      LedgerStatus = "asked"
	IsAnswered   LedgerStatus = "answered"
	IsWaiting    LedgerStatus = "waiting"
	IsUnanswered LedgerStatus = "unanswered" // the time to answer is over
	IsNotAsked   LedgerStatus = "not_asked"
	IsDue        LedgerStatus = "due"
	HasFailed    LedgerStatus = "failed"
)

// LedgerStatuses are all of them.
var LedgerStatuses = []LedgerStatus{IsAsked, IsAnswered, IsWaiting, IsUnanswered, IsNotAsked, IsDue, HasFailed}

// States are the states that the group takes together.
func (s LedgerStatus) States() []RequestState {
	switch s {
	case IsAsked:
		return []RequestState{rating.Sent, rating.Seen, rating.HasRating, rating.HasRemark, rating.Expired}
	case IsAnswered:
		return []RequestState{rating.HasRating, rating.HasRemark}
	case IsWaiting:
		return []RequestState{rating.Sent, rating.Seen}
	case IsUnanswered:
		return []RequestState{rating.Expired}
	case IsNotAsked:
		return []RequestState{rating.Suppressed, rating.Cancelled}
	case IsDue:
		return []RequestState{rating.Scheduled}
	case HasFailed:
		return []RequestState{rating.Failed}
	}
	return nil
}

// ledgerAt is where a row of the ledger stands; an index is on just this.
const ledgerAt = "COALESCE(r.closed_at, r.sent_at, r.created_at)"

// Ledger lists the ledger, newest first, after the cursor if there is one.
func (t Tenant) Ledger(ctx context.Context, f LedgerFilter, after *Cursor, limit int) ([]LedgerRow, error) {
	q := f.narrow(t.ledger(ctx))
	if after != nil {
		q = q.Where(ledgerAt+" <= ? AND ("+ledgerAt+" < ? OR r.id < ?)", after.At, after.At, after.ID)
	}
	return ledgerRows(q.Order(ledgerAt + " DESC, r.id DESC").Limit(limit))
}

// LedgerOf lists the requests of one conversation, oldest first.
func (t Tenant) LedgerOf(ctx context.Context, conversation string) ([]LedgerRow, error) {
	return ledgerRows(t.ledger(ctx).Where("r.conversation_id = ?", conversation).Order("r.episode, r.created_at, r.id"))
}

// LedgerRow reads one row of the ledger.
func (t Tenant) LedgerRow(ctx context.Context, id string) (LedgerRow, error) {
	row, err := one[LedgerRow](t.ledger(ctx).Where("r.id = ?", id))
	row.At = row.ledgerAt()
	return row, err
}

// LedgerSum is how many rows have a state for a reason, and how many of them are of an episode that is closed.
type LedgerSum struct {
	State        RequestState
	Rule         string
	Rows, Closes int
}

// LedgerSums counts the ledger by state and reason; the sums add up to what Ledger lists.
func (t Tenant) LedgerSums(ctx context.Context, f LedgerFilter) ([]LedgerSum, error) {
	sums := []LedgerSum{}
	q := t.store.db.WithContext(ctx).Table("requests AS r").Where("r.workspace_id = ?", t.Workspace)
	if f.Channel != "" { // else the conversations need not be looked up
		q = t.requests(ctx)
	}
	q = f.narrow(q).Select("r.state, r.rule, COUNT(*) AS rows, COUNT(r.closed_at) AS closes")
	err := q.Group("r.state, r.rule").Order("rows DESC, r.state, r.rule").Scan(&sums).Error
	return sums, err
}

// LedgerTeammates lists who is credited with work in the filter's range that was closed or asked about, for the filter: id,
// and the name that Intercom gives, or else the one of the latest rating.
func (t Tenant) LedgerTeammates(ctx context.Context, f LedgerFilter) ([]Teammate, error) {
	rows := []Teammate{}
	err := t.store.db.WithContext(ctx).Table("(?) AS who", t.ledgerRollups(ctx, f.Range, OfRequest, false).Where("teammate_id <> ''").Distinct("teammate_id")).
		Select(`who.teammate_id AS id, COALESCE((SELECT m.name FROM teammates m WHERE m.workspace_id = @workspace AND m.id = who.teammate_id),
			(SELECT r.teammate_name FROM ratings r WHERE r.workspace_id = @workspace AND r.teammate_id = who.teammate_id
			AND r.teammate_id <> '' ORDER BY r.at DESC, r.id DESC LIMIT 1), '') AS name`, map[string]any{"workspace": t.Workspace}).
		Order("name, id").Scan(&rows).Error
	return rows, err
}

// LedgerChannels lists the channels by which somebody was asked in the filter's range, or wrote what was closed, for the filter.
func (t Tenant) LedgerChannels(ctx context.Context, f LedgerFilter) ([]string, error) {
	var channels []string
	err := t.ledgerRollups(ctx, f.Range, OfAny, true).Distinct().Order("channel").Pluck("channel", &channels).Error
	return channels, err
}

// ledgerRollups are the rollups of requests in a range, which may have no bounds.
func (t Tenant) ledgerRollups(ctx context.Context, in stats.Range, of TeammateOf, byChannel bool) *gorm.DB {
	q := t.rows(ctx).Model(&RollupAsks{}).Where("teammate_of = ? AND by_channel = ? AND sent + closed > 0", of, byChannel)
	if in.From != "" {
		q = q.Where("day BETWEEN ? AND ?", in.From, in.To)
	}
	return q
}

// HasRequests reports whether the ledger has any row at all, for the empty pages.
func (t Tenant) HasRequests(ctx context.Context) (bool, error) {
	var ids []string
	err := t.rows(ctx).Model(&Request{}).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, err
}

func (f LedgerFilter) narrow(q *gorm.DB) *gorm.DB {
	if f.Range.From != "" {
		q = q.Where(ledgerAt+" >= ? AND "+ledgerAt+" < ?", f.Range.Start(), f.Range.End())
	}
	q = f.dimensions(q, "c.channel", "r.teammate_id")
	if f.Status != "" {
		q = q.Where("r.state IN ?", f.Status.States())
	}
	if f.Closes != "" {
		q = q.Where("r.closed_at IS NOT NULL AND NOT r.test")
	}
	if f.Closes == AskedCloses {
		q = q.Where("r.sent_at IS NOT NULL")
	}
	if f.Rule != "" {
		q = q.Where("r.rule = ?", f.Rule)
	}
	if f.Method != "" {
		q = q.Where("r.method = ?", f.Method)
	}
	if f.Conversation != "" {
		q = q.Where("r.conversation_id = ?", f.Conversation)
	}
	return q
}

func (t Tenant) requests(ctx context.Context) *gorm.DB {
	return t.store.db.WithContext(ctx).Table("requests AS r").
		Joins("JOIN conversations AS c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id").
		Where("r.workspace_id = ?", t.Workspace)
}

func (t Tenant) ledger(ctx context.Context) *gorm.DB {
	return t.requests(ctx).Select(`r.*, c.channel, (SELECT a.score FROM ratings AS a
		WHERE a.workspace_id = r.workspace_id AND a.request_id = r.id AND a.why_not NOT IN ('undone', 'suspect')
		ORDER BY a.at DESC, a.id DESC LIMIT 1) AS score`)
}

func ledgerRows(q *gorm.DB) ([]LedgerRow, error) {
	rows, err := list[LedgerRow](q)
	for i := range rows {
		rows[i].At = rows[i].ledgerAt()
	}
	return rows, err
}

// ledgerAt says the same as the column of this name.
func (r Request) ledgerAt() time.Time {
	switch {
	case r.ClosedAt != nil:
		return *r.ClosedAt
	case r.SentAt != nil:
		return *r.SentAt
	}
	return r.CreatedAt
}
