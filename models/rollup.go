package models

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"rerate/internal/rating"
	"rerate/internal/stats"
)

// ReportsVersion is raised whenever a figure is declared anew: the figures of a workspace that were built by an earlier
// version are built again when the program starts.
const ReportsVersion = 2

// TeammateOf says whose teammate a rollup row is about.
type TeammateOf string

// The views. A summary stands in a row of each of the first three, a request in one of OfAny and one of OfRequest, so
// each view sums up to the same whole.
const (
	OfAny     TeammateOf = "any"     // everybody's together
	OfLatest  TeammateOf = "latest"  // who is credited with the latest rating
	OfFirst   TeammateOf = "first"   // who is credited with the first rating
	OfRequest TeammateOf = "request" // whom the request belongs to
)

// RollupKey says which summaries or requests a rollup row sums. Each view has rows of all channels together, which most pages
// read, and rows of each channel.
type RollupKey struct {
	WorkspaceID string     `gorm:"primaryKey"`
	TeammateOf  TeammateOf `gorm:"primaryKey"`
	ByChannel   bool       `gorm:"primaryKey"`
	Day         stats.Day  `gorm:"primaryKey"`
	Channel     string     `gorm:"primaryKey"` // empty where ByChannel is false
	TeammateID  string     `gorm:"primaryKey"`
}

