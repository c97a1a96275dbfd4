package stats

import (
	"fmt"
	"time"
)

// Day is a calendar day written YYYY-MM-DD, so days sort, compare and store as
// text. Make one with ParseDay or DayOf; the methods panic on other text.
type Day string

// The years a day may have. Before 1970 zone histories are guesses; five-digit
// years would no longer sort as text.
const (
	firstYear = 1970
	lastYear  = 2999

	firstDay Day = "1970-01-01"
	lastDay  Day = "2999-12-31"
)

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return "", fmt.Errorf("%q is not a day: write YYYY-MM-DD, a real date from %s to %s", s, firstDay, lastDay)
	}
	return Day(s), nil
}

// DayOf is the day to which the instant belongs in the zone. It is what the
// wall clock there shows, with one exception: where clocks were set back across
// midnight (St John's until 2011), the new day stays begun, so that a day is
// always one unbroken stretch of time. Instants out of the years a day may have,
// as broken imports bring them, count to the first or the last day there is.
func DayOf(t time.Time, zone *time.Location) Day {
	local := t.In(zone)
	if local.Year() < firstYear {
		return firstDay
	}
	if local.Year() > lastYear {
		return lastDay
	}
	day := dayOfDate(local)
	if next := day.AddDays(1); !t.Before(next.Start(zone)) {
		return next
	}
	return day
}

// Start is the first instant of the day in the zone, in UTC. The day ends where
// the next one starts, 23, 24 or 25 hours later as a rule; a day that a zone
// skipped (Samoa, 2011-12-30) starts and ends at the same instant.
func (d Day) Start(zone *time.Location) time.Time {
	// time.Date leaves open which instant it picks when midnight does not exist
	// or comes twice. So walk the stretches of constant offset instead, from an
	// instant that is before the day everywhere on Earth.
	midnight := d.date()
	for t := midnight.Add(-48 * time.Hour); ; {
		local := t.In(zone)
		_, offset := local.Zone()
		_, end := local.ZoneBounds()
		// On December 31st of leap years after 2037 Go 1.26 gives an end that is
		// past already. No zone changes its clocks that day; go on by the hour.
		if !end.IsZero() && !end.After(t) {
			end = t.Add(time.Hour)
		}
		start := midnight.Add(-time.Duration(offset) * time.Second)
		if start.Before(t) {
			start = t // the clock jumped over midnight
		}
		if end.IsZero() || start.Before(end) {
			return start.UTC()
		}
		t = end
	}
}

// AddDays is the day n days later, or earlier for negative n.
func (d Day) AddDays(n int) Day {
	return dayOfDate(d.date().AddDate(0, 0, n))
}

// DaysUntil is the number of days from d to other; negative if other is earlier.
func (d Day) DaysUntil(other Day) int {
	const secondsPerDay = 24 * 60 * 60
	return int((other.date().Unix() - d.date().Unix()) / secondsPerDay)
}

// date is midnight UTC of the same date: arithmetic on it knows no DST.
func (d Day) date() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		panic(fmt.Sprintf("stats: Day %q was not made by ParseDay or DayOf", string(d)))
	}
	return t
}

func dayOfDate(t time.Time) Day {
	return Day(t.Format(time.DateOnly))
}

// Weekday is the day's weekday.
func (d Day) Weekday() time.Weekday { return d.date().Weekday() }
