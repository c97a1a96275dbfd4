package models

import (
	"context"
	"encoding/json"
	"slices"

	"gorm.io/gorm"

	"rerate/internal/rating"
	"rerate/internal/stats"
)

// Filter is what a page, a chart, a table, a CSV file and the API are narrowed to. Its range is of the local
// days of the latest valid rating in reports, and of each rating in lists; so are the fields that speak of a rating. Empty
// fields do not narrow.
type Filter struct {
	Range    stats.Range
	Policy   rating.Policy
	Teammate string // Intercom's id of the teammate credited with the rating, or Nobody; of requests, whom they belong to
	Channel  string
	Tag      string        // of the conversation
	Segment  string        // the contact is in it now
	Company  string        // the contact belongs to it
	Wording  int           // the version that asked
	Score    int           // of the rating
	Change   rating.Change // of the rating, against the first
	Remark   YesNo         // the rating has one
}

// OfAnswers reports whether the filter speaks of what only an answer has, so that requests cannot be counted by it.
func (f Filter) OfAnswers() bool { return f.Score != 0 || f.Change != "" || f.Remark != Either }

// rolledUp reports whether rollups know everything that the filter asks for.
func (f Filter) rolledUp() bool {
	return f.Tag == "" && f.Segment == "" && f.Company == "" && f.Wording == 0 && !f.OfAnswers()
}

// Report is what the overview and the API's summary say. All but Asks speak of the same conversations: those whose
// latest valid rating was given in the range.
type Report struct {
	Figures
	Days  []DayFigures // days with ratings only, oldest first
	Moves []RollupMove // summed over days, channels and teammates
	Asks  Asks         // zero under a filter of answers
}

// DayFigures are the figures of one local day.
type DayFigures struct {
	Day stats.Day
	Figures
}

// TeammateReport is what a teammate's work came to: the conversations whose first rating is credited to them, those whose
// latest is, and the requests that belong to them. ID is empty for what nobody is credited with.
type TeammateReport struct {
	ID            string
	First, Latest Figures
	Asks          Asks
}

// Positive is the numerator of CSAT under a policy: whole conversations, or under the average policy the sum of
// positives ÷ ratings.
func (f Figures) Positive(p rating.Policy) float64 {
	switch p {
	case rating.CountFirst:
		return float64(f.FirstPositive)
	case rating.CountBest:
		return float64(f.BestPositive)
	case rating.CountWorst:
		return float64(f.WorstPositive)
	case rating.CountAverage:
		return float64(f.Credit) / CreditUnit
	case rating.CountLatest:
	}
	return float64(f.LatestPositive)
}

// Report sums up the range. Under a filter that rollups know its cost does not grow with the number of ratings;
// under another one the range's summaries are gone through.
func (t Tenant) Report(ctx context.Context, f Filter) (Report, error) {
	report := Report{Moves: []RollupMove{}}
	view := OfAny
	if f.Teammate != "" {
		view = OfLatest
	}
	if err := t.summedUp(ctx, f, view, "day", figures).Scan(&report.Days).Error; err != nil {
		return Report{}, err
	}
	for _, day := range report.Days {
		report.Add(day.Figures, 1)
	}
	if err := t.moves(ctx, f, view).Scan(&report.Moves).Error; err != nil {
		return Report{}, err
	}
	var asks []RollupAsks
	if err := t.summedAsks(ctx, f, OfAny, "", func(found []RollupAsks) { asks = append(asks, found...) }); err != nil {
		return Report{}, err
	}
	for _, a := range asks {
		report.Asks.Add(a.Asks, 1)
	}
	return report, nil
}