func (k RollupKey) compare(other RollupKey) int {
	return cmp.Or(cmp.Compare(k.TeammateOf, other.TeammateOf), cmp.Compare(k.Day, other.Day), cmp.Compare(k.Channel, other.Channel),
		cmp.Compare(k.TeammateID, other.TeammateID), compareBool(k.ByChannel, other.ByChannel))
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// ofChannel answers the keys of both rows in which stands what came by a channel.
func (k RollupKey) ofChannel(channel string) []RollupKey {
	each := k
	each.ByChannel, each.Channel = true, channel
	return []RollupKey{k, each}
}

// Figures are the sums over summaries that the pages show. figures below says what each counts.
type Figures struct {
	Rated              int64
	FirstPositive      int64
	LatestPositive     int64
	BestPositive       int64
	WorstPositive      int64
	Credit             int64 // in CreditUnit
	Better             int64
	Same               int64
	Worse              int64
	Gained             int64
	Lost               int64
	FirstPositiveAgain int64
	FirstNegative      int64
	Asked              int64
	Answered           int64
	Recovered          int64
	AnsweredWithReply  int64
	RecoveredWithReply int64
	AnsweredAlone      int64
	RecoveredAlone     int64
	LatestNegative     int64
	Waiting            int64
}

// RollupDay is one rollup row of figures.
type RollupDay struct {
	RollupKey
	Figures
}

// RollupMove counts the summaries that went from one score to another.
type RollupMove struct {
	RollupKey
	FirstScore  int `gorm:"primaryKey;autoIncrement:false"`
	FirstScale  int `gorm:"primaryKey;autoIncrement:false"`
	LatestScore int `gorm:"primaryKey;autoIncrement:false"`
	LatestScale int `gorm:"primaryKey;autoIncrement:false"`
	Pairs       int64
}

// sum declares one column of a rollup: where its value stands in the sums S, and how much one row R adds to it, once in Go
// for a few rows and once in SQL for whole tables. The tests hold the two against each other.
type sum[S, R any] struct {
	column string
	field  func(*S) *int64
	of     func(R) int64
	sql    string
}

// figures declares every sum over summaries: a new figure is a line here, a field above, and a column in a migration.
var figures = []sum[Figures, Summary]{
	{"rated", func(f *Figures) *int64 { return &f.Rated }, func(Summary) int64 { return 1 }, "1"},
	// Positive, by the policy that says which rating counts.
	when("first_positive", func(f *Figures) *int64 { return &f.FirstPositive }, Summary.firstPositive, firstPositive),
	when("latest_positive", func(f *Figures) *int64 { return &f.LatestPositive }, Summary.latestPositive, latestPositive),
	when("best_positive", func(f *Figures) *int64 { return &f.BestPositive },
		func(s Summary) bool { return s.BestSentiment == rating.Positive }, "best_sentiment = 'positive'"),
	when("worst_positive", func(f *Figures) *int64 { return &f.WorstPositive },
		func(s Summary) bool { return s.WorstSentiment == rating.Positive }, "worst_sentiment = 'positive'"),
	{"credit", func(f *Figures) *int64 { return &f.Credit }, func(s Summary) int64 { return s.Credit }, "credit"},
	// Rated more than once, latest against first: by score, and by being positive or not.
	when("better", func(f *Figures) *int64 { return &f.Better }, func(s Summary) bool { return s.Change == rating.Better }, "change = 'better'"),
	when("same", func(f *Figures) *int64 { return &f.Same }, func(s Summary) bool { return s.Change == rating.Same }, "change = 'same'"),
	when("worse", func(f *Figures) *int64 { return &f.Worse }, func(s Summary) bool { return s.Change == rating.Worse }, "change = 'worse'"),
	when("gained", func(f *Figures) *int64 { return &f.Gained },
		func(s Summary) bool { return !s.firstPositive() && s.latestPositive() }, "NOT "+firstPositive+" AND "+latestPositive),
	when("lost", func(f *Figures) *int64 { return &f.Lost },
		func(s Summary) bool { return s.firstPositive() && !s.latestPositive() }, firstPositive+" AND NOT "+latestPositive),
	when("first_positive_again", func(f *Figures) *int64 { return &f.FirstPositiveAgain },
		func(s Summary) bool { return s.firstPositive() && s.again() }, firstPositive+" AND "+again),
	// First rating low: how many, asked again, rated again, positive now.
	when("first_negative", func(f *Figures) *int64 { return &f.FirstNegative }, Summary.firstLow, firstLow),
	when("asked", func(f *Figures) *int64 { return &f.Asked },
		func(s Summary) bool { return s.firstLow() && s.AskedAgain }, firstLow+" AND asked_again"),
	when("answered", func(f *Figures) *int64 { return &f.Answered },
		func(s Summary) bool { return s.firstLow() && s.again() }, firstLow+" AND "+again),
	when("recovered", func(f *Figures) *int64 { return &f.Recovered }, Summary.recovered, recovered),
	// The same by whether a teammate replied in between, where that is known.
	when("answered_with_reply", func(f *Figures) *int64 { return &f.AnsweredWithReply },
		func(s Summary) bool { return s.firstLow() && s.again() && s.Replied == Yes }, firstLow+" AND "+again+" AND replied = 'yes'"),
	when("recovered_with_reply", func(f *Figures) *int64 { return &f.RecoveredWithReply },
		func(s Summary) bool { return s.recovered() && s.Replied == Yes }, recovered+" AND replied = 'yes'"),
	when("answered_alone", func(f *Figures) *int64 { return &f.AnsweredAlone },
		func(s Summary) bool { return s.firstLow() && s.again() && s.Replied == No }, firstLow+" AND "+again+" AND replied = 'no'"),
	when("recovered_alone", func(f *Figures) *int64 { return &f.RecoveredAlone },
		func(s Summary) bool { return s.recovered() && s.Replied == No }, recovered+" AND replied = 'no'"),
	// Latest rating low, and of these: waits to be asked again.
	when("latest_negative", func(f *Figures) *int64 { return &f.LatestNegative },
		func(s Summary) bool { return s.LatestSentiment == rating.Negative }, "latest_sentiment = 'negative'"),
	when("waiting", func(f *Figures) *int64 { return &f.Waiting }, func(s Summary) bool { return s.Waiting }, "waiting"),
}

// What summaries are told apart by, in SQL, and below in Go.
const (
	firstPositive  = "first_sentiment = 'positive'"
	latestPositive = "latest_sentiment = 'positive'"
	firstLow       = "first_sentiment = 'negative'"
	again          = "ratings > 1"
	recovered      = firstLow + " AND " + latestPositive
)

func (s Summary) firstPositive() bool  { return s.FirstSentiment == rating.Positive }
func (s Summary) latestPositive() bool { return s.LatestSentiment == rating.Positive }
func (s Summary) firstLow() bool       { return s.FirstSentiment == rating.Negative }
func (s Summary) again() bool          { return s.Ratings > 1 }
func (s Summary) recovered() bool      { return rating.Recovered(s.FirstSentiment, s.LatestSentiment) }

// when declares a sum of the rows of which something is so.
func when[S, R any](column string, field func(*S) *int64, is func(R) bool, sql string) sum[S, R] {
	one := func(row R) int64 {
		if is(row) {
			return 1
		}
		return 0
	}
	return sum[S, R]{column, field, one, "CASE WHEN " + sql + " THEN 1 ELSE 0 END"}
}

// figures is what one summary adds to its rollup rows.
func (s Summary) figures() (f Figures) {
	for _, declared := range figures {
		*declared.field(&f) = declared.of(s)
	}
	return f
}

// Add adds times × other to f.
func (f *Figures) Add(other Figures, times int64) {
	for _, declared := range figures {
		*declared.field(f) += times * *declared.field(&other)
	}
}

// columnsOf are the columns of declared sums.
func columnsOf[S, R any](declared []sum[S, R]) []string {
	columns := make([]string, len(declared))
	for i, d := range declared {
		columns[i] = d.column
	}
	return columns
}

// summed selects declared sums out of rows of a rollup.
func summed[S, R any](declared []sum[S, R]) string {
	return each(columnsOf(declared), "CAST(SUM(%s) AS BIGINT) AS %s")
}

// alone is what a summary says, without whose it is.
func (s Summary) alone() Summary {
	s.ConversationID, s.ContactID, s.LatestID, s.LatestAt = "", "", "", time.Time{}
	return s
}

// rollupKeys are the rows of each table in which a summary stands.
func (s Summary) rollupKeys() []RollupKey {
	rows := func(of TeammateOf, teammate string) []RollupKey {
		return RollupKey{WorkspaceID: s.WorkspaceID, TeammateOf: of, Day: s.Day, TeammateID: teammate}.ofChannel(s.Channel)
	}
	return slices.Concat(rows(OfAny, ""), rows(OfLatest, s.TeammateID), rows(OfFirst, s.FirstTeammateID))
}

type moveKey struct {
	RollupKey
	first, firstScale, latest, latestScale int
}

func (k moveKey) compare(other moveKey) int {
	return cmp.Or(k.RollupKey.compare(other.RollupKey), cmp.Compare(k.first, other.first), cmp.Compare(k.firstScale, other.firstScale),
		cmp.Compare(k.latest, other.latest), cmp.Compare(k.latestScale, other.latestScale))
}

// rolled is the sums that some summaries come to, by the rollup rows in which they stand.
type rolled struct {
	days  map[RollupKey]Figures
	moves map[moveKey]int64
	asks  map[RollupKey]Asks
}

func newRolled() rolled {
	return rolled{map[RollupKey]Figures{}, map[moveKey]int64{}, map[RollupKey]Asks{}}
}

// add adds a summary so many times.
func (r rolled) add(s Summary, times int64) {
	pairs := int64(0)
	if s.again() {
		pairs = 1
	}
	r.put(s, s.figures(), pairs, times)
}

// put adds so many times what some summaries come to that stand in the same rows as this one.
func (r rolled) put(s Summary, adds Figures, pairs, times int64) {
	for _, key := range s.rollupKeys() {
		sum := r.days[key]
		sum.Add(adds, times)
		r.days[key] = sum
		if pairs != 0 {
			r.moves[moveKey{key, s.FirstScore, s.FirstScale, s.LatestScore, s.LatestScale}] += pairs * times
		}
	}
}

// putAsks adds so many times what some requests of a teammate by a channel come to.
func (r rolled) putAsks(of RollupKey, channel string, adds Asks, times int64) {
	if adds == (Asks{}) {
		return
	}
	for _, view := range askViews {
		key := of
		if key.TeammateOf = view; view == OfAny {
			key.TeammateID = ""
		}
		for _, key := range key.ofChannel(channel) {
			sum := r.asks[key]
			sum.Add(adds, times)
			r.asks[key] = sum
		}
	}
}

// rows are the sums that are not all zero, in the order of their keys.
func (r rolled) rows() (days []RollupDay, moves []RollupMove, asked []RollupAsks) {
	for _, key := range slices.SortedFunc(maps.Keys(r.days), RollupKey.compare) {
		if r.days[key] != (Figures{}) {
			days = append(days, RollupDay{RollupKey: key, Figures: r.days[key]})
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(r.moves), moveKey.compare) {
		if r.moves[k] != 0 {
			moves = append(moves, RollupMove{k.RollupKey, k.first, k.firstScale, k.latest, k.latestScale, r.moves[k]})
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(r.asks), RollupKey.compare) {
		if r.asks[key] != (Asks{}) {
			asked = append(asked, RollupAsks{RollupKey: key, Asks: r.asks[key]})
		}
	}
	return days, moves, asked
}

// moveRollups takes what summaries and requests were before the transaction out of their rollup rows, and adds what they
// are now to theirs. It takes the rows in one order, always, so that two transactions never wait for each other in a circle.
func (tx *Tx) moveRollups() error {
	alike := map[Summary]int64{} // so many more, of those that say the same
	for _, s := range tx.before {
		alike[s.alone()]--
	}
	for _, s := range tx.next {
		alike[s.alone()]++
	}
	sums := newRolled()
	for s, times := range alike {
		sums.add(s, times)
	}
	if err := tx.moveAsks(sums); err != nil {
		return err
	}
	tx.before, tx.next = nil, nil
	return tx.addRolled(sums)
}

// standInLine has one transaction of this process at a time come to the rollups of a workspace; all must have the same rows, so
// the others would wait anyway. But were they to wait for the rows, and the process to stand still, each would come to them in
// turn and keep them from other processes for another three seconds, until PostgreSQL ends its session.
func (tx *Tx) standInLine() error {
	if tx.db.Name() == "sqlite" {
		return nil // one writes at a time
	}
	return tx.db.Exec("SELECT pg_advisory_xact_lock(?, HASHTEXT(?))", tx.line, tx.Workspace).Error
}

// dropEmptyRollups deletes the rollup rows in which nothing is left.
func (tx *Tx) dropEmptyRollups() error {
	for row, empty := range map[any]string{
		&RollupDay{}: "rated = 0", &RollupMove{}: "pairs = 0", &RollupAsks{}: "sent = 0 AND closed = 0",
	} {
		if err := tx.rows().Where(empty).Delete(row).Error; err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) addRolled(sums rolled) error {
	days, moves, asked := sums.rows()
	if len(days)+len(moves)+len(asked) == 0 {
		return nil
	}
	if err := tx.standInLine(); err != nil {
		return err
	}
	if err := addTo(tx, days, "rollup_days", dayKey, columnsOf(figures)); err != nil {
		return err
	}
	if err := addTo(tx, moves, "rollup_moves", moveKeyColumns, []string{"pairs"}); err != nil {
		return err
	}
	return addTo(tx, asked, "rollup_asks", dayKey, columnsOf(asks))
}

var (
	dayKey         = []string{"workspace_id", "teammate_of", "by_channel", "day", "channel", "teammate_id"}
	moveKeyColumns = append(slices.Clone(dayKey), "first_score", "first_scale", "latest_score", "latest_scale")
)

// addTo adds each row's sums to the stored row of the same key.
func addTo[Row any](tx *Tx, rows []Row, table string, key, sums []string) error {
	return insert(tx, rows, onConflict(key, sums, "%s = "+table+".%s + excluded.%s"))
}
