package views

import (
	"strconv"
	"time"
)

// FiguresProps is what the settings page says of the figures themselves: whether they are what the rows come to.
type FiguresProps struct {
	Check   Recount
	Rebuild Recount
}

// Recount is a check or a rebuild of the figures; the zero value stands for one that there never was.
type Recount struct {
	UnderWay bool
	Percent  int
	Why      string // asked, nightly, zone, version
	BegunAt  time.Time
	EndedAt  time.Time // zero: it is under way, or waits for the next night
	Drifted  int64     // how many values were not what the rows came to
	Drifts   []string  // the first of them
}

// running says that it goes on now, and not in the next night.
func (r Recount) running() bool { return r.UnderWay && r.Why != "nightly" }

func (p FiguresProps) running() bool { return p.Check.running() || p.Rebuild.running() }

func (r Recount) percent() string { return strconv.Itoa(r.Percent) + " %" }

var recountReasons = map[string]string{
	"asked": "asked for by hand", "nightly": "by itself, every night", "zone": "after a change of the time zone",
	"version": "after an upgrade of Rerate",
}

func (r Recount) why() string { return recountReasons[r.Why] }

// outcome of a check, in words.
func (r Recount) outcome() string {
	switch {
	case r.Drifted > 0:
		return count(int(r.Drifted), "value was", "values were") + " not what the ratings and requests come to."
	case r.UnderWay:
		return "So far every figure is what the ratings and requests come to; the rest is looked at in the next nights."
	}
	return "Every figure was what the ratings and requests come to."
}
