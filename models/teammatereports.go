package models

import (
	"context"

	"rerate/internal/stats"
)

// Nobody is the teammate of a filter that is narrowed to what nobody is credited with. Intercom's ids are numbers.
const Nobody = "nobody"

// TeammateDay is how one day's conversations went whose first rating is credited to one teammate.
type TeammateDay struct {
	TeammateID           string // empty: nobody
	Day                  stats.Day
	Rated, FirstPositive int64
}

// TeammateDays are the first ratings of the range by teammate and day, in their order: what TeammateReports sums up as First, by day. Days
// without ratings are left out.
func (t Tenant) TeammateDays(ctx context.Context, f Filter) ([]TeammateDay, error) {
	if f.rolledUp() {
		return list[TeammateDay](f.rollup(t.rows(ctx).Model(&RollupDay{}), OfFirst).
			Select("teammate_id, day, CAST(SUM(rated) AS BIGINT) AS rated, CAST(SUM(first_positive) AS BIGINT) AS first_positive").
			Group("teammate_id, day").Having("SUM(rated) <> 0").Order("teammate_id, day"))
	}
	who := OfFirst.column()
	return list[TeammateDay](t.summaries(ctx, f, OfFirst).
		Select(who + " AS teammate_id, day, COUNT(*) AS rated, SUM(CASE WHEN " + firstPositive + " THEN 1 ELSE 0 END) AS first_positive").
		Group(who + ", day").Order(who + ", day"))
}
