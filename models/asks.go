package models

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rerate/internal/stats"
)

// Asks are the sums over requests that the pages show. Tests are in none of them. A request on Messenger Home is in none
// either, since there nobody is sent one: it begins with its answer.
type Asks struct {
	Sent       int64
	Rated      int64 // of these, by now
	SentAgain  int64 // of Sent: the conversation had been asked or rated before
	RatedAgain int64
	Closed     int64 // episodes
	Asked      int64 // of these, by now
}

// RollupAsks is one rollup row of asks.
type RollupAsks struct {
	RollupKey
	Asks
}

// ask is what is summed up of a request: the request, and what its conversation says.
type ask struct {
	Request
	Channel string
}

// asksSent and asksClosed declare every sum over requests: those of the day it was sent, and those of the day on which its
// episode was closed.
var (
	asksSent = []sum[Asks, ask]{
		when("sent", func(a *Asks) *int64 { return &a.Sent }, ask.sent, sentSQL),
		when("rated", func(a *Asks) *int64 { return &a.Rated }, ask.rated, sentSQL+" AND requests.rated_at IS NOT NULL"),
		when("sent_again", func(a *Asks) *int64 { return &a.SentAgain },
			func(r ask) bool { return r.sent() && r.Again }, sentSQL+" AND requests.again"),
		when("rated_again", func(a *Asks) *int64 { return &a.RatedAgain },
			func(r ask) bool { return r.rated() && r.Again }, sentSQL+" AND requests.rated_at IS NOT NULL AND requests.again"),
	}
	asksClosed = []sum[Asks, ask]{
		when("closed", func(a *Asks) *int64 { return &a.Closed }, ask.closed, closedSQL),
		when("asked", func(a *Asks) *int64 { return &a.Asked },
			func(r ask) bool { return r.closed() && r.SentAt != nil }, closedSQL+" AND requests.sent_at IS NOT NULL"),
	}
	asks = slices.Concat(asksSent, asksClosed)
)

const (
	sentSQL   = "requests.sent_at IS NOT NULL AND NOT requests.test AND requests.method <> 'home'"
	closedSQL = "requests.closed_at IS NOT NULL AND NOT requests.test"
)

func (r ask) sent() bool   { return r.SentAt != nil && !r.Test && r.Method != ByHome }
func (r ask) rated() bool  { return r.sent() && r.RatedAt != nil }
func (r ask) closed() bool { return r.ClosedAt != nil && !r.Test }

// Add adds times × other to a.
func (a *Asks) Add(other Asks, times int64) {
	for _, declared := range asks {
		*declared.field(a) += times * *declared.field(&other)
	}
}

// asksOf is what a request adds to the rollups, and to which rows.
type asksOf struct {
	RollupKey
	Asks
	channel string
}

// adds adds a request so many times to those that add the same.
func (r ask) adds(alike map[asksOf]int64, zone *time.Location, times int64) {
	add := func(at *time.Time, declared []sum[Asks, ask]) {
		if at == nil {
			return
		}
		of := asksOf{RollupKey{WorkspaceID: r.WorkspaceID, Day: stats.DayOf(*at, zone), TeammateID: r.TeammateID}, Asks{}, r.Channel}
		for _, d := range declared {
			*d.field(&of.Asks) = d.of(r)
		}
		alike[of] += times
	}
	add(r.SentAt, asksSent)
	add(r.ClosedAt, asksClosed)
}

// holdAsks remembers what some requests add to the rollups before they are changed or made: at the end of the
// transaction the rollups move by what has changed. Whoever changes requests, or the channel of their conversation, calls
// it first.
func (tx *Tx) holdAsks(ids ...string) error {
	tx.holdsAsks = true
	unknown := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, held := tx.asks[id]; return held })
	if len(unknown) == 0 {
		return nil
	}
	if tx.asks == nil {
		tx.asks = map[string]*ask{}
	}
	for _, id := range unknown {
		tx.asks[id] = nil
	}
	if _, err := tx.holdSettings(clause.LockingStrengthShare); err != nil { // the local day of a request stays as it is
		return err
	}
	found, err := tx.readAsks(unknown)
	for _, r := range found {
		tx.asks[r.ID] = &r
	}
	return err
}

// holdAsksOf is holdAsks for all requests of a conversation.
func (tx *Tx) holdAsksOf(conversation string) error {
	var ids []string
	if err := tx.rows().Model(&Request{}).Where("conversation_id = ?", conversation).Pluck("id", &ids).Error; err != nil {
		return err
	}
	return tx.holdAsks(ids...)
}

func (tx *Tx) readAsks(ids []string) ([]ask, error) {
	var all []ask
	for chunk := range slices.Chunk(ids, 500) {
		found, err := list[ask](lockOf(tx.asksWithChannel(), "requests").Where("requests.id IN ?", padded(chunk)).Order("requests.id"))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// asksWithChannel starts a query of requests with the channel of their conversations.
func (tx *Tx) asksWithChannel() *gorm.DB {
	return tx.db.Table("requests").Select("requests.*, c.channel").Where("requests.workspace_id = ?", tx.Workspace).
		Joins("JOIN conversations AS c ON c.workspace_id = requests.workspace_id AND c.id = requests.conversation_id")
}

func idsOf(requests []Request) []string {
	ids := make([]string, len(requests))
	for i, r := range requests {
		ids[i] = r.ID
	}
	return ids
}

// moveAsks adds up what the held requests have come to add to the rollups since they were held.
func (tx *Tx) moveAsks(sums rolled) error {
	if len(tx.asks) == 0 {
		return nil
	}
	settings, err := tx.holdSettings(clause.LockingStrengthShare)
	if err != nil {
		return err
	}
	alike := map[asksOf]int64{}
	for _, r := range tx.asks {
		if r != nil {
			r.adds(alike, settings.Location(), -1)
		}
	}
	become := tx.written.rated
	for _, r := range become {
		delete(tx.asks, r.ID)
	}
	now, err := tx.readAsks(slices.Sorted(maps.Keys(tx.asks)))
	if err != nil {
		return err
	}
	for _, r := range slices.Concat(become, now) {
		r.adds(alike, settings.Location(), 1)
	}
	for of, times := range alike {
		sums.putAsks(of.RollupKey, of.channel, of.Asks, times)
	}
	tx.asks = nil
	return nil
}

var errAsksNotHeld = errors.New("requests are written in a transaction that has not called holdAsks, so that the rollups would not move")

// writesRequests finds what writes requests among statements in plain SQL.
var writesRequests = regexp.MustCompile(`(?i)\b(INTO|UPDATE|DELETE\s+FROM)\s+requests\b`)

// guardAsks makes it an error to write requests without holdAsks, so that nobody forgets it.
func guardAsks(db *gorm.DB) error {
	refuse := func(db *gorm.DB) {
		tx, ok := db.Statement.Context.Value(txKey{}).(*Tx)
		if !ok || !tx.holdsAsks {
			_ = db.AddError(errAsksNotHeld)
		}
	}
	rows := func(db *gorm.DB) {
		if db.Statement.Table == "requests" {
			refuse(db)
		}
	}
	on := db.Callback()
	return errors.Join(
		on.Create().Before("gorm:create").Register("rerate:asks", rows),
		on.Update().Before("gorm:update").Register("rerate:asks", rows),
		on.Delete().Before("gorm:delete").Register("rerate:asks", rows),
		on.Raw().Before("gorm:raw").Register("rerate:asks", func(db *gorm.DB) {
			if writesRequests.MatchString(db.Statement.SQL.String()) {
				refuse(db)
			}
		}),
	)
}
