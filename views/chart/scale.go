package chart

import (
	"math"
	"strconv"
)

// share brings a value into 0…1, so that a wrong figure cannot draw outside its box.
func share(value float64) float64 {
	if math.IsNaN(value) || value < 0 {
		return 0
	}
	return min(value, 1)
}

// number writes a coordinate with at most two decimals.
func number(value float64) string {
	rounded := math.Round(value*100) / 100
	if rounded == 0 {
		rounded = 0 // no minus zero
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// percent writes a place from 0 to 1 as an SVG length relative to the box.
func percent(place float64) string { return number(place*100) + "%" }

// floor is where the vertical axis begins: a multiple of 20 % under everything that is drawn, 60 % at most,
// so that a good month is not a mountain range and a bad one still fits.
func floor(trend Trend) float64 {
	lowest := 0.6
	see := func(value float64) { lowest = min(lowest, share(value)) }
	for _, bucket := range trend.Buckets {
		if bucket.Counted.N > 0 {
			see(bucket.Counted.Score)
			if bucket.Counted.N >= trend.MinSample {
				see(bucket.Counted.Low)
			}
		}
		if bucket.First.N > 0 {
			see(bucket.First.Score)
		}
		if bucket.Previous.N > 0 {
			see(bucket.Previous.Score)
		}
	}
	if trend.Target > 0 {
		see(trend.Target)
	}
	return math.Floor(lowest*5+1e-9) / 5
}

// height is where a share lies in the box, from 0 at the top, when the axis begins at base.
func height(value, base float64) float64 {
	above := (share(value) - base) / (1 - base)
	return plotShare * (1 - math.Max(above, 0))
}

// middle is where bucket i of n stands, from 0 to 1.
func middle(i, n int) float64 { return (float64(i) + 0.5) / float64(n) }
