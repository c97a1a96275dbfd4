// Package rating holds Rerate's own rules: scales, comparison, the counting policies, windows, credit,
// and the shapes of settings and wording. It is pure: no I/O, no clock, standard library only.
package rating

import (
	"cmp"
	"slices"
	"time"
)

// Sentiment is the side of the scale on which a score lies.
type Sentiment string

// The three sentiments. CSAT counts Positive over all rated.
const (
	Negative Sentiment = "negative"
	Neutral  Sentiment = "neutral"
	Positive Sentiment = "positive"
)

// Change says how a rating compares with the first rating of the same contact in the same conversation.
type Change string

// The four changes. First means that there is nothing to compare with.
const (
	First  Change = "first"
	Better Change = "better"
	Same   Change = "same"
	Worse  Change = "worse"
)

// Score is a number on a scale: Value runs from 1 (worst) to Of (best), Of is at least 2.
type Score struct {
	Value     int
	Of        int
	Sentiment Sentiment
}

// Compare answers -1, 0 or +1 as s is worse than, equal to or better than other. Scores of different
// scales are compared by their place, (value − 1) / (of − 1), in whole numbers so that nothing is rounded.
func (s Score) Compare(other Score) int {
	return cmp.Compare((s.Value-1)*(other.Of-1), (other.Value-1)*(s.Of-1))
}

// ChangeFrom says how s compares with the first rating.
func (s Score) ChangeFrom(first Score) Change {
	switch s.Compare(first) {
	case 1:
		return Better
	case -1:
		return Worse
	}
	return Same
}

// Place is the position on the scale from 0 (worst) to 1 (best).
func (s Score) Place() float64 {
	return float64(s.Value-1) / float64(s.Of-1)
}

// On moves s to a scale of the given size: the score whose place is nearest, upwards when two are as near.
// A score that already lies on such a scale is unchanged.
func (s Score) On(size int) int {
	steps := s.Of - 1
	return 1 + (2*(s.Value-1)*(size-1)+steps)/(2*steps)
}

// Rated is one valid rating as the policies see it.
type Rated struct {
	ID    string
	Score Score
	At    time.Time
}

// Policy names the rating that counts for a conversation.
type Policy string

// The five policies. Average credits a conversation with positives ÷ ratings.
const (
	CountFirst   Policy = "first"
	CountLatest  Policy = "latest"
	CountAverage Policy = "average"
	CountBest    Policy = "best"
	CountWorst   Policy = "worst"
)

// Policies lists every policy in the order in which they are shown.
var Policies = []Policy{CountFirst, CountLatest, CountAverage, CountBest, CountWorst}

// Known reports whether p is one of the five policies.
func (p Policy) Known() bool { return slices.Contains(Policies, p) }

// History is every valid rating of one contact in one conversation, oldest first, and never empty.
// Build it with NewHistory.
type History []Rated

// NewHistory orders ratings by time, then by id, so that equal times give the same order everywhere.
func NewHistory(ratings []Rated) History {
	ordered := slices.Clone(ratings)
	slices.SortFunc(ordered, func(a, b Rated) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	return ordered
}

// First is the earliest rating.
func (h History) First() Rated { return h[0] }

// Latest is the newest rating.
func (h History) Latest() Rated { return h[len(h)-1] }

// Change compares the latest rating with the first.
func (h History) Change() Change { return h.ChangeOf(len(h) - 1) }

// ChangeOf compares the i-th rating with the first; the first itself has nothing to compare with.
func (h History) ChangeOf(i int) Change {
	if i == 0 {
		return First
	}
	return h[i].Score.ChangeFrom(h[0].Score)
}

// Recovered reports whether a customer who was first negative is positive by now, whatever the policy.
func Recovered(first, latest Sentiment) bool { return first == Negative && latest == Positive }

// Positives counts the positive ratings.
func (h History) Positives() int {
	n := 0
	for _, r := range h {
		if r.Score.Sentiment == Positive {
			n++
		}
	}
	return n
}

// Best is the highest rating by place; of equals the earliest.
func (h History) Best() Rated {
	return slices.MaxFunc(h, func(a, b Rated) int { return a.Score.Compare(b.Score) })
}

// Worst is the lowest rating by place; of equals the earliest.
func (h History) Worst() Rated {
	return slices.MinFunc(h, func(a, b Rated) int { return a.Score.Compare(b.Score) })
}

// Counted is the score that the policy gives the conversation, on the scale of the latest rating.
// It is whole for every policy but CountAverage, which takes the mean place.
func (h History) Counted(p Policy) float64 {
	size := h.Latest().Score.Of
	switch p {
	case CountFirst:
		return float64(h.First().Score.On(size))
	case CountBest:
		return float64(h.Best().Score.On(size))
	case CountWorst:
		return float64(h.Worst().Score.On(size))
	case CountAverage:
		sum := 0.0
		for _, r := range h {
			sum += r.Score.Place()
		}
		return 1 + sum/float64(len(h))*float64(size-1)
	case CountLatest:
	}
	return float64(h.Latest().Score.Value)
}
