package chart

import (
	"fmt"
	"math"
)

// A tier is a range of widths that a plot may have on the page. What is written into the plot is worked out for the
// narrowest width of each, in rem because text grows with it, and the style sheet shows the tier that fits.
type tier struct {
	class string
	width float64
}

var tiers = [4]tier{{"on-narrow", 6}, {"on-phone", 17}, {"on-middle", 20}, {"on-wide", 36}}

// Sizes of text in rem, as in chart.css.
const (
	labelSize  = 0.75
	countSize  = 0.6875
	labelGap   = 0.75
	plotMargin = 1.5 // free on the right of a trend: its margin and some of the padding around every chart
	longest    = 14  // letters of a label
)

// level is one horizontal line with its label.
type level struct{ Y, Text string }

// label is one text under a trend.
type label struct{ X, Anchor, Text string }

// levels are the horizontal lines: every 20 %, or every 10 % when the axis is short.
func levels(base float64) []level {
	step := 0.2
	if base >= 0.6-1e-9 {
		step = 0.1
	}
	var all []level
	for value := base; value < 1+1e-9; value += step {
		all = append(all, level{Y: percent(height(value, base)), Text: fmt.Sprintf("%.0f %%", value*100)})
	}
	return all
}

// labels are as many as stand side by side at the width, evenly from the last one backwards: what is newest always has
// its label.
func labels(buckets []Bucket, width float64) []label {
	n := len(buckets)
	if n == 0 {
		return nil
	}
	widest := 0.0
	for _, bucket := range buckets {
		widest = max(widest, textWidth(clipped(bucket.Label), labelSize))
	}
	last := label{X: percent(middle(n-1, n)), Anchor: "middle", Text: clipped(buckets[n-1].Label)}
	free := width - middle(n-1, n)*width + plotMargin
	edge := middle(n-1, n)*width - widest/2
	if widest/2 > free {
		last.X, last.Anchor, edge = "100%", "end", width-widest
	}
	all := []label{last}
	step := max(int(math.Ceil(float64(n)*(widest+labelGap)/width)), 1)
	for i := n - 1 - step; i >= 0; i -= step {
		if middle(i, n)*width+widest/2+labelGap <= edge+1e-9 {
			all = append(all, label{X: percent(middle(i, n)), Anchor: "middle", Text: clipped(buckets[i].Label)})
		}
	}
	return all
}

// textWidth estimates the width of a text in rem, rather too wide: letters of most scripts are narrower than 0.6 of
// their size, emoji and East Asian ones are square and a little more.
func textWidth(text string, size float64) float64 {
	width := 0.0
	for _, r := range text {
		if r >= 0x2e80 {
			width += 1.3 * size
		} else {
			width += 0.6 * size
		}
	}
	return width
}

func clipped(text string) string {
	letters := []rune(text)
	if len(letters) <= longest {
		return text
	}
	return string(letters[:longest-1]) + "…"
}
