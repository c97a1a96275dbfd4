package stats_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"pgregory.net/rapid"

	"rerate/internal/stats"
)

// zones are usual ones and every kind of odd one: midnight that does not exist
// or comes twice, half and quarter hours, days skipped, DST that is negative.
var zones = []string{
	"UTC", "Europe/London", "Europe/Dublin", "Europe/Berlin", "America/New_York", "America/Los_Angeles",
	"America/Sao_Paulo", "America/Santiago", "America/Havana", "America/Asuncion", "America/St_Johns",
	"America/Moncton", "America/Goose_Bay", "America/Caracas", "America/Scoresbysund", "America/Nuuk",
	"Africa/Cairo", "Africa/Casablanca", "Africa/Monrovia", "Asia/Beirut", "Asia/Amman", "Asia/Gaza",
	"Asia/Tehran", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Pyongyang", "Asia/Tokyo", "Australia/Lord_Howe",
	"Australia/Sydney", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Kwajalein",
	"Pacific/Pago_Pago", "Antarctica/Troll",
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestParseDay(t *testing.T) {
	for _, good := range []string{"1970-01-01", "2024-02-29", "2026-12-31", "2999-12-31"} {
		if day, err := stats.ParseDay(good); err != nil || string(day) != good {
			t.Errorf("%s: got %q, %v", good, day, err)
		}
	}
	for _, bad := range []string{
		"", "today", "2026-1-2", "2026-02-30", "2023-02-29", "2026-13-01", "26-01-01", "02026-01-01", " 2026-01-01",
		"2026-01-01 ", "2026/01/01", "2026-01-01T00:00:00Z", "1969-12-31", "3000-01-01", "0000-01-01", "٢٠٢٦-01-01",
	} {
		if day, err := stats.ParseDay(bad); err == nil {
			t.Errorf("%q: read as %s", bad, day)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, seed := range []string{"2026-01-01", "1970-01-01", "2024-02-29", "2999-12-31", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, err := stats.ParseDay(s)
		if err == nil && (string(day) != s || day.AddDays(1).AddDays(-1) != day) {
			t.Errorf("%q: read as %s", s, day)
		}
	})
}

func TestDayStart(t *testing.T) {
	tests := []struct {
		zone  string
		day   stats.Day
		start string
		hours float64
	}{
		{"UTC", "2026-03-29", "2026-03-29T00:00:00Z", 24},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", 23},
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", 25},
		{"America/New_York", "2026-11-01", "2026-11-01T04:00:00Z", 25},
		{"America/Los_Angeles", "2050-03-13", "2050-03-13T08:00:00Z", 23}, // by rule, after the zone's table ends
		{"America/New_York", "2040-12-31", "2040-12-31T05:00:00Z", 24},    // where ZoneBounds is wrong
		{"Pacific/Auckland", "2041-01-01", "2040-12-31T11:00:00Z", 24},
		{"Europe/Berlin", "2996-12-31", "2996-12-30T23:00:00Z", 24},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", 23}, // begins at 01:00
		{"America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", 25}, // 23:00 to midnight comes twice
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z", 24},
		{"Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", 23}, // begins at 01:00
		{"Africa/Cairo", "2026-10-29", "2026-10-28T21:00:00Z", 25}, // 23:00 to midnight comes twice
		{"Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z", 23},  // begins at 01:00
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", 25},
		{"Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", 24.5},
		{"America/St_Johns", "2010-11-06", "2010-11-06T02:30:00Z", 24}, // at 00:01 of the 7th back to 23:01 of the 6th
		{"America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z", 25},
		{"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", 24},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0}, // never was
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", 24},
		{"Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z", 24},
	}
	for _, tt := range tests {
		zone := location(t, tt.zone)
		start := tt.day.Start(zone)
		if got := start.Format(time.RFC3339); got != tt.start {
			t.Errorf("%s %s starts %s, want %s", tt.zone, tt.day, got, tt.start)
		}
		if got := tt.day.AddDays(1).Start(zone).Sub(start).Hours(); got != tt.hours {
			t.Errorf("%s %s has %v hours, want %v", tt.zone, tt.day, got, tt.hours)
		}
	}
}

func TestDayOf(t *testing.T) {
	tests := []struct {
		zone, instant string
		want          stats.Day
	}{
		{"UTC", "2026-01-01T00:00:00Z", "2026-01-01"},
		{"UTC", "2025-12-31T23:59:59.999999999Z", "2025-12-31"},
		{"Pacific/Kiritimati", "2025-12-31T10:00:00Z", "2026-01-01"},
		{"Pacific/Pago_Pago", "2026-01-01T10:59:59Z", "2025-12-31"},
		{"America/Sao_Paulo", "2018-11-04T02:59:59Z", "2018-11-03"},
		{"America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04"},
		{"America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17"}, // the second 23:30
		{"America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-07"},  // clocks show 23:30 of the 6th once more
		{"UTC", "0001-01-01T00:00:00Z", "1970-01-01"},
		{"Asia/Tokyo", "9999-12-31T23:00:00Z", "2999-12-31"},
	}
	for _, tt := range tests {
		instant, err := time.Parse(time.RFC3339, tt.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := stats.DayOf(instant, location(t, tt.zone)); got != tt.want {
			t.Errorf("%s in %s is of %s, want %s", tt.instant, tt.zone, got, tt.want)
		}
	}
}

func drawZone(t *rapid.T) *time.Location {
	zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// drawInstant favours the hours around a change of the clocks.
func drawInstant(t *rapid.T, zone *time.Location) time.Time {
	instant := time.Unix(rapid.Int64Range(100*24*3600, 3_000_000_000).Draw(t, "unix"), 0)
	if _, change := instant.In(zone).ZoneBounds(); !change.IsZero() && rapid.Bool().Draw(t, "near a change") {
		instant = change.Add(time.Duration(rapid.IntRange(-26*60, 26*60).Draw(t, "minutes")) * time.Minute)
	}
	return instant
}

func TestEveryInstantLiesInExactlyItsDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		instant := drawInstant(t, zone)
		day := stats.DayOf(instant, zone)
		for n := -3; n <= 3; n++ {
			d := day.AddDays(n)
			inside := !instant.Before(d.Start(zone)) && instant.Before(d.AddDays(1).Start(zone))
			if inside != (n == 0) {
				t.Fatalf("%v is of %s, but inside %s: %v", instant.In(zone), day, d, inside)
			}
		}
	})
}

// The wall clock decides, but for the hour after clocks went back over midnight.
func TestDayOfIsWhatTheClockShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		instant := drawInstant(t, zone)
		got, shown := stats.DayOf(instant, zone), stats.Day(instant.In(zone).Format(time.DateOnly))
		if got == shown {
			return
		}
		since, _ := instant.In(zone).ZoneBounds()
		before := stats.Day(since.Add(-time.Nanosecond).In(zone).Format(time.DateOnly))
		if got != before || got != shown.AddDays(1) || instant.Sub(since) >= 2*time.Hour {
			t.Fatalf("%v is of %s", instant.In(zone), got)
		}
	})
}

func TestDayStartIsWhereTheDayBegins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		day := stats.DayOf(drawInstant(t, zone), zone)
		start := day.Start(zone)
		if got := stats.DayOf(start, zone); got != day {
			t.Fatalf("%s starts at %v, which is of %s", day, start, got)
		}
		if got := stats.DayOf(start.Add(-time.Nanosecond), zone); got >= day {
			t.Fatalf("just before %s begins it is %s", day, got)
		}
	})
}
