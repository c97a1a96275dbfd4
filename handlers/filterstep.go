package handlers

import (
	"slices"
	"time"

	"rerate/internal/stats"
	"rerate/views"
)

// unit is a stretch of the calendar that a range may be: the names of the one that runs and of the one before, where it has
// one, its first day, and the most days that it has.
type unit struct {
	now, before string
	first       func(stats.Day) stats.Day
	most        int
}

// units are all of them; a range that may be several is the first.
var units = []unit{
	{"month", "last_month", stats.Calendar{Grain: stats.Monthly}.FirstDay, 31},
	{"quarter", "", firstOfQuarter, 92},
	{"year", "", func(d stats.Day) stats.Day { return d[:5] + "01-01" }, 366},
	{"week", "last_week", stats.Calendar{Grain: stats.Weekly, WeekStart: time.Monday}.FirstDay, 7},
}

func firstOfQuarter(d stats.Day) stats.Day {
	switch {
	case d[5:7] < "04":
		return d[:5] + "01-01"
	case d[5:7] < "07":
		return d[:5] + "04-01"
	case d[5:7] < "10":
		return d[:5] + "07-01"
	}
	return d[:5] + "10-01"
}

// around is the unit that lies so many units after the one of a day.
func (u unit) around(day stats.Day, later int, zone *time.Location) stats.Range {
	first := u.first(day)
	for ; later > 0; later-- {
		first = u.first(first.AddDays(u.most))
	}
	for ; later < 0; later++ {
		first = u.first(first.AddDays(-1))
	}
	return stats.Range{From: first, To: u.first(first.AddDays(u.most)).AddDays(-1), Zone: zone}
}

// unitOf finds the unit that the filter's range is, whole or up to today: the one that it is called by, else the first that
// fits.
func (f filter) unitOf(today stats.Day) (unit, bool) {
	r := f.rows.Range
	fits := func(u unit) bool {
		whole := u.around(r.From, 0, r.Zone)
		return r.From == whole.From && (r.To == whole.To || r.To == today && today <= whole.To)
	}
	for _, u := range units {
		if f.shown.Days != "" && (f.shown.Days == u.now || f.shown.Days == u.before) {
			return u, true
		}
	}
	at := slices.IndexFunc(units, fits)
	if at < 0 || f.shown.Days != "" {
		return unit{}, false
	}
	return units[at], true
}

// over is the filter over another range, in the shortest words: a preset, or both ends. A range that is a stretch of the
// calendar goes by the name of that one alone.
func (f filter) over(r stats.Range, today stats.Day, by unit) views.Filter {
	shown := f.shown
	shown.Days, shown.From, shown.To, shown.Cursor = "", "", "", ""
	presets := []string{by.now, by.before}
	if by.now == "" {
		if r.To == today && slices.Contains([]int{7, 30, defaultDays, 365}, r.Days()) {
			shown.Days = presetDays(r.Days())
			return shown
		}
		presets = []string{"today", "yesterday"}
	}
	for _, preset := range presets {
		if known := named(preset, today, r.Zone); preset != "" && r.From == known.From && (r.To == known.To || preset == by.now && r.To > today) {
			shown.Days = preset
			return shown
		}
	}
	shown.From, shown.To = string(r.From), string(r.To)
	return shown
}

// steps are the filters of the period before and of the one after; there is none after today. A stretch of the calendar
// steps by its like, anything else by its own length.
func (f filter) steps(today stats.Day) (earlier, later *views.Filter) {
	r := f.rows.Range
	by, whole := f.unitOf(today)
	step := func(direction int) *views.Filter {
		next := r.Shift(direction * r.Days())
		if whole {
			next = by.around(r.From, direction, r.Zone)
		}
		if f.shown.Days == allTime || next.From < firstStep || direction > 0 && (r.To >= today || whole && next.From > today) {
			return nil
		}
		if over := next.To.DaysUntil(today); direction > 0 && over < 0 && !whole {
			next = next.Shift(over)
		}
		shown := f.over(next, today, by)
		return &shown
	}
	return step(-1), step(1)
}

// firstStep is the earliest day that a filter takes.
const firstStep stats.Day = "1970-01-01"
