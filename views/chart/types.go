// Package chart draws charts as SVG on the server: no scripts, no inline style, colours by class.
package chart

// Point is a share from 0 to 1 with its 95 % interval, measured on N ratings. With N 0 there is no point.
type Point struct {
	N                int
	Score, Low, High float64
}

// Bucket is one stretch of time (a day or a week) of a trend.
type Bucket struct {
	Label      string // short, for the axis: "6 Oct"
	Title      string // long, for the table: "Week of 6 October 2026"
	Counted    Point
	First      Point
	Unfinished bool // the stretch is not over yet
}

// Trend is counted against first ratings over time.
type Trend struct {
	Buckets   []Bucket
	MinSample int     // below it a point is drawn hollow
	Target    float64 // a level to draw, 0 is none
}
