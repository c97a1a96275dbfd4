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
