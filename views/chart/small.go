package chart

import "fmt"

// intervalWords says an interval bar in words.
func intervalWords(p Point, _ float64) string {
	if p.N <= 0 {
		return "No ratings, so no interval"
	}
	return fmt.Sprintf("%s, 95 %% interval %s", Percent(p.Score), Range(p.Low, p.High))
}

// sparkPath draws the points between their own lowest and highest, over a box of 100 by 24.
func sparkPath(points []Point) string {
	low, high := 1.0, 0.0
	for _, p := range points {
		if p.N > 0 {
			low, high = min(low, share(p.Score)), max(high, share(p.Score))
		}
	}
	span := max(high-low, 0.1)
	bottom := (low + high - span) / 2
	all := make([]spot, len(points))
	for i, p := range points {
		x := 50.0
		if len(points) > 1 {
			x = float64(i) / float64(len(points)-1) * 100
		}
		all[i] = spot{x: x, y: 22 - (share(p.Score)-bottom)/span*20, ok: p.N > 0}
	}
	return line(all)
}
