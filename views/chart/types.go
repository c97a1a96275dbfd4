// Package chart draws charts as SVG on the server: no inline style or script, colours by class, the same figures as a
// table under each. static/js/chart.js adds what pointer and keyboard point at; without it nothing is missing.
package chart

import "rerate/views/ui"

// Point is a share from 0 to 1 with its 95 % interval, measured on N ratings. With N 0 there is no point.
type Point struct {
	N                int
	Score, Low, High float64
}

// Bucket is one stretch of time (a day, a week or a month) of a trend.
type Bucket struct {
	Label      string // short, for the axis: "6 Oct"
	Title      string // long, for the table: "Week of 6 October 2026"
	Href       string // its ratings; "" is no link
	Counted    Point
	First      Point
	Previous   Point // the compared period's counted share; N 0 draws none
	Unfinished bool  // the stretch is not over yet
}

// Marker says that something changed in a bucket that may explain a change of its figures: a new wording, other rules.
type Marker struct {
	Bucket int    // its place in Trend.Buckets; a marker beside them is not shown
	Label  string // short: "Wording 4"
	Text   string // what changed, in a few words; may be empty
	Href   string // where it can be read; "" is no link
}

// Trend is counted against first ratings over time.
type Trend struct {
	Buckets   []Bucket
	MinSample int     // below it a point is drawn hollow
	Target    float64 // a level to draw, 0 is none
	Markers   []Marker
}

// Distribution is how often each score was given, as one bar for each row.
type Distribution struct {
	Scale []ui.Score // from worst to best
	Rows  []DistributionRow
}

// DistributionRow is one bar. Counts has one count for each score of the scale; Hrefs, if given, their ratings.
type DistributionRow struct {
	Label  string // "First ratings"
	Counts []int
	Hrefs  []string
}

// Matrix is how conversations moved: one row for each first score, one column for each latest, both from worst to
// best. Cells has len(Scale) rows of len(Scale) cells. FirstHrefs and LatestHrefs, if given, link the sums of rows and
// of columns.
type Matrix struct {
	Scale                   []ui.Score
	Cells                   [][]MatrixCell
	FirstHrefs, LatestHrefs []string
	Sentiments              *Matrix // the same pairs by sentiment, shown first; nil shows scores alone
}

// MatrixCell is one field of the matrix.
type MatrixCell struct {
	Count int
	Href  string // its conversations; "" is no link
}
