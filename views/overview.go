package views

import (
	"cmp"

	"rerate/views/chart"
	"rerate/views/ui"
)

// OverviewProps is the overview: what asking again comes to, five figures, trend, matrix, and the ratings to look at,
// all under one filter.
type OverviewProps struct {
	Page  Page
	Bar   FilterBar
	Empty Empty // set when there is nothing to show, and why

	Path string // of the page that shows it; "" is the overview's own

	SetUp []SetUpStep // what is to be done until all is set up; none when it is

	MinSample int     // below it a figure is greyed
	Target    float64 // the CSAT aimed at; 0 is none

	Again    Again
	Counted  Share
	First    Share
	Recovery Recovery
	Response Response
	Waiting  Waiting
	Policies []PolicyRow

	Trend  chart.Trend
	Grain  string // what a bucket of the trend is: "day", "week" or "month"
	Matrix chart.Matrix
	Spread chart.Distribution

	TeammatesHref string
	Recoverers    []Recoverer // the surest first; none where there is nobody to compare
	Low           []RatingRow // the newest with a low latest rating
	Newest        []RatingRow
	NewestHref    string // all ratings of the range
	CSVHref       string // the conversations of the range as a file
}

func (p OverviewProps) path() string { return cmp.Or(p.Path, "/") }

// Empty names the reason why a page of ratings has nothing to show.
type Empty string

// The reasons.
const (
	NotEmpty       Empty = ""
	NotConnected   Empty = "not_connected"
	NoRatingsYet   Empty = "no_ratings"
	NothingMatches Empty = "nothing_matches"
)

// Share is a part of a whole, from 0 to 1, with its 95 % interval. Score, Low and High mean nothing where N is 0.
type Share struct {
	Positive         float64 // what is counted, of N; whole, but under the average policy
	N                int
	Score, Low, High float64
	Href             string  // its rows; "" is no link
	Change           *Change // nil when nothing is compared
}

// Change is how much higher a share is than in the range compared with, from −1 to 1, with its 95 % interval. By, Low
// and High mean nothing where N, that range's whole, or the share's own is 0.
type Change struct {
	N             int
	By, Low, High float64
	Clear         bool // the interval leaves out 0
}

// Again counts conversations with at least two ratings, latest against first: by score, and by being positive or not.
type Again struct {
	Better, Same, Worse                   int
	Verdict                               Verdict // of Better against Worse
	Href, BetterHref, SameHref, WorseHref string
	Gained, Lost                          int     // became positive, ceased to be
	Moved                                 Verdict // of Gained against Lost
	Shift                                 *Change // Gained − Lost of all of them; nil where there are none
	GainedHref, LostHref                  string
}

// Verdict says what conversations rated again come to.
type Verdict string

// The verdicts. Up and down are said only where chance alone would hardly do it.
const (
	NoPairs     Verdict = "none"
	TooFew      Verdict = "few"
	NoDirection Verdict = "chance"
	GoesUp      Verdict = "up"
	GoesDown    Verdict = "down"
)

// Recovery is the share of recovered conversations among those whose first rating is negative: how many of these were asked
// again, rated again, and whether a teammate replied in between; and what became of positive first ratings.
type Recovery struct {
	Share                            // of all low first ratings
	Asked, Answered          int     // of these
	Coverage, Again          Share   // Asked and Answered as shares
	OfAnswers                Share   // recovered, of those that were answered
	Lost                     Share   // not positive any more, of positive first ratings that were rated again
	WithReply, Alone         Share   // recovered, of those answered after a teammate's reply, and without one
	Difference               *Change // WithReply less Alone
	Unknown                  int     // answered, and not known whether a teammate replied
	LowHref, AskedHref       string
	AnsweredHref, HighHref   string
	WithReplyHref, AloneHref string
}

// Response is the share of the requests sent in the range that were rated by now, those to conversations that nobody had
// asked or rated before, and the others apart.
type Response struct {
	Share
	New, Again Share
	MayRise    bool   // some are so new that an answer may still come
	RipeUntil  string // the last day whose requests had their whole time to be answered; "" is none
	Hours      int    // that a request may be answered; 0 is no end

	Closed, Asked         int    // closes of the range, and those of them that were asked about
	ClosedHref, AskedHref string // "" where the ledger does not know the filter
}

// PolicyRow is the same conversations under one policy.
type PolicyRow struct {
	Policy string // "latest", …
	Share
	Effect  float64 // less the first rating's share
	Current bool    // the one in force on the page
	Own     bool    // the workspace's own
}

// Recoverer is a teammate with the low customers who rated again after their work: how many are positive now. Href leads to
// these, AnsweredHref to all who rated again.
type Recoverer struct {
	Name, Page string // Page is the teammate's own
	Share
	AnsweredHref string
}

// Waiting counts conversations with a negative latest rating, and those of them that nobody has asked again.
type Waiting struct {
	NotAsked, Low int
	Compared      bool
	Before        int // NotAsked of the range compared with
	Href, LowHref string
}

// figure is the share as a tile shows it.
func (s Share) figure() ui.Value {
	if s.N == 0 {
		return ui.Value{Text: s.value()}
	}
	return ui.Value{Text: s.value(), Href: s.Href}
}

// figure is how many recovered, of how many.
func (r Recovery) figure() ui.Value {
	if r.N == 0 {
		return ui.Value{Text: "—"}
	}
	return ui.Value{Text: r.positive(), Href: r.Href, Of: "of " + grouped(r.N) + " low", OfHref: r.LowHref}
}

// figure is how many were not asked again, of how many.
func (w Waiting) figure() ui.Value {
	if w.Low == 0 {
		return ui.Value{Text: "0"}
	}
	return ui.Value{Text: grouped(w.NotAsked), Href: w.Href, Of: "of " + grouped(w.Low) + " low", OfHref: w.LowHref}
}
