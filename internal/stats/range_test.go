package stats_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/stats"
)

func TestParseRange(t *testing.T) {
	tests := []struct {
		from, to string
		wantErr  string
	}{
		{"2026-01-01", "2026-01-01", ""},
		{"2026-01-01", "2026-01-31", ""},
		{"2026-01-02", "2026-01-01", "to: 2026-01-01 is before from, 2026-01-02: swap them"},
		{"", "2026-01-01", `from: "" is not a day: write YYYY-MM-DD, a real date from 1970-01-01 to 2999-12-31`},
		{"2026-01-01", "soon", `to: "soon" is not a day: write YYYY-MM-DD, a real date from 1970-01-01 to 2999-12-31`},
	}
	for _, tt := range tests {
		got, err := stats.ParseRange(tt.from, tt.to, time.UTC)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if text != tt.wantErr {
			t.Errorf("%s…%s: got error %q, want %q", tt.from, tt.to, text, tt.wantErr)
		}
		if err == nil && (string(got.From) != tt.from || string(got.To) != tt.to || got.Zone != time.UTC) {
			t.Errorf("%s…%s: got %v", tt.from, tt.to, got)
		}
	}
}

func TestRangeBounds(t *testing.T) {
	// Both changes of the clocks lie inside, so the hours even out.
	r := stats.Range{From: "2026-03-01", To: "2026-10-31", Zone: location(t, "Europe/Dublin")}
	if got, want := r.Start().Format(time.RFC3339), "2026-03-01T00:00:00Z"; got != want {
		t.Errorf("start: got %s, want %s", got, want)
	}
	if got, want := r.End().Format(time.RFC3339), "2026-11-01T00:00:00Z"; got != want {
		t.Errorf("end: got %s, want %s", got, want)
	}
	if got := r.Days(); got != 245 {
		t.Errorf("days: got %d, want 245", got)
	}
}

