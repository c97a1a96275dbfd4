package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Call is one call between Intercom and Rerate: of what kind, about what, and how it ended. What was said in it is not
// kept: no body, no token, no name, no remark.
type Call struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	At             time.Time
	Direction      CallDirection
	Kind           string // "submit", a webhook's topic, "GET conversations", "POST note", …
	Path           string // method and address, with {id} in place of ids
	ConversationID string // "" where it is about none, or about one that could not be told
	Test           bool   // the workspace was in test mode
	Status         int    // HTTP; 0 when no answer came
	Outcome        CallOutcome
	Reason         string // in plain words: why it was refused or failed, or what is to be said besides
	Micros         int64  // how long it took, in microseconds
	Tab            CallTab
}

// CallDirection says who called.
type CallDirection string

// The directions.
const (
	FromThem CallDirection = "in"  // Intercom called Rerate
	ToThem   CallDirection = "out" // Rerate called Intercom
)

// CallOutcome says how a call ended.
type CallOutcome string

// The outcomes.
const (
	CallDone    CallOutcome = "done"
	CallRefused CallOutcome = "refused" // whoever was called could not honour it
	CallFailed  CallOutcome = "failed"  // whoever was called broke down, or did not answer
)

// CallTab is where a call is listed: each in one.
type CallTab string

// The tabs.
const (
	LiveCalls    CallTab = "live"
	TestCalls    CallTab = "test"
	InvalidCalls CallTab = "invalid" // refused or failed, in test mode too
)

// CallTabs are all of them.
var CallTabs = []CallTab{LiveCalls, TestCalls, InvalidCalls}

func (c Call) tab() CallTab {
	switch {
	case c.Outcome != CallDone:
		return InvalidCalls
	case c.Test:
		return TestCalls
	}
	return LiveCalls
}

// AddCalls stores calls, some hundred at most. Those that are not marked as test are when the workspace is in test mode; one that has not
// installed Rerate has none.
func (tx *Tx) AddCalls(calls []Call) error {
	settings, err := tx.callSettings()
	if err != nil {
		return err
	}
	rows := make([]Call, len(calls))
	for i, c := range calls {
		c.WorkspaceID, c.ID, c.At = tx.Workspace, tx.NewID(), c.At.UTC().Truncate(time.Microsecond)
		c.Test = c.Test || settings.TestMode
		c.Tab = c.tab()
		rows[i] = c
	}
	return insert(tx, rows, isNew)
}

// callSettings are the settings of the workspace, none where it never installed Rerate.
func (tx *Tx) callSettings() (Settings, error) {
	found, err := list[Workspace](tx.db.Where("id = ?", tx.Workspace))
	if err != nil || len(found) == 0 {
		return Settings{}, err
	}
	return found[0].Settings, nil
}

// CallFilter narrows a list of calls. Empty fields do not narrow.
type CallFilter struct {
	Tab          CallTab
	Direction    CallDirection
	Kind         string
	Conversation string
}

// Calls lists calls, newest first, after the cursor if there is one.
func (t Tenant) Calls(ctx context.Context, f CallFilter, after *Cursor, limit int) ([]Call, error) {
	q := f.narrow(t.rows(ctx))
	if after != nil {
		q = q.Where("at < ? OR (at = ? AND id < ?)", after.At, after.At, after.ID)
	}
	return list[Call](q.Order("at DESC, id DESC").Limit(limit))
}

// CountCalls counts the calls of each tab that the filter, but for its tab, leaves.
func (t Tenant) CountCalls(ctx context.Context, f CallFilter) (map[CallTab]int, error) {
	f.Tab = ""
	var rows []struct {
		Tab CallTab
		N   int
	}
	err := f.narrow(t.rows(ctx)).Model(&Call{}).Select("tab, COUNT(*) AS n").Group("tab").Find(&rows).Error
	counts := make(map[CallTab]int, len(rows))
	for _, row := range rows {
		counts[row.Tab] = row.N
	}
	return counts, err
}

// CallKinds lists the kinds that occur, for a choice of them.
func (t Tenant) CallKinds(ctx context.Context) ([]string, error) {
	var kinds []string
	err := t.rows(ctx).Model(&Call{}).Distinct().Order("kind").Limit(200).Pluck("kind", &kinds).Error
	return kinds, err
}

func (f CallFilter) narrow(q *gorm.DB) *gorm.DB {
	if f.Tab != "" {
		q = q.Where("tab = ?", f.Tab)
	}
	if f.Direction != "" {
		q = q.Where("direction = ?", f.Direction)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Conversation != "" {
		q = q.Where("conversation_id = ?", f.Conversation)
	}
	return q
}

// CallBounds say how many calls are kept, and how many rows one transaction deletes.
type CallBounds struct {
	Age  time.Duration
	Rows int // of one workspace
	Bite int
}

// KeepCalls is how many calls are kept.
var KeepCalls = CallBounds{Age: 7 * 24 * time.Hour, Rows: 20_000, Bite: 200}

// TrimCalls deletes the calls of a workspace that are too old or too many, the oldest first, in transactions of one
// bite each, so that nobody waits long for the database.
func (t Tenant) TrimCalls(ctx context.Context, keep CallBounds) error {
	oldest := Cursor{At: t.store.now().Add(-keep.Age)}
	first, err := list[Call](t.rows(ctx).Select("at", "id").Order("at DESC, id DESC").Offset(keep.Rows).Limit(1))
	if err != nil {
		return err
	}
	if len(first) > 0 && first[0].At.After(oldest.At) {
		oldest = Cursor{At: first[0].At, ID: first[0].ID}
	}
	for {
		bite := t.rows(ctx).Model(&Call{}).Select("id").Where("at < ? OR (at = ? AND id <= ?)", oldest.At, oldest.At, oldest.ID).
			Order("at, id").Limit(keep.Bite)
		gone := t.rows(ctx).Where("id IN (?)", bite).Delete(&Call{})
		if gone.Error != nil || gone.RowsAffected < int64(keep.Bite) {
			return gone.Error
		}
	}
}

// TrimCalls deletes what TrimCalls of every workspace would, of those that have not installed Rerate too.
func (s *Store) TrimCalls(ctx context.Context, keep CallBounds) error {
	var workspaces []string
	if err := s.db.WithContext(ctx).Model(&Call{}).Distinct().Pluck("workspace_id", &workspaces).Error; err != nil {
		return err
	}
	for _, workspace := range workspaces {
		if err := s.Tenant(workspace).TrimCalls(ctx, keep); err != nil {
			return err
		}
	}
	return nil
}
