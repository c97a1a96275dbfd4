package chart

import "testing"

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
