package chart

import (
	"math"
	"testing"
)

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
		{"period before", Trend{Buckets: []Bucket{{Previous: Point{N: 4, Score: 0.3}}}}, 0.2},
		{"zero", Trend{Buckets: []Bucket{at(9, 0, 0)}}, 0},
	} {
		if got := floor(c.trend); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: floor = %v, want %v", c.name, got, c.want)
		}
	}
}
