package chart

import "fmt"

// intervalWords says an interval bar in words.
func intervalWords(p Point, target float64) string {
	if p.N <= 0 {
		return "No ratings, so no interval"
	}
	words := fmt.Sprintf("%s, 95 %% interval %s", Percent(p.Score), Range(p.Low, p.High))
	if target > 0 {
		words += ", target " + Percent(target)
	}
	return words
}

// sparkline is a course without axes, over a box of 100 by 24. Dots are paths of no length, because a circle would be
// stretched with the box.
type sparkline struct{ Line, Area, Alone, End string }

// spark draws the points between their own lowest and highest.
func spark(points []Point) sparkline {
	low, high := 1.0, 0.0
	for _, p := range points {
		if p.N > 0 {
			low, high = min(low, share(p.Score)), max(high, share(p.Score))
		}
	}
	span := max(high-low, 0.1)
	bottom := (low + high - span) / 2
	all, ground := make([]spot, len(points)), make([]spot, len(points))
	for i, p := range points {
		x := 50.0
		if len(points) > 1 {
			x = float64(i) / float64(len(points)-1) * 100
		}
		all[i] = spot{x: x, y: 21 - (share(p.Score)-bottom)/span*18, ok: p.N > 0}
		ground[i] = spot{x: x, y: 24, ok: p.N > 0}
	}
	drawn := sparkline{Line: line(all), Area: band(all, ground)}
	for i, s := range all {
		if alone(all, i) {
			drawn.Alone += mark(s)
		}
		if s.ok {
			drawn.End = mark(s)
		}
	}
	return drawn
}

// mark is a path that a round line cap turns into a dot.
func mark(s spot) string { return "M" + number(s.x) + " " + number(s.y) + "h0" }
