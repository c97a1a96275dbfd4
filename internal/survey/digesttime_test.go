package survey

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"rerate/internal/stats"
	"rerate/models"
)

func zoneOf(t interface{ Fatal(...any) }, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestHourOf(t *testing.T) {
	for _, test := range []struct {
		zone string
		day  stats.Day
		hour int
		want string // UTC
	}{
		{"Europe/Dublin", "2026-03-02", 9, "2026-03-02T09:00:00Z"},
		{"Europe/Dublin", "2026-03-29", 0, "2026-03-29T00:00:00Z"},
		{"Europe/Dublin", "2026-03-29", 1, "2026-03-29T01:00:00Z"}, // there is no 01:00; the clocks show 02:00
		{"Europe/Dublin", "2026-03-29", 9, "2026-03-29T08:00:00Z"},
		{"Europe/Dublin", "2026-10-25", 1, "2026-10-25T00:00:00Z"}, // the first of two
		{"Europe/Dublin", "2026-10-25", 2, "2026-10-25T02:00:00Z"},
		{"America/Santiago", "2026-09-06", 0, "2026-09-06T04:00:00Z"}, // the day begins at 01:00
		{"Australia/Lord_Howe", "2026-10-04", 2, "2026-10-03T15:30:00Z"},
		{"Asia/Kathmandu", "2026-03-02", 23, "2026-03-02T17:15:00Z"},
		{"Pacific/Apia", "2011-12-30", 9, "2011-12-30T10:00:00Z"}, // the day that there never was
	} {
		if got := hourOf(test.day, test.hour, zoneOf(t, test.zone)).UTC().Format(time.RFC3339); got != test.want {
			t.Errorf("%s, %s, %d: %s, want %s", test.zone, test.day, test.hour, got, test.want)
		}
	}
}

func TestDueDigest(t *testing.T) {
	dublin := zoneOf(t, "Europe/Dublin")
	monday := models.Digest{Enabled: true, Weekday: time.Monday, Hour: 9}
	for _, test := range []struct {
		name   string
		change func(*models.Digest)
		now    string
		week   stats.Day
		due    bool
	}{
		{"on time", nil, "2026-03-09T09:00:00Z", "2026-03-02", true},
		{"a second early", nil, "2026-03-09T08:59:59Z", "2026-02-23", false},
		{"almost a day late", nil, "2026-03-10T08:59:59Z", "2026-03-02", true},
		{"a day late", nil, "2026-03-10T09:00:00Z", "2026-03-02", false},
		{"in summer time", nil, "2026-03-30T08:00:00Z", "2026-03-23", true},
		{"in summer time, a second early", nil, "2026-03-30T07:59:59Z", "2026-03-16", false},
		{"off", func(d *models.Digest) { d.Enabled = false }, "2026-03-09T09:00:00Z", "2026-03-02", false},
		{"set later", func(d *models.Digest) { d.Since = time.Date(2026, 3, 9, 9, 0, 1, 0, time.UTC) }, "2026-03-09T10:00:00Z", "2026-03-02", false},
		{"on a Sunday, before the week is over", func(d *models.Digest) { d.Weekday = time.Sunday }, "2026-03-08T09:00:00Z", "2026-02-23", true},
		{"at midnight", func(d *models.Digest) { d.Hour = 0 }, "2026-03-09T00:00:00Z", "2026-03-02", true},
	} {
		d := monday
		if test.change != nil {
			test.change(&d)
		}
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		week, _, due := dueDigest(d, dublin, now)
		if week.From != test.week || week.To != test.week.AddDays(6) || due != test.due {
			t.Errorf("%s: the week of %s, due: %v", test.name, week.From, due)
		}
	}
}

// However the clocks change, the times of a digest come one in each week, on its weekday, one after the other, each for the
// week before.
func TestThereIsOneTimeInEachWeek(t *testing.T) {
	zones := []string{"UTC", "Europe/Dublin", "America/St_Johns", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca"}
	rapid.Check(t, func(t *rapid.T) {
		zone := zoneOf(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		d := models.Digest{Enabled: true, Weekday: time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday")), Hour: rapid.IntRange(0, 23).Draw(t, "hour")}
		now := time.Unix(rapid.Int64Range(1_262_304_000, 2_000_000_000).Draw(t, "now"), 0).UTC()
		week, last := lastSlot(d, zone, now)
		next := nextSlot(d, zone, now)
		if last.After(now) || !next.After(now) {
			t.Fatalf("%s lies not between %s and %s", now, last, next)
		}
		if days := stats.DayOf(last, zone).DaysUntil(stats.DayOf(next, zone)); days != 7 {
			t.Fatalf("from %s to %s it is %d days", last.In(zone), next.In(zone), days)
		}
		if following, at := lastSlot(d, zone, next); !at.Equal(next) || following.From != week.From.AddDays(7) {
			t.Fatalf("at %s the week of %s is told after that of %s", next, following.From, week.From)
		}
		if week.From.Weekday() != time.Monday || week.End().After(last) || last.Sub(week.End()) > 8*24*time.Hour {
			t.Fatalf("at %s the week of %s is told", last.In(zone), week.From)
		}
	})
}