func TestLongestRange(t *testing.T) {
	r, err := stats.ParseRange("1970-01-01", "2999-12-31", location(t, "Asia/Tokyo"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Days(), 376_200; got != want {
		t.Errorf("days: got %d, want %d", got, want)
	}
	if got, want := r.Previous().Days(), r.Days(); got != want {
		t.Errorf("days before: got %d, want %d", got, want)
	}
	if got, want := len(stats.Calendar{Grain: stats.Monthly}.Buckets(r, r.Start())), 12*1030; got != want {
		t.Errorf("months: got %d, want %d", got, want)
	}
}

func TestPrevious(t *testing.T) {
	tests := []struct{ from, to, wantFrom, wantTo stats.Day }{
		{"2026-03-01", "2026-03-01", "2026-02-28", "2026-02-28"},
		{"2026-03-01", "2026-03-31", "2026-01-29", "2026-02-28"},
		{"2024-03-01", "2024-03-07", "2024-02-23", "2024-02-29"},
	}
	for _, tt := range tests {
		got := stats.Range{From: tt.from, To: tt.to, Zone: time.UTC}.Previous()
		if got.From != tt.wantFrom || got.To != tt.wantTo {
			t.Errorf("before %s…%s: got %s…%s, want %s…%s", tt.from, tt.to, got.From, got.To, tt.wantFrom, tt.wantTo)
		}
	}
}

func TestBuckets(t *testing.T) {
	type row struct {
		First, From, To stats.Day
		Cut, Unfinished bool
	}
	tests := []struct {
		name     string
		calendar stats.Calendar
		zone     string
		from, to stats.Day
		now      string
		want     []row
	}{
		{
			"days, today unfinished",
			stats.Calendar{Grain: stats.Daily},
			"UTC", "2026-02-27", "2026-03-01", "2026-03-01T12:00:00Z",
			[]row{
				{"2026-02-27", "2026-02-27", "2026-02-27", false, false},
				{"2026-02-28", "2026-02-28", "2026-02-28", false, false},
				{"2026-03-01", "2026-03-01", "2026-03-01", false, true},
			},
		},
		{
			"ISO weeks over new year, cut at both ends",
			stats.Calendar{Grain: stats.Weekly, WeekStart: time.Monday},
			"UTC", "2025-12-31", "2026-01-13", "2026-01-13T00:00:00Z",
			[]row{
				{"2025-12-29", "2025-12-31", "2026-01-04", true, false},
				{"2026-01-05", "2026-01-05", "2026-01-11", false, false},
				{"2026-01-12", "2026-01-12", "2026-01-13", true, true},
			},
		},
		{
			"weeks from Sunday",
			stats.Calendar{Grain: stats.Weekly, WeekStart: time.Sunday},
			"UTC", "2026-01-03", "2026-01-04", "2026-06-01T00:00:00Z",
			[]row{
				{"2025-12-28", "2026-01-03", "2026-01-03", true, false},
				{"2026-01-04", "2026-01-04", "2026-01-04", true, false},
			},
		},
		{
			"months, the zone decides whether one is over",
			stats.Calendar{Grain: stats.Monthly},
			"America/Los_Angeles", "2024-01-31", "2024-03-31", "2024-04-01T06:59:59Z",
			[]row{
				{"2024-01-01", "2024-01-31", "2024-01-31", true, false},
				{"2024-02-01", "2024-02-01", "2024-02-29", false, false},
				{"2024-03-01", "2024-03-01", "2024-03-31", false, true},
			},
		},
		{
			"a bucket is finished in the instant it ends",
			stats.Calendar{Grain: stats.Monthly},
			"America/Los_Angeles", "2024-03-01", "2024-03-31", "2024-04-01T07:00:00Z",
			[]row{{"2024-03-01", "2024-03-01", "2024-03-31", false, false}},
		},
	}
	for _, tt := range tests {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		r := stats.Range{From: tt.from, To: tt.to, Zone: location(t, tt.zone)}
		var got []row
		for _, b := range tt.calendar.Buckets(r, now) {
			got = append(got, row{b.First, b.From, b.To, b.Cut, b.Unfinished})
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestBucketsTileTheRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		from := stats.DayOf(drawInstant(t, zone), zone)
		r := stats.Range{From: from, To: from.AddDays(rapid.IntRange(0, 120).Draw(t, "days")), Zone: zone}
		calendar := stats.Calendar{
			Grain:     rapid.SampledFrom([]stats.Grain{stats.Daily, stats.Weekly, stats.Monthly}).Draw(t, "grain"),
			WeekStart: time.Weekday(rapid.IntRange(0, 6).Draw(t, "week start")),
		}
		now := r.Start().Add(time.Duration(rapid.IntRange(-50, 150*24).Draw(t, "hours")) * time.Hour)

		buckets := calendar.Buckets(r, now)
		if got := buckets[0].Start(); !got.Equal(r.Start()) {
			t.Fatalf("the first bucket starts %v, the range %v", got, r.Start())
		}
		if got := buckets[len(buckets)-1].End(); !got.Equal(r.End()) {
			t.Fatalf("the last bucket ends %v, the range %v", got, r.End())
		}
		days := 0
		for i, b := range buckets {
			days += b.Days()
			if i > 0 && !b.Start().Equal(buckets[i-1].End()) {
				t.Fatalf("a gap between %v and %v", buckets[i-1], b)
			}
			if i > 0 && buckets[i-1].Unfinished && !b.Unfinished {
				t.Fatalf("%v is finished before %v", b, buckets[i-1])
			}
			if now.Before(b.End()) && !b.Unfinished {
				t.Fatalf("%v is called finished at %v", b, now)
			}
		}
		if days != r.Days() {
			t.Fatalf("buckets hold %d days, the range %d", days, r.Days())
		}
	})
}

// A rollup finds the bucket by the day's key, a query by its instants.
func TestBucketOfDayAndOfInstantAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		instant := drawInstant(t, zone)
		calendar := stats.Calendar{
			Grain:     rapid.SampledFrom([]stats.Grain{stats.Daily, stats.Weekly, stats.Monthly}).Draw(t, "grain"),
			WeekStart: time.Weekday(rapid.IntRange(0, 6).Draw(t, "week start")),
		}
		day := stats.DayOf(instant, zone)
		r := stats.Range{From: day.AddDays(-40), To: day.AddDays(40), Zone: zone}
		found := 0
		for _, b := range calendar.Buckets(r, instant) {
			byInstant := !instant.Before(b.Start()) && instant.Before(b.End())
			byDay := b.First == calendar.FirstDay(day)
			if byInstant != byDay {
				t.Fatalf("%v (%s) in %v: by instant %v, by day %v", instant, day, b, byInstant, byDay)
			}
			if byDay {
				found++
			}
		}
		if found != 1 {
			t.Fatalf("%v lies in %d buckets", instant, found)
		}
	})
}

