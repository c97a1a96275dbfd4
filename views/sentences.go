package views

import (
	"fmt"
	"math"

	"rerate/views/chart"
)

// value is the share in per cent, "—" where there is nothing to share.
func (s Share) value() string {
	if s.N <= 0 {
		return "—"
	}
	return chart.Percent(s.Score)
}

// few says that the share rests on too little to rely on.
func (s Share) few(minSample int) bool { return s.N < minSample }

// point is the share for the small charts.
func (s Share) point() chart.Point {
	return chart.Point{N: s.N, Score: s.Score, Low: s.Low, High: s.High}
}

// interval is the 95 % interval in words: "64–71 %".
func (s Share) interval() string { return chart.Range(s.Low, s.High) }

// positive writes what is counted: "484", or "484.5" under the average policy.
func (s Share) positive() string {
	if whole := math.Round(s.Positive); math.Abs(s.Positive-whole) < 0.05 {
		return grouped(int(whole))
	}
	return fmt.Sprintf("%.1f", s.Positive)
}

// points writes a difference of shares in percentage points, without a sign: "3.6".
func points(by float64) string { return fmt.Sprintf("%.1f", math.Abs(by)*100) }

// signed writes a difference of shares in percentage points: "+3.6", "−0.4", "0.0".
func signed(by float64) string {
	switch text := points(by); {
	case text == "0.0":
		return text
	case by < 0:
		return "−" + text
	default:
		return "+" + text
	}
}

// interval is where the change lies: "+0.2 to +7.1".
func (c Change) interval() string { return signed(c.Low) + " to " + signed(c.High) }

// changeKind is how a change is shown: "up", "down", "unclear", "few" or "none".
func (s Share) changeKind(minSample int) string {
	switch {
	case s.Change == nil:
		return ""
	case s.N == 0 || s.Change.N == 0:
		return "none"
	case s.few(minSample) || s.Change.N < minSample:
		return "few"
	case !s.Change.Clear:
		return "unclear"
	case s.Change.By < 0:
		return "down"
	}
	return "up"
}

// effect says in one sentence what counting by the policy does to CSAT, "" where nothing is rated.
func (p OverviewProps) effect() string {
	if p.Counted.N == 0 {
		return ""
	}
	if p.Bar.Policy == "first" {
		return "You count the first rating, so asking again leaves CSAT as it is."
	}
	by := p.Counted.Score - p.First.Score
	how := "raises CSAT by " + points(by) + " points"
	switch {
	case points(by) == "0.0":
		how = "leaves CSAT as it is"
	case by < 0:
		how = "lowers CSAT by " + points(by) + " points"
	}
	return fmt.Sprintf("Counting the %s instead of the first %s.", p.Bar.policyWords(), how)
}

// verdict is what the conversations rated again come to, in a few words.
func (a Again) verdict() string {
	switch a.Verdict {
	case GoesUp:
		return "More ratings go up than down."
	case GoesDown:
		return "More ratings go down than up."
	case NoDirection:
		return "No clear direction."
	case TooFew:
		return "Too few to tell."
	case NoPairs:
	}
	return "Nothing to compare yet."
}

// chance says how sure the verdict is.
func (a Again) chance() string {
	switch a.Verdict {
	case GoesUp:
		return "Chance alone would hardly do that, but part of such a rise is expected anyway: a low rating has most room to rise."
	case GoesDown:
		return "Chance alone would hardly do that."
	case NoDirection:
		return "Chance alone may well do that."
	case TooFew:
		return "Ten that moved are the least to go by."
	case NoPairs:
	}
	return ""
}

// pairs is how many conversations have at least two ratings.
func (a Again) pairs() int { return a.Better + a.Same + a.Worse }

// said is what a screen reader hears when the overview has been loaded again.
func (p OverviewProps) said() string {
	if p.Empty != NotEmpty {
		return "Results updated: nothing matches."
	}
	return "Results updated: " + count(p.Counted.N, "conversation", "conversations") + " rated."
}

// said is what a screen reader hears when the list has been loaded again.
func (p RatingsProps) said() string {
	return "Results updated: " + count(p.Total, "rating", "ratings") + "."
}
