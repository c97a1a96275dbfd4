package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// summary says what a person sees: from where to where, the highest and the lowest, and what became of first ratings.
func (t Trend) summary() string {
	seen := t.relied()
	if len(seen) == 0 {
		return "No ratings in this time."
	}
	from, to := seen[0], seen[len(seen)-1]
	if len(seen) == 1 {
		return fmt.Sprintf("Counted CSAT is %s in %s. First ratings: %s.", to.Counted.words(), lowerFirst(to.Title), to.First.words())
	}
	byScore := func(a, b Bucket) int {
		switch {
		case share(a.Counted.Score) < share(b.Counted.Score):
			return -1
		case share(a.Counted.Score) > share(b.Counted.Score):
			return 1
		}
		return 0
	}
	lowest, highest := slices.MinFunc(seen, byScore), slices.MaxFunc(seen, byScore)
	text := fmt.Sprintf("Counted CSAT went from %s (%s) to %s (%s), %s. Highest %s (%s), lowest %s (%s).",
		Percent(from.Counted.Score), from.Label, Percent(to.Counted.Score), to.Label, moved(from.Counted.Score, to.Counted.Score),
		Percent(highest.Counted.Score), highest.Label, Percent(lowest.Counted.Score), lowest.Label)
	if from.First.N > 0 && to.First.N > 0 {
		text += fmt.Sprintf(" First ratings: from %s to %s.", Percent(from.First.Score), Percent(to.First.Score))
	}
	return text
}

// relied are the finished buckets with enough ratings to speak of; where there are less than two of them, all that
// have ratings.
func (t Trend) relied() []Bucket {
	var enough, some []Bucket
	for _, bucket := range t.Buckets {
		if bucket.Counted.N > 0 {
			some = append(some, bucket)
			if bucket.Counted.N >= t.MinSample && !bucket.Unfinished {
				enough = append(enough, bucket)
			}
		}
	}
	if len(enough) < 2 {
		return some
	}
	return enough
}

// moved is the change between two shares in points, as the rounded figures beside it show it.
func moved(from, to float64) string {
	points := int(math.Round(share(to)*100) - math.Round(share(from)*100))
	switch {
	case points == 0:
		return "unchanged"
	case points == 1:
		return "1 point up"
	case points == -1:
		return "1 point down"
	case points > 0:
		return fmt.Sprintf("%d points up", points)
	}
	return fmt.Sprintf("%d points down", -points)
}

// sentence says a bucket in words.
func (t Trend) sentence(i int) string {
	b := t.Buckets[i]
	text := b.Title + ": counted " + b.Counted.words() + "; first " + b.First.words()
	if b.Previous.N > 0 {
		text += "; period before " + b.Previous.words()
	}
	if b.Unfinished {
		text += "; not over yet"
	}
	for _, m := range t.markersAt(i) {
		text += "; " + m.words()
	}
	return text
}

// words is a point as text: "87 % of 23 (68–95 %)".
func (p Point) words() string {
	if p.N <= 0 {
		return "no ratings"
	}
	return fmt.Sprintf("%s of %s (%s)", Percent(p.Score), Grouped(p.N), Range(p.Low, p.High))
}

// notes say what must be known to read the drawing.
func (t Trend) notes() []string {
	var all []string
	if base := floor(t); base > 0 {
		all = append(all, fmt.Sprintf("The axis begins at %s, not at 0.", Percent(base)))
	}
	if t.any(func(b Bucket) bool { return few(b.Counted, t.MinSample) || few(b.First, t.MinSample) }) && len(t.Buckets) <= mostDots {
		all = append(all, fmt.Sprintf("A hollow point rests on fewer than %d ratings.", t.MinSample))
	}
	return all
}

func few(p Point, least int) bool { return p.N > 0 && p.N < least }

func (t Trend) any(is func(Bucket) bool) bool { return slices.ContainsFunc(t.Buckets, is) }

// compared says whether there is a period before to look at.
func (t Trend) compared() bool { return t.any(func(b Bucket) bool { return b.Previous.N > 0 }) }

// lowerFirst puts a title into a sentence: "week of 6 October 2026".
func lowerFirst(title string) string {
	if rest, ok := strings.CutPrefix(title, "Week of"); ok {
		return "the week of" + rest
	}
	return title
}

// span names the time that is drawn, for what walks through it.
func (t Trend) span() string {
	n := len(t.Buckets)
	if n == 1 {
		return t.Buckets[0].Title
	}
	return t.Buckets[0].Label + " to " + t.Buckets[n-1].Label
}
