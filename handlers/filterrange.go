package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"rerate/internal/stats"
)

// defaultDays is the range of a page that names none, and longestRange the most days that one may have.
const (
	defaultDays  = 90
	longestRange = 3660
)

// presets are the ranges that go by a name: so many days back from today, or a stretch of the calendar. An address
// with one means the same stretch whenever it is opened.
var presets = []string{"7", "30", "90", "365", "today", "yesterday", "week", "last_week", "month", "last_month", "quarter", "year", allTime}

// allTime is the range from the first rating or request on, ten years at most.
const allTime = "all"

// rangeParams are read together, by parseRange.
var rangeParams = []string{"days", "from", "to"}

// parseRange takes from and to, or one of them, or a preset of days back from today.
func (f *filter) parseRange(query url.Values, zone *time.Location, now time.Time) {
	today := stats.DayOf(now, zone)
	f.back(today, zone, defaultDays)
	from, hasFrom := f.day(query, "from")
	to, hasTo := f.day(query, "to")
	switch {
	case hasFrom && !hasTo:
		to = max(from, today)
	case hasTo && !hasFrom:
		from = to.AddDays(1 - defaultDays)
	case !hasFrom:
		f.preset(query, today, zone)
		return
	}
	switch r := (stats.Range{From: from, To: to, Zone: zone}); {
	case to < from:
		f.ignore("to", string(to), "it is before "+string(from))
	case r.Days() > longestRange:
		f.ignore("from", string(from), "a range holds at most ten years")
	default:
		f.rows.Range, f.shown.Days = r, ""
		if hasFrom {
			f.shown.From = string(from)
		}
		if hasTo {
			f.shown.To = string(to)
		}
	}
}

func (f *filter) day(query url.Values, name string) (stats.Day, bool) {
	value, ok := f.value(query, name)
	if !ok {
		return "", false
	}
	day, err := stats.ParseDay(value)
	if err != nil {
		f.ignore(name, value, "it must be a day, YYYY-MM-DD")
		return "", false
	}
	return day, true
}

func (f *filter) preset(query url.Values, today stats.Day, zone *time.Location) {
	value, ok := f.value(query, "days")
	if !ok {
		return
	}
	if !slices.Contains(presets, value) {
		last := len(presets) - 1
		f.ignore("days", value, "it must be "+strings.Join(presets[:last], ", ")+" or "+presets[last])
		return
	}
	if days, err := strconv.Atoi(value); err == nil {
		f.back(today, zone, days)
		return
	}
	f.rows.Range, f.shown.Days = named(value, today, zone), value
}

// named is the range of a preset that is no number of days.
func named(preset string, today stats.Day, zone *time.Location) stats.Range {
	yesterday := today.AddDays(-1)
	switch preset {
	case "today":
		return stats.Range{From: today, To: today, Zone: zone}
	case "yesterday":
		return stats.Range{From: yesterday, To: yesterday, Zone: zone}
	}
	for _, u := range units {
		switch preset {
		case u.now:
			return stats.Range{From: u.first(today), To: today, Zone: zone}
		case u.before:
			return u.around(today, -1, zone)
		}
	}
	return stats.Range{From: today.AddDays(1 - longestRange), To: today, Zone: zone}
}

// back is the range of the last days, today among them.
func (f *filter) back(today stats.Day, zone *time.Location, days int) {
	f.rows.Range = stats.Range{From: today.AddDays(1 - days), To: today, Zone: zone}
	f.shown.Days = presetDays(days)
}

// presetDays writes a preset for an address: the default is left out.
func presetDays(days int) string {
	if days == defaultDays {
		return ""
	}
	return strconv.Itoa(days)
}

// The choices of compare; the first is the default.
const (
	comparePrevious = "previous"
	compareWeekdays = "weekdays"
	compareYear     = "year"
	compareOff      = "off"
)

// compare finds the range that the figures are compared with. There is nothing before all of time.
func (f *filter) compare() {
	if f.shown.Compare == comparePrevious {
		f.shown.Compare = ""
	}
	before := f.rows.Range.Previous()
	switch {
	case f.shown.Compare == compareOff || f.shown.Days == allTime:
		return
	case f.shown.Compare == compareWeekdays:
		before = f.rows.Range.SameWeekdays()
	case f.shown.Compare == compareYear:
		before, f.years = f.rows.Range.YearBefore()
	}
	if before.From < firstStep {
		return
	}
	f.compared = &before
}

// against is the part of the range compared with that answers to a part of the filter's own.
func (f filter) against(part stats.Range) stats.Range {
	if f.years > 0 {
		return part.YearsBack(f.years)
	}
	return part.Shift(f.rows.Range.From.DaysUntil(f.compared.From))
}
