package stats

import "math"

// ChangeFrom is how much higher the share of p is than that of an earlier, independent proportion, from −1 to 1, with
// its 95 % interval by Newcombe's hybrid of the two Wilson intervals. It is false when either N is 0.
func (p Proportion) ChangeFrom(before Proportion) (change float64, interval Interval, ok bool) {
	share, ok := p.Share()
	earlier, alsoOK := before.Share()
	if !ok || !alsoOK {
		return 0, Interval{}, false
	}
	now, _ := p.Wilson() // has an interval where there is a share
	then, _ := before.Wilson()
	change = share - earlier
	return change, Interval{
		Low:  change - math.Hypot(share-now.Low, then.High-earlier),
		High: change + math.Hypot(now.High-share, earlier-then.Low),
	}, true
}

// Clear says whether a difference with this interval is more than chance would give: the interval leaves out 0.
func (i Interval) Clear() bool { return i.Low > 0 || i.High < 0 }

// PairedChange is how many more of n pairs moved up than moved down, as a share from −1 to 1, with its 95 % interval by
// Agresti and Min (2005): half a pair is added to each of the four cells, moved up, moved down, and the two kinds that
// stayed; then comes Wald's interval. The middle of the interval is the change so adjusted, a little nearer to 0. It is
// false when n is 0, or less than the pairs that moved.
func PairedChange(up, down, n int) (change float64, interval Interval, ok bool) {
	if up < 0 || down < 0 || n <= 0 || up+down > n {
		return 0, Interval{}, false
	}
	b, c, all := float64(up)+0.5, float64(down)+0.5, float64(n)+2
	middle := (b - c) / all
	half := z95 * math.Sqrt(b+c-(b-c)*(b-c)/all) / all
	return float64(up-down) / float64(n), Interval{Low: max(middle-half, -1), High: min(middle+half, 1)}, true
}

// Direction is what pairs that moved come to.
type Direction int

// The directions. Up and Down are said only where chance alone would hardly do it; Unclear where it may well; TooFew
// where fewer than ten moved.
const (
	TooFew Direction = iota
	Unclear
	Up
	Down
)

// How many pairs must have moved before anything is said of the direction, and how rare chance alone must make what was
// seen.
const (
	fewestMoves = 10
	rare        = 0.05
)

// DirectionOf says in which way pairs moved: McNemar's test of what became positive against what ceased to be, or over
// more than two levels the sign test of better against worse. Both are MidP.
func DirectionOf(up, down int) Direction {
	switch {
	case up+down < fewestMoves:
		return TooFew
	case MidP(up, down) >= rare:
		return Unclear
	case up > down:
		return Up
	}
	return Down
}

// MidP is McNemar's mid-p value, two-sided, of pairs that moved: how likely it is to see them as lopsided as up and
// down if both ways were as likely. Pairs that stayed say nothing and are left out. It is 1 where nothing moved.
func MidP(up, down int) float64 {
	n := up + down
	if n <= 0 || up < 0 || down < 0 {
		return 1
	}
	at := func(k int) float64 { return math.Exp(logChoose(n, k) - float64(n)*math.Ln2) }
	if up == down {
		return 1 - at(up)/2
	}
	tail := 0.0
	for k := range min(up, down) + 1 {
		tail += at(k)
	}
	return min(2*tail-at(min(up, down)), 1)
}

// logChoose is the logarithm of the binomial coefficient, which itself would overflow.
func logChoose(n, k int) float64 {
	lnN, _ := math.Lgamma(float64(n + 1))
	lnK, _ := math.Lgamma(float64(k + 1))
	lnRest, _ := math.Lgamma(float64(n - k + 1))
	return lnN - lnK - lnRest
}
