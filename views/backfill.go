package views

import (
	"time"

	"rerate/views/ui"
)

// BackfillProps is what the page of Intercom's past shows.
type BackfillProps struct {
	Page      Page
	State     string // running, paused, done, failed; "" when nothing was ever read
	Phase     string // past, changed, whole
	Total     int
	Done      int
	Ratings   int
	Whole     int // to be read whole
	WholeDone int
	Days      int    // how far back; 0: everything
	Detail    string // why it failed
	By        string // who began it; "" for by itself
	StartedAt time.Time
	EndedAt   time.Time
	Connected bool
}

func (p BackfillProps) running() bool { return p.State == "running" }

func (p BackfillProps) title() string {
	switch p.State {
	case "running":
		return "Intercom's past is being read"
	case "paused":
		return "Paused"
	case "failed":
		return "Stopped: Intercom refused"
	case "done":
		return "Intercom's past has been read"
	}
	return "Nothing has been read yet"
}

// bar is how far the present phase has come.
func (p BackfillProps) bar() (label, words string, done, total int) {
	switch {
	case p.Phase == "whole":
		return "Reading lately closed conversations whole", grouped(p.WholeDone) + " of " + grouped(p.Whole), p.WholeDone, p.Whole
	case p.Phase == "changed":
		return "Reading what has changed meanwhile", "almost done", 0, 0
	case p.Total == 0:
		return "Counting the conversations", "a moment", 0, 0
	}
	return "Reading conversations", grouped(p.Done) + " of " + grouped(p.Total), min(p.Done, p.Total), p.Total
}

var backfillSpans = []ui.Choice{
	{Value: "30", Label: "Changed in the last 30 days"},
	{Value: "365", Label: "Changed in the last year"},
	{Value: "0", Label: "All of them"},
}

func (p BackfillProps) span() string {
	switch p.Days {
	case 30:
		return "changed in the last 30 days"
	case 365:
		return "changed in the last year"
	}
	return "all of them"
}
