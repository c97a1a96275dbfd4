package stats

import "time"

// Grain is how finely time is cut on a chart.
type Grain int

// The grains.
const (
	Daily Grain = iota
	Weekly
	Monthly
)

// Calendar cuts time into buckets. Weeks begin on WeekStart: time.Monday for
// ISO weeks; other grains ignore it.
type Calendar struct {
	Grain     Grain
	WeekStart time.Weekday
}

// Bucket is one point of a chart.
type Bucket struct {
	// First is the first day of the whole bucket (the Monday, the 1st), even if
	// the range begins later. It equals Calendar.FirstDay of each of its days.
	First Day
	// Range is the part of the bucket inside the range that was asked for.
	Range
	// Cut says that the range leaves out some of the bucket's days.
	Cut bool
	// Unfinished says that the whole bucket ends after now: more ratings may come.
	Unfinished bool
}

// FirstDay is the first day of the bucket that holds the day.
func (c Calendar) FirstDay(d Day) Day {
	switch date := d.date(); c.Grain {
	case Weekly:
		daysIn := int(date.Weekday()-c.WeekStart+7) % 7
		return d.AddDays(-daysIn)
	case Monthly:
		return d.AddDays(1 - date.Day())
	default:
		return d
	}
}

// finalDay is the last day of the bucket that begins on first.
func (c Calendar) finalDay(first Day) Day {
	switch c.Grain {
	case Weekly:
		return first.AddDays(6)
	case Monthly:
		return dayOfDate(first.date().AddDate(0, 1, -1))
	default:
		return first
	}
}

// Buckets are the buckets that cover the range, oldest first, with none left
// out: together their ranges are exactly the range.
func (c Calendar) Buckets(r Range, now time.Time) []Bucket {
	var buckets []Bucket
	for day := r.From; day <= r.To; {
		first := c.FirstDay(day)
		last := c.finalDay(first)
		part := Range{From: day, To: min(last, r.To), Zone: r.Zone}
		buckets = append(buckets, Bucket{
			First:      first,
			Range:      part,
			Cut:        part.From != first || part.To != last,
			Unfinished: now.Before(last.AddDays(1).Start(r.Zone)),
		})
		day = last.AddDays(1)
	}
	return buckets
}

// GrainFor is the grain that shows a range of so many days of up to a year in 3 to 28 buckets.
func GrainFor(days int) Grain {
	switch {
	case days <= 14:
		return Daily
	case days <= 26*7:
		return Weekly
	}
	return Monthly
}
