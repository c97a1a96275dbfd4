package handlers

import (
	"slices"
	"strconv"
	"time"

	"rerate/internal/stats"
	"rerate/views"
)

var monthly = stats.Calendar{Grain: stats.Monthly}

// month is the calendar month that lies so many months after the one of a day.
func month(of stats.Day, later int, zone *time.Location) stats.Range {
	first := monthly.FirstDay(of)
	for ; later > 0; later-- {
		first = monthly.FirstDay(first.AddDays(31))
	}
	for ; later < 0; later++ {
		first = monthly.FirstDay(first.AddDays(-1))
	}
	return stats.Range{From: first, To: monthly.FirstDay(first.AddDays(31)).AddDays(-1), Zone: zone}
}

// over is the filter over another range, in the shortest words: a preset, a month that is not over, or both ends.
func (f filter) over(r stats.Range, today stats.Day) views.Filter {
	shown := f.shown
	shown.Days, shown.From, shown.To, shown.Cursor = "", string(r.From), string(r.To), ""
	switch {
	case r.To < today:
	case r.From == monthly.FirstDay(today):
		shown.To = ""
	case r.To == today && slices.Contains(presets, strconv.Itoa(r.Days())):
		shown.From, shown.To, shown.Days = "", "", presetDays(r.Days())
	}
	return shown
}

// steps are the filters of the period before and of the one after; there is none after today. A calendar month steps by
// months, anything else by its own length.
func (f filter) steps(today stats.Day) (earlier, later *views.Filter) {
	r := f.rows.Range
	whole := month(r.From, 0, r.Zone)
	byMonth := r.From == whole.From && (r.To == whole.To || r.To == today && today <= whole.To)
	step := func(direction int) *views.Filter {
		next := r.Shift(direction * r.Days())
		if byMonth {
			next = month(r.From, direction, r.Zone)
		}
		if next.From < firstStep || direction > 0 && (r.To >= today || byMonth && next.From > today) {
			return nil
		}
		if over := next.To.DaysUntil(today); direction > 0 && over < 0 && !byMonth {
			next = next.Shift(over)
		}
		shown := f.over(next, today)
		return &shown
	}
	return step(-1), step(1)
}

// firstStep is the earliest day that a filter takes.
const firstStep stats.Day = "1970-01-01"
