package views

import "rerate/views/chart"

// OverviewProps is the overview: tiles, trend, matrix and newest ratings under one filter.
type OverviewProps struct {
	Page  Page
	Bar   FilterBar
	Empty OverviewEmpty // set when there is nothing to show, and why

	MinSample int // below it a figure is greyed

	Counted  Share
	First    Share
	Changes  Changes
	Recovery Recovery
	Requests Requests

	Trend  chart.Trend
	Matrix chart.Matrix
	Newest []RatingRow
}

// OverviewEmpty names the reason why the overview has nothing to show.
type OverviewEmpty string

// The reasons for an empty overview.
const (
	NotEmpty       OverviewEmpty = ""
	NotConnected   OverviewEmpty = "not_connected"
	NoRatingsYet   OverviewEmpty = "no_ratings"
	NothingMatches OverviewEmpty = "nothing_matches"
)

// Share is a CSAT figure: positive of rated, from 0 to 1, with its 95 % interval. Score, Low and High
// mean nothing where Rated is 0.
type Share struct {
	Rated            int
	Score, Low, High float64
	Href             string // its rows; "" is no link
	Spark            []chart.Point
}

// Changes counts conversations with at least two ratings, latest against first.
type Changes struct {
	Better, Same, Worse             int
	BetterHref, SameHref, WorseHref string
}

// Recovery counts conversations whose first rating is negative and what became of them.
type Recovery struct {
	FirstNegative, Asked, Answered, Recovered int
	Href                                      string
}

// Requests counts the requests sent in the range and how many of these were rated by now.
type Requests struct {
	Delivered, Rated int
	Href             string
}