// TeammateReports sums up the range for each teammate, sorted by id. Each column adds up to what Report says under the
// same filter without a teammate; with one, the filter leaves that teammate alone.
func (t Tenant) TeammateReports(ctx context.Context, f Filter) ([]TeammateReport, error) {
	byID := map[string]TeammateReport{}
	for _, view := range []TeammateOf{OfFirst, OfLatest} {
		var rows []RollupDay
		if err := t.summedUp(ctx, f, view, "teammate_id", figures).Scan(&rows).Error; err != nil {
			return nil, err
		}
		for _, row := range rows {
			report := byID[row.TeammateID]
			if view == OfFirst {
				report.First = row.Figures
			} else {
				report.Latest = row.Figures
			}
			byID[row.TeammateID] = report
		}
	}
	if err := t.summedAsks(ctx, f, OfRequest, "teammate_id", func(rows []RollupAsks) {
		for _, row := range rows {
			report := byID[row.TeammateID]
			report.Asks.Add(row.Asks, 1)
			byID[row.TeammateID] = report
		}
	}); err != nil {
		return nil, err
	}
	for id, report := range byID {
		report.ID = id
		byID[id] = report
	}
	return inOrder(byID), nil
}

// Recoverer is what a teammate made of low first ratings: of how many a later answer came that is credited to them, and how
// many of these were positive.
type Recoverer struct {
	TeammateID          string
	Answered, Recovered int64
}

// Recoverers sums up the range for each teammate who had answers after a low first rating, sorted by id: what
// TeammateReports says in Latest, for much less.
func (t Tenant) Recoverers(ctx context.Context, f Filter) ([]Recoverer, error) {
	rows, err := list[Recoverer](t.summedUp(ctx, f, OfLatest, "teammate_id", recoveries))
	return slices.DeleteFunc(rows, func(r Recoverer) bool { return r.TeammateID == "" || r.Answered == 0 }), err
}

var recoveries = slices.DeleteFunc(slices.Clone(figures), func(s sum[Figures, Summary]) bool {
	return s.column != "answered" && s.column != "recovered"
})

// summedUp starts a query of sums by one column of the rollups' key. A rollup row whose ratings have all moved elsewhere
// stays behind with zeros.
func (t Tenant) summedUp(ctx context.Context, f Filter, view TeammateOf, by string, sums []sum[Figures, Summary]) *gorm.DB {
	if f.rolledUp() {
		return f.rollup(t.rows(ctx).Model(&RollupDay{}), view).Select(by + ", " + summed(sums)).
			Group(by).Having("SUM(rated) <> 0").Order(by)
	}
	column := by
	if by == "teammate_id" {
		column = view.column()
	}
	return t.summaries(ctx, f, view).Select(column + " AS " + by + ", " + counted(sums)).Group(column).Order(column)
}

// moves starts a query of how many went from which score to which.
func (t Tenant) moves(ctx context.Context, f Filter, view TeammateOf) *gorm.DB {
	const score = "first_score, first_scale, latest_score, latest_scale"
	if f.rolledUp() {
		return f.rollup(t.rows(ctx).Model(&RollupMove{}), view).Select(score + ", CAST(SUM(pairs) AS BIGINT) AS pairs").
			Group(score).Having("SUM(pairs) <> 0").Order(score)
	}
	return t.summaries(ctx, f, view).Where(again).Select(score + ", COUNT(*) AS pairs").Group(score).Order(score)
}

// summedAsks reads sums over requests by one column of the rollups' key, or all in one row, and hands them over; there may
// be more than one row for a value.
func (t Tenant) summedAsks(ctx context.Context, f Filter, view TeammateOf, by string, take func([]RollupAsks)) error {
	if f.OfAnswers() {
		return nil
	}
	if f.Teammate != "" {
		view = OfRequest
	}
	grouped := func(q *gorm.DB, column, sums string) error {
		if by != "" {
			q, sums = q.Group(column), column+" AS "+by+", "+sums
		}
		var rows []RollupAsks
		err := q.Select(sums).Having("COUNT(*) > 0").Scan(&rows).Error
		take(rows)
		return err
	}
	if f.rolledUp() {
		return grouped(f.rollup(t.rows(ctx).Model(&RollupAsks{}), view), by, summed(asks))
	}
	for column, sums := range map[string][]sum[Asks, ask]{"sent_at": asksSent, "closed_at": asksClosed} {
		q := t.narrowedAsks(ctx, f).Where("requests."+column+" >= ? AND requests."+column+" < ?", f.Range.Start(), f.Range.End())
		if err := grouped(q, "requests."+by, counted(sums)); err != nil {
			return err
		}
	}
	return nil
}

