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

var presets = []string{"7", "30", "90", "365"}

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
		f.ignore("days", value, "it must be "+strings.Join(presets[:3], ", ")+" or "+presets[3])
		return
	}
	days, _ := strconv.Atoi(value) // a preset is a number
	f.back(today, zone, days)
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
	compareOff      = "off"
)

// compare finds the range that the figures are compared with.
func (f *filter) compare() {
	before := f.rows.Range.Previous()
	switch f.shown.Compare {
	case compareOff:
		return
	case compareWeekdays:
		before = f.rows.Range.SameWeekdays()
	case comparePrevious:
		f.shown.Compare = ""
	}
	f.compared = &before
}
