package stats

import (
	"fmt"
	"time"
)

// Range is a run of whole days in a zone, both ends included, as people write
// it. Instants are asked half-open: Start ≤ t < End.
type Range struct {
	From, To Day
	Zone     *time.Location
}

// ParseRange reads both ends as YYYY-MM-DD; to may equal from, not precede it.
func ParseRange(from, to string, zone *time.Location) (Range, error) {
	first, err := ParseDay(from)
	if err != nil {
		return Range{}, fmt.Errorf("from: %w", err)
	}
	last, err := ParseDay(to)
	if err != nil {
		return Range{}, fmt.Errorf("to: %w", err)
	}
	if last < first {
		return Range{}, fmt.Errorf("to: %s is before from, %s: swap them", last, first)
	}
	return Range{From: first, To: last, Zone: zone}, nil
}

// Start is the first instant of the range, in UTC.
func (r Range) Start() time.Time { return r.From.Start(r.Zone) }

// End is the first instant after the range, in UTC.
func (r Range) End() time.Time { return r.To.AddDays(1).Start(r.Zone) }

// Days is the number of days in the range, both ends counted.
func (r Range) Days() int { return r.From.DaysUntil(r.To) + 1 }

// Previous is the range of as many days that ends just before this one.
func (r Range) Previous() Range {
	return Range{From: r.From.AddDays(-r.Days()), To: r.From.AddDays(-1), Zone: r.Zone}
}

// SameWeekdays is the range of as many days before this one that begins on the same weekday, as late as it can: a
// weekend is held against a weekend.
func (r Range) SameWeekdays() Range {
	weeks := (r.Days() + 6) / 7
	return r.Shift(-7 * weeks)
}

// YearBefore is the range of the same dates in the latest year that ends before this range begins, and how many years that
// lies back.
func (r Range) YearBefore() (Range, int) {
	for years := 1; ; years++ {
		before := r.YearsBack(years)
		if before.To < before.From { // only the 29th of February
			before.From = before.To
		}
		if before.To < r.From {
			return before, years
		}
	}
}

// YearsBack is the range of the same dates some years earlier. Ranges that lie side by side do so there too: the last day
// of a month goes to the last day, and of the 29th of February alone no day is left, To being the day before From.
func (r Range) YearsBack(years int) Range {
	back := func(d Day) Day { return dayOfDate(d.date().AddDate(-years, 0, 0)) }
	return Range{From: back(r.From), To: back(r.To.AddDays(1)).AddDays(-1), Zone: r.Zone}
}

// Ripe is the last day of the range whose requests have all had a whole window of time to be answered; false where even
// those of its first day have not. Later days are a cohort that may still grow.
func (r Range) Ripe(window time.Duration, now time.Time) (Day, bool) {
	last := min(DayOf(now.Add(-window), r.Zone).AddDays(-1), r.To)
	return last, last >= r.From
}

// Shift is the range moved by some days, back for a negative number.
func (r Range) Shift(days int) Range {
	return Range{From: r.From.AddDays(days), To: r.To.AddDays(days), Zone: r.Zone}
}