// counted selects declared sums out of the rows themselves.
func counted[S, R any](declared []sum[S, R]) string {
	sums := ""
	for i, d := range declared {
		if i > 0 {
			sums += ", "
		}
		sums += "CAST(SUM(" + d.sql + ") AS BIGINT) AS " + d.column
	}
	return sums
}

// rollup narrows a rollup's rows.
func (f Filter) rollup(q *gorm.DB, view TeammateOf) *gorm.DB {
	q = q.Where("teammate_of = ? AND by_channel = ? AND day BETWEEN ? AND ?", view, f.Channel != "", f.Range.From, f.Range.To)
	return f.dimensions(q, "channel", "teammate_id")
}

// column is where a summary says whose it is in this view.
func (v TeammateOf) column() string {
	if v == OfFirst {
		return "first_teammate_id"
	}
	return "teammate_id"
}

// summaries starts a query of the summaries that the filter leaves.
func (t Tenant) summaries(ctx context.Context, f Filter, view TeammateOf) *gorm.DB {
	q := t.rows(ctx).Model(&Summary{}).Where("day BETWEEN ? AND ?", f.Range.From, f.Range.To)
	q = f.dimensions(q, "channel", "summaries."+view.column())
	if f.Score != 0 {
		q = q.Where("latest_score = ?", f.Score)
	}
	if f.Change != "" {
		q = q.Where("change = ?", f.Change)
	}
	latest := func(is string, values ...any) *gorm.DB {
		return q.Where(`EXISTS (SELECT 1 FROM ratings l WHERE l.workspace_id = summaries.workspace_id AND l.id = summaries.latest_id AND `+is+")", values...)
	}
	switch f.Remark {
	case Yes:
		q = latest("l.remark <> ''")
	case No:
		q = latest("l.remark = ''")
	case Either:
	}
	if f.Wording != 0 {
		q = latest("l.wording_version = ?", f.Wording)
	}
	return f.people(f.tagged(q, t, "summaries", allOfThem), "summaries")
}

// narrowedAsks starts a query of the requests that the filter leaves, its range aside.
func (t Tenant) narrowedAsks(ctx context.Context, f Filter) *gorm.DB {
	q := t.store.db.WithContext(ctx).Model(&Request{}).Where("requests.workspace_id = ?", t.Workspace)
	if f.Channel != "" { // else the conversations need not be looked up
		q = q.Joins("JOIN conversations AS c ON c.workspace_id = requests.workspace_id AND c.id = requests.conversation_id")
	}
	q = f.dimensions(q, "c.channel", "requests.teammate_id")
	if f.Wording != 0 {
		q = q.Where("requests.wording_version = ?", f.Wording)
	}
	return f.people(f.tagged(q, t, "requests", allOfThem), "requests")
}

// dimensions narrows a query to the filter's channel and teammate.
func (f Filter) dimensions(q *gorm.DB, channel, teammate string) *gorm.DB {
	if f.Channel != "" {
		q = q.Where(channel+" = ?", f.Channel)
	}
	switch f.Teammate {
	case "":
	case Nobody:
		q = q.Where(teammate + " = ''")
	default:
		q = q.Where(teammate+" = ? AND "+teammate+" <> ''", f.Teammate) // the index of ratings leaves out those of nobody
	}
	return q
}

// wanted says what a query is after, so that SQLite finds it with the right index.
type wanted bool

const (
	allOfThem wanted = false // whatever a condition leaves
	firstFew  wanted = true  // some of many rows that are gone through in their order
)

