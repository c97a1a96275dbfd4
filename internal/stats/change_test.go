package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"rerate/internal/stats"
)

func TestChangeIsNewcombes(t *testing.T) {
	for _, tt := range []struct {
		now, before       stats.Proportion
		change, low, high float64
	}{
		{stats.Proportion{Positive: 56, N: 70}, stats.Proportion{Positive: 48, N: 80}, 0.2, 0.0524, 0.3339}, // Newcombe 1998, table II (a)
		{stats.Proportion{Positive: 9, N: 10}, stats.Proportion{Positive: 3, N: 10}, 0.6, 0.1705, 0.8090},   // (b)
		{stats.Proportion{Positive: 10, N: 10}, stats.Proportion{Positive: 0, N: 10}, 1, 0.6075, 1},
	} {
		change, interval, ok := tt.now.ChangeFrom(tt.before)
		if !ok || !near(change, tt.change) || !near(interval.Low, tt.low) || !near(interval.High, tt.high) {
			t.Errorf("%v from %v is %.4f (%.4f to %.4f), want %v (%v to %v)",
				tt.now, tt.before, change, interval.Low, interval.High, tt.change, tt.low, tt.high)
		}
	}
	for _, pair := range [][2]stats.Proportion{{{N: 0}, {Positive: 1, N: 2}}, {{Positive: 1, N: 2}, {N: 0}}} {
		if _, _, ok := pair[0].ChangeFrom(pair[1]); ok {
			t.Errorf("%v has a change from %v", pair[0], pair[1])
		}
	}
}

func TestChangeIsTurnedRoundWithItsEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) stats.Proportion {
			n := rapid.IntRange(1, 400).Draw(t, name)
			return stats.Proportion{Positive: float64(rapid.IntRange(0, n).Draw(t, name+" positive")), N: n}
		}
		a, b := draw("a"), draw("b")
		forth, interval, _ := a.ChangeFrom(b)
		back, other, _ := b.ChangeFrom(a)
		if !near(forth, -back) || !near(interval.Low, -other.High) || !near(interval.High, -other.Low) {
			t.Fatalf("%v %v against %v %v", forth, interval, back, other)
		}
		if interval.Low > forth || interval.High < forth || interval.Low < -1-1e-9 || interval.High > 1+1e-9 {
			t.Fatalf("%v lies outside of %v", forth, interval)
		}
		if same, around, _ := a.ChangeFrom(a); same != 0 || around.Clear() {
			t.Fatalf("no change at all is %v, %v", same, around)
		}
	})
}

func TestMidP(t *testing.T) {
	for _, tt := range []struct {
		up, down int
		want     float64
	}{{1, 7, 0.0391}, {3, 12, 0.0213}, {12, 2, 0.0074}, {5, 0, 0.0312}, {2, 2, 0.8125}, {10, 30, 0.0015}, {0, 0, 1}} {
		got := stats.MidP(tt.up, tt.down)
		if math.Abs(got-tt.want) > 5e-5+1e-9 {
			t.Errorf("MidP(%d, %d) = %.5f, want %v", tt.up, tt.down, got, tt.want)
		}
		if back := stats.MidP(tt.down, tt.up); back != got {
			t.Errorf("MidP(%d, %d) = %v, but the other way %v", tt.down, tt.up, back, got)
		}
	}
	if got := stats.MidP(300_000, 301_000); math.IsNaN(got) || got <= 0 || got >= 1 {
		t.Errorf("of very many it is %v", got)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 5e-5+1e-9 }
