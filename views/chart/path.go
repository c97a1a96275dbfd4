package chart

import "strings"

// spot is one drawn point in the units of the path's box; ok is false where nothing was measured.
type spot struct {
	x, y float64
	ok   bool
}

// alone says that no line leads to the spot.
func alone(spots []spot, i int) bool {
	before := i > 0 && spots[i-1].ok
	after := i+1 < len(spots) && spots[i+1].ok
	return spots[i].ok && !before && !after
}

// line joins neighbouring spots; where one is missing the line breaks. A spot without neighbours makes no line.
func line(spots []spot) string {
	var path strings.Builder
	for i, s := range spots {
		switch {
		case !s.ok || alone(spots, i):
		case i > 0 && spots[i-1].ok:
			path.WriteString("L" + number(s.x) + " " + number(s.y))
		default:
			path.WriteString("M" + number(s.x) + " " + number(s.y))
		}
	}
	return path.String()
}

// band closes the area between two lines over the same places, one shape for each unbroken run.
func band(upper, lower []spot) string {
	var path strings.Builder
	for from := 0; from < len(upper); from++ {
		if !upper[from].ok {
			continue
		}
		to := from
		for to+1 < len(upper) && upper[to+1].ok {
			to++
		}
		if to > from {
			path.WriteString(line(upper[from : to+1]))
			for i := to; i >= from; i-- {
				path.WriteString("L" + number(lower[i].x) + " " + number(lower[i].y))
			}
			path.WriteString("Z")
		}
		from = to
	}
	return path.String()
}

// split cuts the spots into the finished part and the step to the last, unfinished one.
func split(spots []spot, unfinished bool) (finished, open []spot) {
	if !unfinished || len(spots) < 2 {
		return spots, nil
	}
	return spots[:len(spots)-1], spots[len(spots)-2:]
}