func TestSameWeekdays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := stats.Day("2026-01-01").AddDays(rapid.IntRange(-3000, 3000).Draw(t, "from"))
		r := stats.Range{From: from, To: from.AddDays(rapid.IntRange(0, 800).Draw(t, "days")), Zone: time.UTC}
		got := r.SameWeekdays()
		if got.Days() != r.Days() || got.To >= r.From || got.To.DaysUntil(r.From) > 7 || got.From.DaysUntil(r.From)%7 != 0 {
			t.Fatalf("%v is held against %v", r, got)
		}
	})
}

// A day is ripe from the instant on at which the window of what was asked in its last moment is over.
func TestRipeDaysHadTheirWholeWindow(t *testing.T) {
	dublin := location(t, "Europe/Dublin")
	at := func(text string) time.Time {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	r := stats.Range{From: "2026-03-27", To: "2026-04-02", Zone: dublin} // summer time begins on 29 March
	for _, tt := range []struct {
		now    string
		window time.Duration
		want   stats.Day
		ok     bool
	}{
		{"2026-03-28T23:59:59Z", 24 * time.Hour, "2026-03-27", false},
		{"2026-03-29T00:00:00Z", 24 * time.Hour, "2026-03-27", true},
		{"2026-03-30T23:00:00Z", 24 * time.Hour, "2026-03-29", true},
		{"2026-03-30T22:59:59Z", 24 * time.Hour, "2026-03-28", true},
		{"2026-06-01T00:00:00Z", 24 * time.Hour, "2026-04-02", true},
		{"2026-04-02T12:00:00Z", 0, "2026-04-01", true},
	} {
		got, ok := r.Ripe(tt.window, at(tt.now))
		if ok != tt.ok || ok && got != tt.want {
			t.Errorf("at %s with %v it is ripe to %s, %v; want %s, %v", tt.now, tt.window, got, ok, tt.want, tt.ok)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		now := drawInstant(t, zone)
		r := stats.Range{From: stats.DayOf(now, zone).AddDays(-30), To: stats.DayOf(now, zone), Zone: zone}
		window := time.Duration(rapid.IntRange(0, 40*24*60).Draw(t, "minutes")) * time.Minute
		last, ok := r.Ripe(window, now)
		if ok && last.AddDays(1).Start(zone).Add(window).After(now) {
			t.Fatalf("%s is called ripe at %v with a window of %v", last, now, window)
		}
		if next := last.AddDays(1); ok && last < r.To && !next.AddDays(1).Start(zone).Add(window).After(now) {
			t.Fatalf("%s is ripe too at %v with a window of %v", next, now, window)
		}
	})
}

func TestGrainShowsAHandfulOfBuckets(t *testing.T) {
	for days := 1; days <= 366; days++ {
		r := stats.Range{From: "2025-01-01", To: stats.Day("2025-01-01").AddDays(days - 1), Zone: time.UTC}
		calendar := stats.Calendar{Grain: stats.GrainFor(days), WeekStart: time.Monday}
		if n := len(calendar.Buckets(r, r.End())); n > 28 || n < min(days, 3) {
			t.Errorf("%d days are %d buckets", days, n)
		}
	}
	if g := stats.GrainFor(7); g != stats.Daily {
		t.Errorf("7 days are shown by %v", g)
	}
}
