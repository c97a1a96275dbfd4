package models

import (
	"context"

	"gorm.io/gorm"

	"rerate/internal/rating"
	"rerate/internal/stats"
)

// Filter is what a page, a chart, a table, a CSV file and the API are narrowed to. Its range is of the local
// days of the latest valid rating in reports, and of each rating in lists. Empty fields do not narrow.
type Filter struct {
	Range    stats.Range
	Policy   rating.Policy
	Teammate string // Intercom's id of the teammate credited with the latest rating
	Channel  string
}

// Report is what the overview and the API's summary say. All but Requests speak of the same conversations:
// those whose latest valid rating was given in the range.
type Report struct {
	Figures
	Days     []DayFigures // days with ratings only, oldest first
	Moves    []RollupMove // summed over days, channels and teammates
	Requests RequestCount
}

// DayFigures are the figures of one local day.
type DayFigures struct {
	Day stats.Day
	Figures
}

// RequestCount counts the requests sent in the range, and how many of them were rated by now.
type RequestCount struct {
	Delivered int64
	Rated     int64
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

// Report sums the rollups: its cost does not grow with the number of ratings.
func (t Tenant) Report(ctx context.Context, f Filter) (Report, error) {
	report := Report{Moves: []RollupMove{}}
	rollup := func() *gorm.DB {
		q := t.rows(ctx).Where("day BETWEEN ? AND ?", f.Range.From, f.Range.To)
		return f.dimensions(q, "channel", "teammate_id")
	}
	sums := "day"
	for _, column := range figureColumns {
		sums += ", SUM(" + column + ") AS " + column
	}
	// A row whose ratings have all moved elsewhere stays behind with zeros.
	if err := rollup().Model(&RollupDay{}).Select(sums).Group("day").Having("SUM(rated) <> 0").
		Order("day").Scan(&report.Days).Error; err != nil {
		return Report{}, err
	}
	for _, day := range report.Days {
		report.Add(day.Figures, 1)
	}
	score := "first_score, first_scale, latest_score, latest_scale"
	if err := rollup().Model(&RollupMove{}).Select(score + ", SUM(pairs) AS pairs").
		Group(score).Having("SUM(pairs) <> 0").Order(score).Scan(&report.Moves).Error; err != nil {
		return Report{}, err
	}
	var err error
	report.Requests, err = t.requestCount(ctx, f)
	return report, err
}

func (t Tenant) requestCount(ctx context.Context, f Filter) (RequestCount, error) {
	var n RequestCount
	q := t.store.db.WithContext(ctx).Table("requests AS r").
		Select("COUNT(*) AS delivered, COUNT(r.rated_at) AS rated").
		Joins("JOIN conversations AS c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id").
		Where("r.workspace_id = ? AND r.sent_at >= ? AND r.sent_at < ?", t.Workspace, f.Range.Start(), f.Range.End())
	err := f.dimensions(q, "c.channel", "r.teammate_id").Scan(&n).Error
	return n, err
}

// dimensions narrows a query to the filter's channel and teammate.
func (f Filter) dimensions(q *gorm.DB, channel, teammate string) *gorm.DB {
	if f.Channel != "" {
		q = q.Where(channel+" = ?", f.Channel)
	}
	if f.Teammate != "" {
		q = q.Where(teammate+" = ?", f.Teammate)
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

// CreditedTeammates lists who was ever credited with a rating, for the filter: id and name.
func (t Tenant) CreditedTeammates(ctx context.Context) ([]Teammate, error) {
	rows := []Teammate{}
	err := t.rows(ctx).Model(&Rating{}).Where("teammate_id <> ''").
		Select("teammate_id AS id, MAX(teammate_name) AS name").Group("teammate_id").Order("name, id").Scan(&rows).Error
	return rows, err
}

// UsedChannels lists the channels that have ratings, for the filter.
func (t Tenant) UsedChannels(ctx context.Context) ([]string, error) {
	var channels []string
	err := t.rows(ctx).Model(&RollupDay{}).Where("rated > 0").Distinct().Order("channel").Pluck("channel", &channels).Error
	return channels, err
}
