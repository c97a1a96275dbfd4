package chart

import "slices"

// The path box of a trend: lines above, volume bars below. Both axes are stretched to the real size, so
// the numbers only set proportions.
const (
	boxWidth  = 1000.0
	boxHeight = 300.0
	plotShare = 0.78 // of the height, for the lines
	barShare  = 0.16 // of the height, for the tallest bar
	mostDots  = 60   // more buckets have dots only where no line leads
)

// shape is a trend turned into geometry.
type shape struct {
	Counted, CountedOpen, First, FirstOpen, Previous, Band string // paths

	Bars     []bar
	Whiskers []whisker
	Dots     []dot
	Levels   []level
	Tiers    []lettering
	Strips   []strip
	Target   string // height in per cent; "" draws none
	Poles    []string
}

// bar is one volume bar.
type bar struct {
	X, Y, Width, Height string
	Open                bool // not over yet
}

// whisker is the interval of a point that stands alone, where a band cannot be drawn.
type whisker struct{ X, Low, High string }

// dot is one point.
type dot struct{ X, Y, Class string }

// lettering is what stands around the plot at the ranges of widths that its class names.
type lettering struct {
	Class  string
	Labels []label
	Flags  []pennant
}

// strip is the ground of one bucket: what is pointed at.
type strip struct {
	X, Width, Middle         string
	Counted, First, Previous string // heights of the points; "" has none
	Href, Text               string
}

// draw works out everything that the template writes down. All places are in per cent of the real box, but for paths.
func draw(trend Trend) shape {
	n := len(trend.Buckets)
	if n == 0 {
		return shape{Levels: levels(floor(trend))}
	}
	base := floor(trend)
	unfinished := trend.Buckets[n-1].Unfinished
	counted := spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.Counted, b.Counted.Score })
	first := spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.First, b.First.Score })
	previous := spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.Previous, b.Previous.Score })
	low := spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.Counted, b.Counted.Low })
	high := spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.Counted, b.Counted.High })

	drawn := shape{
		Band: band(high, low), Previous: line(previous), Bars: bars(trend.Buckets), Levels: levels(base),
		Whiskers: whiskers(low, high), Strips: strips(trend, base),
	}
	finished, open := split(counted, unfinished)
	drawn.Counted, drawn.CountedOpen = line(finished), line(open)
	finished, open = split(first, unfinished)
	drawn.First, drawn.FirstOpen = line(finished), line(open)
	drawn.Dots = append(drawn.Dots, dots(trend, previous, "point-previous", func(b Bucket) Point { return b.Previous })...)
	drawn.Dots = append(drawn.Dots, dots(trend, first, "point-first", func(b Bucket) Point { return b.First })...)
	drawn.Dots = append(drawn.Dots, dots(trend, counted, "point-counted", func(b Bucket) Point { return b.Counted })...)
	markers := trend.markers()
	for _, m := range markers {
		drawn.Poles = append(drawn.Poles, percent(middle(m.Bucket, n)))
	}
	drawn.Tiers = letterings(trend.Buckets, markers)
	if trend.Target > 0 {
		drawn.Target = percent(height(trend.Target, base))
	}
	return drawn
}

// letterings are the labels and flags for every range of widths; ranges with the same share one.
func letterings(buckets []Bucket, markers []marked) []lettering {
	var all []lettering
	for _, t := range tiers {
		next := lettering{Class: t.class, Labels: labels(buckets, t.width), Flags: flags(markers, len(buckets), t.width)}
		if last := len(all) - 1; last >= 0 && slices.Equal(all[last].Labels, next.Labels) && slices.Equal(all[last].Flags, next.Flags) {
			all[last].Class += " " + next.Class
			continue
		}
		all = append(all, next)
	}
	return all
}

func spots(buckets []Bucket, base float64, pick func(Bucket) (Point, float64)) []spot {
	all := make([]spot, len(buckets))
	for i, bucket := range buckets {
		point, value := pick(bucket)
		all[i] = spot{x: middle(i, len(buckets)) * boxWidth, y: height(value, base) * boxHeight, ok: point.N > 0}
	}
	return all
}

// dots marks every measured point, or of very many those that no line shows; hollow where the sample is too small.
// The compared period has none where its line shows it. The class is whole, so that the style sheet can name it.
func dots(trend Trend, at []spot, class string, pick func(Bucket) Point) []dot {
	lineOnly := len(at) > mostDots || class == "point-previous"
	var all []dot
	for i, s := range at {
		if !s.ok || lineOnly && !alone(at, i) {
			continue
		}
		d := dot{X: percent(s.x / boxWidth), Y: percent(s.y / boxHeight), Class: class}
		if pick(trend.Buckets[i]).N < trend.MinSample {
			d.Class += " point-few"
		}
		all = append(all, d)
	}
	return all
}

func whiskers(low, high []spot) []whisker {
	var all []whisker
	for i, s := range low {
		if alone(low, i) {
			all = append(all, whisker{X: percent(s.x / boxWidth), Low: percent(s.y / boxHeight), High: percent(high[i].y / boxHeight)})
		}
	}
	return all
}

// bars are as high as the counted ratings of their bucket are many; one rating can still be seen.
func bars(buckets []Bucket) []bar {
	most := mostRated(buckets)
	step := 1 / float64(len(buckets))
	width := min(step*0.7, 1.0/12)
	var all []bar
	for i, bucket := range buckets {
		if bucket.Counted.N <= 0 {
			continue
		}
		tall := max(float64(bucket.Counted.N)/float64(most)*barShare, 0.008)
		all = append(all, bar{
			X:     percent(middle(i, len(buckets)) - width/2),
			Y:     percent(1 - tall),
			Width: percent(width), Height: percent(tall), Open: bucket.Unfinished,
		})
	}
	return all
}

// mostRated is what the tallest bar stands for.
func mostRated(buckets []Bucket) int {
	most := 0
	for _, bucket := range buckets {
		most = max(most, bucket.Counted.N)
	}
	return most
}

func strips(trend Trend, base float64) []strip {
	n := len(trend.Buckets)
	at := func(p Point) string {
		if p.N <= 0 {
			return ""
		}
		return percent(height(p.Score, base))
	}
	all := make([]strip, n)
	for i, bucket := range trend.Buckets {
		all[i] = strip{
			X: percent(float64(i) / float64(n)), Width: percent(1 / float64(n)), Middle: percent(middle(i, n)),
			Counted: at(bucket.Counted), First: at(bucket.First), Previous: at(bucket.Previous),
			Href: bucket.Href, Text: trend.sentence(i),
		}
	}
	return all
}
