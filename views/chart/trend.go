package chart

import (
	"fmt"
	"math"
)

// The path box of a trend: lines above, volume bars below. Both axes are stretched to the real size, so
// the numbers only set proportions.
const (
	boxWidth  = 1000.0
	boxHeight = 300.0
	plotShare = 0.78 // of the height, for the lines
	barShare  = 0.16 // of the height, for the tallest bar
)

// labelLimit is the most labels that fit under a trend at phone width.
const labelLimit = 6

// shape is a trend turned into geometry.
type shape struct {
	Counted, CountedOpen, First, FirstOpen, Band string

	Bars   []bar
	Dots   []dot
	Levels []level
	Labels []label
	Hits   []hit
	Target string // height in per cent; "" draws none
}

// bar is one volume bar in the path box.
type bar struct{ X, Y, Width, Height string }

// dot is one point, in per cent of the real box.
type dot struct{ X, Y, Class string }

// level is one horizontal line with its label, in per cent of the real box.
type level struct{ Y, Text string }

// label is one text under the chart.
type label struct{ X, Text string }

// hit is the strip of one bucket that shows its figures on hover.
type hit struct{ X, Width, Middle, Text string }

// draw works out everything that the template writes down.
func draw(trend Trend) shape {
	n := len(trend.Buckets)
	if n == 0 {
		return shape{}
	}
	base := floor(trend)
	unfinished := trend.Buckets[n-1].Unfinished
	counted := spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.Counted, b.Counted.Score })
	first := spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.First, b.First.Score })
	low := spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.Counted, b.Counted.Low })
	high := spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.Counted, b.Counted.High })

	drawn := shape{Band: band(high, low), Bars: bars(trend.Buckets), Levels: levels(base)}
	finished, open := split(counted, unfinished)
	drawn.Counted, drawn.CountedOpen = line(finished), line(open)
	finished, open = split(first, unfinished)
	drawn.First, drawn.FirstOpen = line(finished), line(open)
	drawn.Dots = append(dots(trend, first, "point-first"), dots(trend, counted, "point-counted")...)
	drawn.Labels, drawn.Hits = labels(trend.Buckets)
	if trend.Target > 0 {
		drawn.Target = percent(height(trend.Target, base))
	}
	return drawn
}

// height is where a share lies in the box, from 0 at the top, when the axis begins at base.
func height(value, base float64) float64 {
	above := (share(value) - base) / (1 - base)
	return plotShare * (1 - math.Max(above, 0))
}

// middle is where bucket i of n stands, from 0 to 1.
func middle(i, n int) float64 { return (float64(i) + 0.5) / float64(n) }

func spots(buckets []Bucket, base float64, pick func(Bucket) (Point, float64)) []spot {
	all := make([]spot, len(buckets))
	for i, bucket := range buckets {
		point, value := pick(bucket)
		all[i] = spot{x: middle(i, len(buckets)) * boxWidth, y: height(value, base) * boxHeight, ok: point.N > 0}
	}
	return all
}

// dots marks every measured point; hollow where the sample is too small. The class is whole, so that the
// style sheet can name it.
func dots(trend Trend, at []spot, class string) []dot {
	if len(at) > 60 {
		return nil
	}
	var all []dot
	for i, s := range at {
		point := trend.Buckets[i].Counted
		if class == "point-first" {
			point = trend.Buckets[i].First
		}
		if !s.ok {
			continue
		}
		d := dot{X: percent(s.x / boxWidth), Y: percent(s.y / boxHeight), Class: class}
		if point.N < trend.MinSample {
			d.Class += " point-few"
		}
		all = append(all, d)
	}
	return all
}

func bars(buckets []Bucket) []bar {
	most := 1
	for _, bucket := range buckets {
		most = max(most, bucket.Counted.N)
	}
	step := boxWidth / float64(len(buckets))
	width := min(step*0.7, boxWidth/12)
	var all []bar
	for i, bucket := range buckets {
		if bucket.Counted.N <= 0 {
			continue
		}
		tall := float64(bucket.Counted.N) / float64(most) * barShare * boxHeight
		all = append(all, bar{
			X:     number(middle(i, len(buckets))*boxWidth - width/2),
			Y:     number(boxHeight - tall),
			Width: number(width), Height: number(tall),
		})
	}
	return all
}

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

func labels(buckets []Bucket) ([]label, []hit) {
	n := len(buckets)
	step := every(n, labelLimit)
	var texts []label
	hits := make([]hit, n)
	for i, bucket := range buckets {
		if i%step == 0 {
			texts = append(texts, label{X: percent(middle(i, n)), Text: bucket.Label})
		}
		hits[i] = hit{
			X: percent(float64(i) / float64(n)), Width: percent(1 / float64(n)),
			Middle: percent(middle(i, n)), Text: bucket.sentence(),
		}
	}
	return texts, hits
}

// sentence says a bucket in words.
func (b Bucket) sentence() string {
	text := b.Title + ": counted " + b.Counted.words() + "; first " + b.First.words()
	if b.Unfinished {
		text += "; not over yet"
	}
	return text
}

// words is a point as text: "87 % of 23 (68–95 %)".
func (p Point) words() string {
	if p.N <= 0 {
		return "no ratings"
	}
	return fmt.Sprintf("%s of %d (%s)", Percent(p.Score), p.N, Range(p.Low, p.High))
}

// summary is the chart in one sentence, for those who do not see it.
func (t Trend) summary() string {
	var measured []Bucket
	for _, bucket := range t.Buckets {
		if bucket.Counted.N > 0 {
			measured = append(measured, bucket)
		}
	}
	if len(measured) == 0 {
		return "No ratings in this time."
	}
	from, to := measured[0], measured[len(measured)-1]
	return fmt.Sprintf("Counted CSAT from %s (%s) to %s (%s). The table below holds every figure.",
		Percent(from.Counted.Score), from.Title, Percent(to.Counted.Score), to.Title)
}
