package chart

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func drawnTrend(t *rapid.T) Trend {
	point := rapid.Custom(func(t *rapid.T) Point {
		return Point{
			N: rapid.IntRange(-1, 1000).Draw(t, "n"), Score: rapid.Float64().Draw(t, "score"),
			Low: rapid.Float64().Draw(t, "low"), High: rapid.Float64().Draw(t, "high"),
		}
	})
	trend := Trend{MinSample: rapid.IntRange(0, 30).Draw(t, "min"), Target: rapid.Float64Range(0, 1).Draw(t, "target")}
	for range rapid.IntRange(0, 70).Draw(t, "buckets") {
		trend.Buckets = append(trend.Buckets, Bucket{
			Label: rapid.StringN(0, 12, -1).Draw(t, "label"), Counted: point.Draw(t, "counted"), First: point.Draw(t, "first"),
			Previous: point.Draw(t, "previous"), Unfinished: rapid.Bool().Draw(t, "open"),
		})
	}
	for range rapid.IntRange(0, 6).Draw(t, "markers") {
		trend.Markers = append(trend.Markers, Marker{Bucket: rapid.IntRange(-1, 71).Draw(t, "at"), Label: "x"})
	}
	return trend
}

// Whatever the figures are, nothing is drawn outside of the box and no coordinate is not a number.
func TestTrendStaysInsideTheBox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trend := drawnTrend(t)
		drawn := draw(trend)
		for _, path := range []string{drawn.Counted, drawn.CountedOpen, drawn.First, drawn.FirstOpen, drawn.Previous, drawn.Band} {
			for i, value := range strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("ML Z", r) }) {
				inside(t, value, 0, []float64{boxWidth, plotShare * boxHeight}[i%2])
			}
		}
		places := func(values ...string) {
			for _, value := range values {
				if value != "" {
					inside(t, strings.TrimSuffix(value, "%"), 0, 100)
				}
			}
		}
		places(drawn.Target)
		places(drawn.Poles...)
		for _, d := range drawn.Dots {
			places(d.X, d.Y)
		}
		for _, w := range drawn.Whiskers {
			places(w.X, w.Low, w.High)
		}
		for _, b := range drawn.Bars {
			places(b.X, b.Y)
			sumsTo(t, 100, b.Y, b.Height)
		}
		for _, s := range drawn.Strips {
			places(s.X, s.Width, s.Middle, s.Counted, s.First, s.Previous)
		}
		if len(drawn.Strips) != len(trend.Buckets) {
			t.Fatalf("%d strips for %d buckets", len(drawn.Strips), len(trend.Buckets))
		}
	})
}

// Every point that was measured is seen: on a line, as a dot, or both.
func TestNoPointIsLost(t *testing.T) {
	trend := Trend{Buckets: make([]Bucket, 400)}
	for _, i := range []int{0, 7, 8, 200, 399} {
		trend.Buckets[i].Counted = Point{N: 1, Score: 0.5, Low: 0.1, High: 0.9}
	}
	drawn := draw(trend)
	if len(drawn.Dots) != 3 || len(drawn.Whiskers) != 3 || len(drawn.Bars) != 5 || strings.Count(drawn.Counted, "L") != 1 {
		t.Errorf("%d dots, %d whiskers, %d bars, line %s", len(drawn.Dots), len(drawn.Whiskers), len(drawn.Bars), drawn.Counted)
	}
}

// Labels stand side by side at every width, the newest among them, and none leaves the chart.
func TestLabelsNeverTouch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 500).Draw(t, "n")
		text := rapid.SampledFrom([]string{"6 Oct", "27 Oct 2026", "٢٧ أكتوبر", "😀😀😀", "a label far too long to stand under a chart", ""}).Draw(t, "text")
		buckets := make([]Bucket, n)
		for i := range buckets {
			buckets[i].Label = text
		}
		width := rapid.Float64Range(6, 80).Draw(t, "width")
		all := labels(buckets, width)
		if len(all) == 0 || all[0].Text != clipped(text) {
			t.Fatalf("no label: %v", all)
		}
		left := width + plotMargin + 0.01
		for i, l := range all {
			wide := textWidth(l.Text, labelSize)
			x := value(t, strings.TrimSuffix(l.X, "%")) / 100 * width
			right := x + wide/2
			if l.Anchor == "end" {
				right = x
			}
			if i > 0 {
				right += labelGap * 0.9 // places are rounded
			}
			if right > left {
				t.Fatalf("label %d of %d buckets at width %v reaches %v, the next begins at %v: %v", i, n, width, right, left, all)
			}
			left = x - wide/2
			if l.Anchor == "end" {
				left = x - wide
			}
		}
	})
}

func TestLabelsAreAsManyAsFit(t *testing.T) {
	for _, c := range []struct {
		n     int
		width float64
		want  int
	}{{1, 17, 1}, {7, 17, 4}, {7, 36, 7}, {13, 17, 5}, {30, 20, 5}, {53, 36, 9}, {365, 36, 11}, {13, 6, 2}} {
		buckets := make([]Bucket, c.n)
		for i := range buckets {
			buckets[i].Label = "27 Oct"
		}
		if got := len(labels(buckets, c.width)); got != c.want {
			t.Errorf("%d buckets on %v rem have %d labels, want %d", c.n, c.width, got, c.want)
		}
	}
}

func TestMarkersAreNumberedFromTheLeftAndShareAFlagWhenTheyAreClose(t *testing.T) {
	trend := Trend{Buckets: make([]Bucket, 50), Markers: []Marker{{Bucket: 40, Label: "c"}, {Bucket: 3, Label: "a"}, {Bucket: 4, Label: "b"}, {Bucket: 50}, {Bucket: -1}}}
	var names string
	for _, m := range trend.markers() {
		names += m.Label + strconv.Itoa(m.Number)
	}
	if names != "a1b2c3" {
		t.Errorf("markers are %s", names)
	}
	for width, want := range map[float64]string{17: "1–2 3", 1000: "1 2 3", 1: "1–3"} {
		var got []string
		for _, f := range flags(trend.markers(), 50, width) {
			got = append(got, f.Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("flags at %v rem are %v, want %s", width, got, want)
		}
	}
}

func value(t *rapid.T, text string) float64 {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("not a number: %q", text)
	}
	return v
}

func inside(t *rapid.T, text string, low, high float64) {
	// Written with two decimals; comparisons with NaN are false.
	if v := value(t, text); !(v >= low-0.01 && v <= high+0.01) {
		t.Fatalf("%s is outside of %v to %v", text, low, high)
	}
}

func sumsTo(t *rapid.T, want float64, parts ...string) {
	sum := 0.0
	for _, part := range parts {
		sum += value(t, strings.TrimSuffix(part, "%"))
	}
	if slack := 0.01 * float64(len(parts)); !(sum >= want-slack && sum <= want+slack) {
		t.Fatalf("%v sum to %v, want %v", parts, sum, want)
	}
}