// tagged narrows a query of a table to conversations with the filter's tag. Tags are stored as a list in JSON, in which
// no tag stands within another between two quotation marks. An index has those conversations alone that have tags.
func (f Filter) tagged(q *gorm.DB, t Tenant, table string, want wanted) *gorm.DB {
	if f.Tag == "" {
		return q
	}
	within := "instr(v.tags, ?) > 0"
	if q.Name() != "sqlite" {
		within = "strpos(v.tags, ?) > 0"
	}
	quoted, err := json.Marshal(f.Tag)
	if err != nil {
		panic(err) // a string
	}
	if want == firstFew {
		return q.Where("EXISTS (SELECT 1 FROM conversations v WHERE v.workspace_id = ? AND v.id = "+table+".conversation_id AND "+within+")",
			t.Workspace, string(quoted))
	}
	return q.Where(table+".conversation_id IN (SELECT v.id FROM conversations v WHERE v.workspace_id = ? AND v.tags <> '[]' AND "+within+")",
		t.Workspace, string(quoted))
}

// people narrows a query of a table to the filter's segment and company.
func (f Filter) people(q *gorm.DB, table string) *gorm.DB {
	if f.Segment != "" {
		q = q.Where(`EXISTS (SELECT 1 FROM segment_members m WHERE m.workspace_id = `+table+`.workspace_id AND m.contact_id = `+table+`.contact_id
			AND m.segment_id = ?)`, f.Segment)
	}
	if f.Company != "" {
		q = q.Where(`EXISTS (SELECT 1 FROM contact_companies m WHERE m.workspace_id = `+table+`.workspace_id AND m.contact_id = `+table+`.contact_id
			AND m.company_id = ?)`, f.Company)
	}
	return q
}

// Matrix counts the pairs by first (row) and latest (column) score on a scale of the given size. Scores of other
// scales go to the nearest place.
func (r Report) Matrix(size int) [][]int64 {
	matrix := make([][]int64, size)
	for i := range matrix {
		matrix[i] = make([]int64, size)
	}
	for _, m := range r.Moves {
		first := rating.Score{Value: m.FirstScore, Of: m.FirstScale}.On(size)
		latest := rating.Score{Value: m.LatestScore, Of: m.LatestScale}.On(size)
		matrix[first-1][latest-1] += m.Pairs
	}
	return matrix
}

// HasRatings reports whether the workspace has any rating at all, for the empty pages.
func (t Tenant) HasRatings(ctx context.Context) (bool, error) {
	var ids []string
	err := t.rows(ctx).Model(&Rating{}).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, err
}

// CreditedTeammates lists who was ever credited with a rating, for the filter: id, and the name of the latest one. It looks
// up one teammate after the other in the index, so that its cost grows with the teammates and not with the ratings.
func (t Tenant) CreditedTeammates(ctx context.Context) ([]Teammate, error) {
	rows := []Teammate{}
	err := t.store.db.WithContext(ctx).Raw(`WITH RECURSIVE who (id) AS (
			SELECT MIN(teammate_id) FROM ratings WHERE workspace_id = @workspace AND teammate_id <> ''
			UNION ALL
			SELECT (SELECT MIN(r.teammate_id) FROM ratings r WHERE r.workspace_id = @workspace AND r.teammate_id > who.id AND r.teammate_id <> '') FROM who WHERE who.id IS NOT NULL)
		SELECT who.id, (SELECT r.teammate_name FROM ratings r WHERE r.workspace_id = @workspace AND r.teammate_id = who.id AND r.teammate_id <> ''
			ORDER BY r.at DESC, r.id DESC LIMIT 1) AS name FROM who WHERE who.id IS NOT NULL ORDER BY name, id`,
		map[string]any{"workspace": t.Workspace}).Scan(&rows).Error
	return rows, err
}

// UsedChannels lists the channels that have ratings, for the filter.
func (t Tenant) UsedChannels(ctx context.Context) ([]string, error) {
	var channels []string
	err := t.rows(ctx).Model(&RollupDay{}).Where("teammate_of = ? AND by_channel AND rated > 0", OfAny).Distinct().Order("channel").Pluck("channel", &channels).Error
	return channels, err
}
