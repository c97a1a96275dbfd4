package chart

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPercentKeepsNoneAndAllForExactly(t *testing.T) {
	for _, c := range []struct {
		value float64
		want  string
	}{
		{0, "0 %"},
		{0.001, "<1 %"},
		{0.004, "<1 %"},
		{0.005, "1 %"},
		{0.5, "50 %"},
		{0.876, "88 %"},
		{0.995, "99 %"},
		{0.9999, "99 %"},
		{1, "100 %"},
		{1.2, "100 %"},
		{-1, "0 %"},
		{math.NaN(), "0 %"},
		{math.Inf(1), "100 %"},
	} {
		if got := Percent(c.value); got != c.want {
			t.Errorf("Percent(%v) = %q, want %q", c.value, got, c.want)
		}
	}
}

func TestRangeNeverLooksNarrowerThanItIs(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{{0.838, 0.899, "83–90 %"}, {0, 1, "0–100 %"}, {0.29, 0.57, "29–57 %"}, {-1, 3, "0–100 %"}} {
		if got := Range(c.low, c.high); got != c.want {
			t.Errorf("Range(%v, %v) = %q, want %q", c.low, c.high, got, c.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for value, want := range map[float64]string{0: "0", -0.001: "0", 1: "1", 1.5: "1.5", 1.239: "1.24", -2.5: "-2.5", 1000: "1000"} {
		if got := number(value); got != want {
			t.Errorf("number(%v) = %q, want %q", value, got, want)
		}
	}
}

func TestFloorLiesUnderEverythingDrawn(t *testing.T) {
	at := func(n int, score, low float64) Bucket { return Bucket{Counted: Point{N: n, Score: score, Low: low}} }
	for _, c := range []struct {
		name  string
		trend Trend
		want  float64
	}{
		{"nothing", Trend{}, 0.6},
		{"high", Trend{Buckets: []Bucket{at(50, 0.9, 0.8)}}, 0.6},
		{"low end of the interval", Trend{Buckets: []Bucket{at(50, 0.9, 0.55)}}, 0.4},
		{"interval of too few does not count", Trend{MinSample: 10, Buckets: []Bucket{at(3, 0.9, 0.1)}}, 0.6},
		{"but its score does", Trend{MinSample: 10, Buckets: []Bucket{at(3, 0.3, 0.1)}}, 0.2},
		{"first rating", Trend{Buckets: []Bucket{{First: Point{N: 4, Score: 0.41}}}}, 0.4},
		{"unmeasured", Trend{Buckets: []Bucket{at(0, 0, 0)}}, 0.6},
		{"target", Trend{Target: 0.5}, 0.4},
		{"zero", Trend{Buckets: []Bucket{at(9, 0, 0)}}, 0},
	} {
		if got := floor(c.trend); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: floor = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestEveryKeepsLabelsFew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 500).Draw(t, "n")
		step := every(n, labelLimit)
		if shown := (n + step - 1) / step; shown > labelLimit || step < 1 {
			t.Fatalf("%d buckets: step %d shows %d labels", n, step, shown)
		}
	})
}

func TestLineBreaksWhereNothingWasMeasured(t *testing.T) {
	at := func(x float64, ok bool) spot { return spot{x: x, y: 10 * x, ok: ok} }
	for _, c := range []struct {
		name  string
		spots []spot
		want  string
	}{
		{"none", nil, ""},
		{"alone", []spot{at(1, true)}, ""},
		{"two", []spot{at(1, true), at(2, true)}, "M1 10L2 20"},
		{"gap", []spot{at(1, true), at(2, true), at(3, false), at(4, true), at(5, true)}, "M1 10L2 20M4 40L5 50"},
		{"alone after a gap", []spot{at(1, true), at(2, true), at(3, false), at(4, true)}, "M1 10L2 20"},
		{"nothing measured", []spot{at(1, false), at(2, false)}, ""},
	} {
		if got := line(c.spots); got != c.want {
			t.Errorf("%s: line = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestBandClosesEachRun(t *testing.T) {
	spots := func(y float64, ok ...bool) []spot {
		all := make([]spot, len(ok))
		for i := range ok {
			all[i] = spot{x: float64(i), y: y, ok: ok[i]}
		}
		return all
	}
	got := band(spots(1, true, true, false, true, false, true, true), spots(5, true, true, false, true, false, true, true))
	if want := "M0 1L1 1L1 5L0 5ZM5 1L6 1L6 5L5 5Z"; got != want {
		t.Errorf("band = %q, want %q", got, want)
	}
}

func TestSplitOpensOnlyTheUnfinishedStep(t *testing.T) {
	all := []spot{{x: 1, ok: true}, {x: 2, ok: true}, {x: 3, ok: true}}
	if finished, open := split(all, true); len(finished) != 2 || len(open) != 2 || open[0].x != 2 {
		t.Errorf("split = %v and %v", finished, open)
	}
	if finished, open := split(all, false); len(finished) != 3 || open != nil {
		t.Errorf("a finished trend was split: %v and %v", finished, open)
	}
}

// Whatever the figures are, nothing is drawn outside of the box and no coordinate is not a number.
func TestDrawStaysInsideTheBox(t *testing.T) {
	point := rapid.Custom(func(t *rapid.T) Point {
		return Point{
			N: rapid.IntRange(-1, 1000).Draw(t, "n"), Score: rapid.Float64().Draw(t, "score"),
			Low: rapid.Float64().Draw(t, "low"), High: rapid.Float64().Draw(t, "high"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		trend := Trend{MinSample: rapid.IntRange(0, 30).Draw(t, "min"), Target: rapid.Float64Range(0, 1).Draw(t, "target")}
		for range rapid.IntRange(0, 70).Draw(t, "buckets") {
			trend.Buckets = append(trend.Buckets, Bucket{Counted: point.Draw(t, "counted"), First: point.Draw(t, "first"), Unfinished: rapid.Bool().Draw(t, "open")})
		}
		base := floor(trend)
		if !(base >= 0 && base <= 0.6+1e-9) {
			t.Fatalf("axis begins at %v", base)
		}
		for _, s := range spots(trend.Buckets, base, func(b Bucket) (Point, float64) { return b.Counted, b.Counted.Score }) {
			if !(s.x >= 0 && s.x <= boxWidth && s.y >= -1e-6 && s.y <= plotShare*boxHeight+1e-6) {
				t.Fatalf("spot outside: %+v", s)
			}
		}
		drawn := draw(trend)
		for _, path := range []string{drawn.Counted, drawn.CountedOpen, drawn.First, drawn.FirstOpen, drawn.Band} {
			if strings.Contains(path, "NaN") || strings.Contains(path, "Inf") {
				t.Fatalf("path is not drawable: %s", path)
			}
		}
	})
}
