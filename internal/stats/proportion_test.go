package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"rerate/internal/stats"
)

func TestWilson(t *testing.T) {
	tests := []struct {
		positive  float64
		n         int
		low, high float64
	}{
		{0, 1, 0.0000, 0.7935},
		{5, 5, 0.5655, 1},
		{8, 10, 0.4902, 0.9433},
		{13, 15, 0.6212, 0.9626},
		{45, 50, 0.7864, 0.9565},
		{90, 100, 0.8256, 0.9448},
		{1, 1, 0.2065, 1},        // mirrors 0/1
		{0, 5, 0, 0.4345},        // mirrors 5/5
		{0.5, 1, 0.0546, 0.9454}, // fractional: one of two ratings positive
	}
	for _, tt := range tests {
		got, ok := stats.Proportion{Positive: tt.positive, N: tt.n}.Wilson()
		if !ok {
			t.Errorf("%v/%d: no interval", tt.positive, tt.n)
		}
		if math.Abs(got.Low-tt.low) > 0.00005 || math.Abs(got.High-tt.high) > 0.00005 {
			t.Errorf("%v/%d: got %.4f–%.4f, want %.4f–%.4f", tt.positive, tt.n, got.Low, got.High, tt.low, tt.high)
		}
	}
}

func TestNothingRatedHasNoShare(t *testing.T) {
	if share, ok := (stats.Proportion{}).Share(); ok {
		t.Errorf("share of nothing: got %v", share)
	}
	if interval, ok := (stats.Proportion{}).Wilson(); ok {
		t.Errorf("interval of nothing: got %v", interval)
	}
}

func TestRoundingStaysWithinBounds(t *testing.T) {
	sum := 0.0
	for range 5 * 3 {
		sum += 1.0 / 5
	}
	p := stats.Proportion{Positive: sum, N: 3}
	if p.Positive <= 3 {
		t.Fatalf("%v shows no rounding upwards; choose another sum", sum)
	}
	share, _ := p.Share()
	interval, _ := p.Wilson()
	if share > 1 || interval.High > 1 || interval.High < share {
		t.Errorf("got share %v in %v", share, interval)
	}
}

func TestWilsonProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 1_000_000).Draw(t, "n")
		positive := rapid.Float64Range(0, float64(n)).Draw(t, "positive")
		p := stats.Proportion{Positive: positive, N: n}
		share, _ := p.Share()
		got, ok := p.Wilson()
		if !ok || got.Low < 0 || got.Low > share || got.High < share || got.High > 1 {
			t.Fatalf("share %v is not inside %v", share, got)
		}
		mirror, _ := stats.Proportion{Positive: float64(n) - positive, N: n}.Wilson()
		if math.Abs(got.Low-(1-mirror.High)) > 1e-9 {
			t.Fatalf("%v does not mirror %v", got, mirror)
		}
		more, _ := stats.Proportion{Positive: positive * 2, N: n * 2}.Wilson()
		if more.High-more.Low >= got.High-got.Low {
			t.Fatalf("twice the ratings did not narrow %v: %v", got, more)
		}
	})
}
