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
	return fmt.Sprintf("Counting the %s, not the first, %s.", p.Bar.policyWords(), how)
}

// answer says whether asking again works, in a few words.
func (a Again) answer() string {
	switch a.Verdict {
	case GoesUp:
		return "Yes, more ratings go up than down."
	case GoesDown:
		return "No, more ratings go down than up."
	case NoDirection, TooFew, NoPairs:
	}
	return a.verdict()
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

// sureness ends the sentence of what went up and down.
func (a Again) sureness() string {
	if a.Verdict == TooFew {
		return ". " + a.chance()
	}
	return ": " + a.Verdict.words() + "."
}

// words say how sure a direction is, inside a sentence: "improved in 30, worse in 10 – unlikely to be chance".
func (v Verdict) words() string {
	switch v {
	case GoesUp, GoesDown:
		return "unlikely to be chance"
	case NoDirection:
		return "may well be chance"
	case TooFew:
		return "too few to tell: fewer than 10 changed"
	case NoPairs:
	}
	return "nothing to compare yet"
}

// fewBaseline is the fewest low conversations on either side from which a baseline is told.
const fewBaseline = 10

// baseline says what would have happened anyway, as far as the figures tell.
func (r Recovery) baseline() string {
	switch {
	case r.Answered == 0:
		return ""
	case r.WithReply.N == 0 && r.Alone.N == 0:
		return "Part of this rise is expected anyway: who was very unhappy once is seldom so twice, whatever a team does. Nothing is known yet of whether a teammate replied in between, so there is nothing to hold it against."
	case r.WithReply.N < fewBaseline || r.Alone.N < fewBaseline:
		return "Part of this rise is expected anyway: who was very unhappy once is seldom so twice, whatever a team does. There are too few of either kind to tell how much."
	case r.Difference.Clear && r.Difference.By > 0:
		return "More come back after a reply: " + points(r.Difference.By) + " points (" + r.Difference.interval() + "). Those who come back without one are what to expect anyway."
	case r.Difference.Clear:
		return points(r.Difference.By) + " points fewer come back after a reply (" + r.Difference.interval() + "). Replies may go where things are worst, but they do not show in the ratings."
	}
	return "No clear difference (" + signed(r.Difference.By) + " points, " + r.Difference.interval() + "): part of this rise is expected anyway, for who was very unhappy once is seldom so twice."
}

// sentence is the way from a low rating to a recovered customer in numbers, each with what it is of.
func (r Recovery) sentence() string {
	text := fmt.Sprintf("%s · %s asked again · %s rated again (%s)", count(r.N, "low first rating", "low first ratings"),
		grouped(r.Asked), grouped(r.Answered), r.Again.value())
	if r.Answered == 0 {
		return text + "."
	}
	return fmt.Sprintf("%s · %s now positive = %s of answers (%s), %s of all low ratings.", text, r.positive(), r.OfAnswers.value(), r.OfAnswers.interval(), r.value())
}

// gap is the re-rating effect of the policy in force, in a sentence.
func (p OverviewProps) gap() string {
	by := p.Counted.Score - p.First.Score
	if p.Bar.Policy == "first" {
		return "You count the first rating, so there is no re-rating effect. Counting another would give:"
	}
	return fmt.Sprintf("Re-rating effect: %s points. %s by the %s, %s by first ratings.", signed(by), p.Counted.value(), p.Bar.policyWords(), p.First.value())
}

// effectWords is how far a policy lies from the first rating: "+6.1 points".
func (r PolicyRow) effectWords() string {
	switch {
	case r.Policy == "first":
		return "—"
	case r.N == 0:
		return "—"
	}
	return signed(r.Effect) + " points"
}

// rising says which requests may still be answered.
func (r Response) rising() string {
	if r.RipeUntil == "" {
		return "May still rise: all these requests can still be answered."
	}
	return "May still rise: requests after " + r.RipeUntil + " can still be answered."
}

// window says how long a request may be answered.
func (r Response) window() string {
	if r.Hours == 0 {
		return "A request may be answered at any time; after a week hardly any answer comes."
	}
	return "A request may be answered for " + count(r.Hours, "hour", "hours") + "."
}

// surest is the first of the recoverers with enough behind it to be named; nil where there is none.
func (p OverviewProps) surest() *Recoverer {
	for i, r := range p.Recoverers {
		if !r.few(p.MinSample) {
			return &p.Recoverers[i]
		}
	}
	return nil
}

// pairs is how many conversations have at least two ratings.
func (a Again) pairs() int { return a.Better + a.Same + a.Worse }

// said is what a screen reader hears when the overview has been loaded again.
func (p OverviewProps) said() string {
	if p.Empty != NotEmpty {
		return "Results updated: nothing matches from " + p.Bar.RangeWords + "."
	}
	said := "Results updated: " + count(p.Counted.N, "conversation", "conversations") + " rated from " + p.Bar.RangeWords
	if p.Bar.ComparedWords != "" {
		said += ", compared with " + p.Bar.ComparedWords
	}
	return said + "."
}

// said is what a screen reader hears when the list has been loaded again.
func (p RatingsProps) said() string {
	return "Results updated: " + p.counted() + "."
}
