package intercomtest

import (
	"strconv"
	"time"
)

// wallClock tells times as somebody in the workspace reads them.
type wallClock struct {
	now  time.Time
	zone *time.Location
}

func (p *pages) clockOf(workspace string) wallClock {
	zone, err := time.LoadLocation(p.workspace(workspace).TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return wallClock{p.clock().In(zone), zone}
}

// hour is the time of day.
func (c wallClock) hour(at time.Time) string { return at.In(c.zone).Format("15:04") }

// full is the whole time, with its zone.
func (c wallClock) full(at time.Time) string {
	return at.In(c.zone).Format("Mon 2 Jan 2006, 15:04 MST")
}

// day is the heading of a day's messages.
func (c wallClock) day(at time.Time) string {
	at = at.In(c.zone)
	switch days := c.daysAgo(at); {
	case days == 0:
		return "Today"
	case days == 1:
		return "Yesterday"
	case days < 7:
		return at.Format("Monday")
	case at.Year() == c.now.Year():
		return at.Format("2 January")
	}
	return at.Format("2 January 2006")
}

func (c wallClock) daysAgo(at time.Time) int {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(day(c.now).Sub(day(at.In(c.zone))).Hours() / 24)
}

// ago is how long ago something was, as short as a list has it.
func (c wallClock) ago(at time.Time) string {
	past := c.now.Sub(at)
	switch {
	case past < time.Minute:
		return "now"
	case past < time.Hour:
		return strconv.Itoa(int(past.Minutes())) + "m"
	case past < 24*time.Hour:
		return strconv.Itoa(int(past.Hours())) + "h"
	case past < 7*24*time.Hour:
		return strconv.Itoa(int(past.Hours()/24)) + "d"
	}
	return at.In(c.zone).Format("2 Jan")
}
