package views

import (
	"fmt"
	"strconv"
	"time"

	"rerate/views/chart"
	"rerate/views/ui"
)

var themes = []ui.Choice{{Value: "system", Label: "System"}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"}}

// theme is the page's theme, "system" for anything that is not known.
func (p Page) theme() string {
	if p.Theme == "light" || p.Theme == "dark" {
		return p.Theme
	}
	return "system"
}

func (p Page) local(at time.Time) time.Time {
	if p.Zone == nil {
		return at.UTC()
	}
	return at.In(p.Zone)
}

// moment writes a time as shortly as its distance allows: "5 min ago", "14:05", "3 Oct 14:05", "3 Oct 2025".
func (p Page) moment(at time.Time) string {
	there, now := p.local(at), p.local(p.Now)
	ago := now.Sub(there)
	switch {
	case ago >= 0 && ago < time.Minute:
		return "just now"
	case ago >= 0 && ago < time.Hour:
		return fmt.Sprintf("%d min ago", int(ago.Minutes()))
	case ago >= 0 && ago < 24*time.Hour:
		return fmt.Sprintf("%d h ago", int(ago.Hours()))
	case there.Year() == now.Year():
		return there.Format("2 Jan 15:04")
	default:
		return there.Format("2 Jan 2006")
	}
}

// exact writes a time in full with its zone.
func (p Page) exact(at time.Time) string {
	return p.local(at).Format("Monday, 2 January 2006 15:04:05 MST")
}

// boolean writes a state attribute: "true" or "false".
func boolean(value bool) string { return strconv.FormatBool(value) }

// count writes a number with its noun: "1 rating", "1,204 ratings".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// grouped writes a number with its thousands apart.
func grouped(n int) string { return chart.Grouped(n) }
