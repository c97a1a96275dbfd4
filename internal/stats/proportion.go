package stats

import "math"

// z95 is the two-sided 95 % quantile of the standard normal distribution.
const z95 = 1.959963984540054

// Proportion is "Positive of N". Positive may be fractional: under the average
// policy a conversation with one positive of two ratings adds 0.5.
type Proportion struct {
	Positive float64
	N        int
}

// Interval is a confidence interval of a share, 0 ≤ Low ≤ High ≤ 1.
type Interval struct {
	Low, High float64
}

// Share is Positive ÷ N, from 0 to 1. It is false when N is 0: then there is
// nothing to show, not 0 %.
func (p Proportion) Share() (float64, bool) {
	if p.N <= 0 {
		return 0, false
	}
	// Sums of thirds may end a hair outside of 0…N.
	return min(max(p.Positive/float64(p.N), 0), 1), true
}

// Wilson is the 95 % Wilson score interval of the share, false when N is 0.
// Unlike share ± z·√(p(1−p)/n) it is honest for small N and near 0 and 1.
//
// Fractions vary less than whole positives with the same sum, so with
// fractional positives the interval is, if anything, too wide.
func (p Proportion) Wilson() (Interval, bool) {
	share, ok := p.Share()
	if !ok {
		return Interval{}, false
	}
	n := float64(p.N)
	shrink := 1 + z95*z95/n
	centre := (share + z95*z95/(2*n)) / shrink
	half := z95 * math.Sqrt(share*(1-share)/n+z95*z95/(4*n*n)) / shrink
	// At 0 and N the bound is the share itself; rounding must not move it.
	return Interval{
		Low:  max(0, min(share, centre-half)),
		High: min(1, max(share, centre+half)),
	}, true
}
