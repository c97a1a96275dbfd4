package rating_test

import (
	"testing"
	"time"

	"rerate/internal/rating"
)

// A window is closed at the very instant of its end; 0 means no limit, but no undo.
func TestWindows(t *testing.T) {
	begin := time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC) // clocks go forward in Europe that night
	type question func(w rating.Windows, begin, now time.Time) bool
	rate, change, undo := rating.Windows.MayRate, rating.Windows.MayChange, rating.Windows.Undo
	tests := []struct {
		name    string
		windows rating.Windows
		ask     question
		after   time.Duration
		want    bool
	}{
		{"rate, at once", rating.Windows{RateHours: 1}, rate, 0, true},
		{"rate, just inside", rating.Windows{RateHours: 1}, rate, time.Hour - 1, true},
		{"rate, at the end", rating.Windows{RateHours: 1}, rate, time.Hour, false},
		{"rate, two days", rating.Windows{RateHours: 48}, rate, 48*time.Hour - 1, true},
		{"rate, two days over", rating.Windows{RateHours: 48}, rate, 48 * time.Hour, false},
		{"rate, no limit", rating.Windows{}, rate, 100 * 365 * 24 * time.Hour, true},
		{"rate, the others do not matter", rating.Windows{ChangeHours: 1, UndoMinutes: 1}, rate, 2 * time.Hour, true},
		{"change, just inside", rating.Windows{ChangeHours: 72}, change, 72*time.Hour - 1, true},
		{"change, at the end", rating.Windows{ChangeHours: 72}, change, 72 * time.Hour, false},
		{"change, no limit", rating.Windows{}, change, 100 * 365 * 24 * time.Hour, true},
		{"change, the others do not matter", rating.Windows{RateHours: 1, UndoMinutes: 1}, change, 2 * time.Hour, true},
		{"undo, at once", rating.Windows{UndoMinutes: 1}, undo, 0, true},
		{"undo, just inside", rating.Windows{UndoMinutes: 1}, undo, time.Minute - 1, true},
		{"undo, at the end", rating.Windows{UndoMinutes: 1}, undo, time.Minute, false},
		{"undo, an hour", rating.Windows{UndoMinutes: 60}, undo, time.Hour - 1, true},
		{"no undo, at once", rating.Windows{}, undo, 0, false},
		{"no undo, later", rating.Windows{}, undo, time.Nanosecond, false},
	}
	for _, tt := range tests {
		for _, zone := range []*time.Location{time.UTC, time.FixedZone("odd", -9*3600-1800)} {
			if got := tt.ask(tt.windows, begin, begin.Add(tt.after).In(zone)); got != tt.want {
				t.Errorf("%s: %v after the begin is %v", tt.name, tt.after, got)
			}
		}
	}
}

func TestUndoEnds(t *testing.T) {
	at := time.Unix(1000, 0)
	for minutes, want := range map[int]time.Time{0: at, 1: time.Unix(1060, 0), 60: time.Unix(4600, 0)} {
		if got := (rating.Windows{UndoMinutes: minutes}).UndoEnds(at); !got.Equal(want) {
			t.Errorf("%d minutes end at %v, want %v", minutes, got, want)
		}
	}
}
