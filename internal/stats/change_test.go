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

// What is said of pairs goes by how many moved and how lopsided they did, and turns round with them.
func TestDirectionOf(t *testing.T) {
	for _, tt := range []struct {
		up, down int
		want     stats.Direction
	}{
		{0, 0, stats.TooFew},
		{9, 0, stats.TooFew},
		{5, 4, stats.TooFew},
		{5, 5, stats.Unclear},
		{10, 0, stats.Up},
		{7, 3, stats.Unclear},
		{30, 10, stats.Up},
		{3, 12, stats.Down},
		{12, 2, stats.Up},
		{300_000, 301_000, stats.Unclear},
		{300_000, 302_000, stats.Down},
	} {
		if got := stats.DirectionOf(tt.up, tt.down); got != tt.want {
			t.Errorf("%d up and %d down are %v, want %v", tt.up, tt.down, got, tt.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		up, down := rapid.IntRange(0, 300).Draw(t, "up"), rapid.IntRange(0, 300).Draw(t, "down")
		there, back := stats.DirectionOf(up, down), stats.DirectionOf(down, up)
		turned := map[stats.Direction]stats.Direction{stats.Up: stats.Down, stats.Down: stats.Up, stats.Unclear: stats.Unclear, stats.TooFew: stats.TooFew}
		if back != turned[there] {
			t.Fatalf("%d, %d is %v, turned round %v", up, down, there, back)
		}
	})
}

// The mid-p value is a probability, the same both ways, and the smaller the more lopsided the pairs.
func TestMidPProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "moved")
		down := rapid.IntRange(0, n).Draw(t, "down")
		p := stats.MidP(n-down, down)
		if p < 0 || p > 1 || p != stats.MidP(down, n-down) {
			t.Fatalf("MidP(%d, %d) is %v, the other way %v", n-down, down, p, stats.MidP(down, n-down))
		}
		if down > 0 && 2*down <= n {
			if next := stats.MidP(n-down+1, down-1); next > p+1e-12 {
				t.Fatalf("MidP(%d, %d) is %v, more lopsided it is %v", n-down, down, p, next)
			}
		}
	})
}

func TestPairedChangeIsAgrestiMins(t *testing.T) {
	for _, tt := range []struct {
		up, down, n       int
		change, low, high float64
	}{
		{30, 10, 80, 0.25, 0.1002, 0.3876}, // around 20/82 = 0.2439
		{0, 0, 10, 0, -0.1633, 0.1633},
		{16, 4, 100, 0.12, 0.0326, 0.2027},
	} {
		change, interval, ok := stats.PairedChange(tt.up, tt.down, tt.n)
		if !ok || !near(change, tt.change) || !near(interval.Low, tt.low) || !near(interval.High, tt.high) {
			t.Errorf("%d up, %d down of %d: %.4f (%.4f to %.4f), want %v (%v to %v)",
				tt.up, tt.down, tt.n, change, interval.Low, interval.High, tt.change, tt.low, tt.high)
		}
	}
	for _, bad := range [][3]int{{0, 0, 0}, {1, 1, 1}, {-1, 0, 5}, {0, -1, 5}} {
		if _, _, ok := stats.PairedChange(bad[0], bad[1], bad[2]); ok {
			t.Errorf("%v has a change", bad)
		}
	}
}

// The interval stays within −1 and 1, holds the change, turns round with the pairs, and narrows with more of them.
func TestPairedChangeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(t, "pairs")
		up := rapid.IntRange(0, n).Draw(t, "up")
		down := rapid.IntRange(0, n-up).Draw(t, "down")
		change, interval, ok := stats.PairedChange(up, down, n)
		if !ok || interval.Low < -1 || interval.High > 1 || change < interval.Low-1e-9 || change > interval.High+1e-9 {
			t.Fatalf("%d up, %d down of %d: %v in %v, %v", up, down, n, change, interval, ok)
		}
		back, other, _ := stats.PairedChange(down, up, n)
		if !near(back, -change) || !near(other.Low, -interval.High) || !near(other.High, -interval.Low) {
			t.Fatalf("%v %v against %v %v", change, interval, back, other)
		}
		_, more, _ := stats.PairedChange(4*up, 4*down, 4*n)
		if more.High-more.Low >= interval.High-interval.Low {
			t.Fatalf("four times the pairs did not narrow %v: %v", interval, more)
		}
	})
}

func near(a, b float64) bool { return math.Abs(a-b) < 5e-5+1e-9 }
