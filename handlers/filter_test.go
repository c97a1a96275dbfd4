package handlers_test

import (
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"rerate/handlers"
	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
)

// filterNow is late on 2 March in Dublin and already the 3rd in Kathmandu.
var filterNow = time.Date(2026, time.March, 2, 20, 0, 0, 0, time.UTC)

func parse(t *testing.T, zone, query string) (models.RatingFilter, []string) {
	t.Helper()
	settings := rating.DefaultSettings()
	settings.TimeZone = zone
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	f, ignored := handlers.ParseFilter(values, settings, filterNow)
	if f.Range.Zone.String() != zone {
		t.Errorf("%q: the zone is %s", query, f.Range.Zone)
	}
	f.Range.Zone = nil
	return f, ignored
}

func TestParseFilter(t *testing.T) {
	type filter = models.RatingFilter
	days := func(from, to stats.Day, change func(*filter)) filter {
		f := filter{Filter: models.Filter{Range: stats.Range{From: from, To: to}, Policy: rating.CountLatest}}
		if change != nil {
			change(&f)
		}
		return f
	}
	last90 := func(change func(*filter)) filter { return days("2025-12-03", "2026-03-02", change) }
	tests := []struct {
		query   string
		want    filter
		ignored []string
	}{
		{"", last90(nil), nil},
		{"days=&policy=&score=", last90(nil), nil},
		{"days=7", days("2026-02-24", "2026-03-02", nil), nil},
		{"days=365", days("2025-03-03", "2026-03-02", nil), nil},
		{"days=8", last90(nil), []string{"days “8” was ignored: it must be 7, 30, 90, 365, today, yesterday, week, last_week, month, last_month, quarter, year or all."}},
		{"days=07", last90(nil), []string{"days “07” was ignored: it must be 7, 30, 90, 365, today, yesterday, week, last_week, month, last_month, quarter, year or all."}},
		{"from=2026-01-01&to=2026-01-31", days("2026-01-01", "2026-01-31", nil), nil},
		{"from=2026-01-01&days=7", days("2026-01-01", "2026-03-02", nil), nil},
		{"from=2027-01-01", days("2027-01-01", "2027-01-01", nil), nil},
		{"to=2026-01-31", days("2025-11-03", "2026-01-31", nil), nil},
		{"from=2026-02-30", last90(nil), []string{"from “2026-02-30” was ignored: it must be a day, YYYY-MM-DD."}},
		{"from=soon&days=7", days("2026-02-24", "2026-03-02", nil), []string{"from “soon” was ignored: it must be a day, YYYY-MM-DD."}},
		{"from=2026-02-02&to=2026-02-01", last90(nil), []string{"to “2026-02-01” was ignored: it is before 2026-02-02."}},
		{"from=1970-01-01&to=2026-02-01", last90(nil), []string{"from “1970-01-01” was ignored: a range holds at most ten years."}},
		{"policy=best", last90(func(f *filter) { f.Policy = rating.CountBest }), nil},
		{"policy=loudest", last90(nil), []string{"policy “loudest” was ignored: it must be first, latest, average, best or worst."}},
		{"teammate=9608799&channel=email", last90(func(f *filter) { f.Teammate, f.Channel = "9608799", "email" }), nil},
		{"channel=" + strings.Repeat("x", 65), last90(nil), []string{"channel “" + strings.Repeat("x", 40) + "…” was ignored: it must be a channel such as chat or email."}},
		{"change=worse&score=1&remark=yes&valid=no", last90(func(f *filter) {
			f.Change, f.Score, f.Remark, f.Valid = rating.Worse, 1, models.Yes, models.No
		}), nil},
		{"change=Worse", last90(nil), []string{"change “Worse” was ignored: it must be first, better, same or worse."}},
		{"score=0", last90(nil), []string{"score “0” was ignored: it must be a score, 1 to 10."}},
		{"score=%2B5", last90(nil), []string{"score “+5” was ignored: it must be a score, 1 to 10."}},
		{"valid=true", last90(nil), []string{"valid “true” was ignored: it must be yes or no."}},
		{"first=2&latest=5", last90(func(f *filter) { f.Move.First, f.Move.Latest = 2, 5 }), nil},
		{"first=2", last90(func(f *filter) { f.Move.First = 2 }), nil},
		{"latest=5&first=eleven", last90(func(f *filter) { f.Move.Latest = 5 }), []string{"first “eleven” was ignored: it must be a score, 1 to 10, or a run of them such as 1-2."}},
		{"outcome=not_asked&compare=weekdays", last90(func(f *filter) { f.Outcome = models.NotAsked }), nil},
		{"compare=last", last90(nil), []string{"compare “last” was ignored: it must be previous, weekdays, year or off."}},
		{"outcome=odd", last90(nil), []string{"outcome “odd” was ignored: it must be one that a figure links to, such as recovered."}},
		{"contact=696205460674dbb9050aa7fd&conversation=215472621202693", last90(func(f *filter) {
			f.Contact, f.Conversation = "696205460674dbb9050aa7fd", "215472621202693"
		}), nil},
		{"conversation=last", last90(nil), []string{"conversation “last” was ignored: it must be a conversation's id."}},
		{"contact=a%00b", last90(nil), []string{"contact “a�b” was ignored: it must be a contact's id."}},
		{"contact=%FF", last90(nil), []string{"contact “�” was ignored: it must be a contact's id."}},
		{"cursor=!", last90(nil), []string{"cursor “!” was ignored: it must be a place that a page linked to."}},
		{"score=1&score=2", last90(nil), []string{"score was ignored: it stands in the address more than once."}},
		{"days=today", days("2026-03-02", "2026-03-02", nil), nil},
		{"days=yesterday", days("2026-03-01", "2026-03-01", nil), nil},
		{"days=week", days("2026-03-02", "2026-03-02", nil), nil}, // a Monday
		{"days=last_week", days("2026-02-23", "2026-03-01", nil), nil},
		{"days=month", days("2026-03-01", "2026-03-02", nil), nil},
		{"days=last_month", days("2026-02-01", "2026-02-28", nil), nil},
		{"days=quarter", days("2026-01-01", "2026-03-02", nil), nil},
		{"days=year", days("2026-01-01", "2026-03-02", nil), nil},
		{"days=all", days("2016-02-24", "2026-03-02", nil), nil},
		{"days=Today", last90(nil), []string{"days “Today” was ignored: it must be 7, 30, 90, 365, today, yesterday, week, last_week, month, last_month, quarter, year or all."}},
		{"tag=vip&wording=3&segment=0a1b&company=Acme+%26+Co", last90(func(f *filter) {
			f.Tag, f.Wording, f.Segment, f.Company = "vip", 3, "0a1b", "Acme & Co"
		}), nil},
		{"tag=Zahlung+%E2%80%9Eoffen%E2%80%9C", last90(func(f *filter) { f.Tag = "Zahlung „offen“" }), nil},
		{"tag=a%00", last90(nil), []string{"tag “a�” was ignored: it must be a tag of a conversation."}},
		{"tag=" + strings.Repeat("%C3%A9", 256), last90(nil), []string{"tag “" + strings.Repeat("é", 40) + "…” was ignored: it must be a tag of a conversation."}},
		{"wording=0", last90(nil), []string{"wording “0” was ignored: it must be the number of a version, 1 or more."}},
		{"wording=9999999", last90(nil), []string{"wording “9999999” was ignored: it must be the number of a version, 1 or more."}},
		{"segment=a+b", last90(nil), []string{"segment “a b” was ignored: it must be a segment's id."}},
		{"company=a%0Ab", last90(nil), []string{"company “a�b” was ignored: it must be a company's name or id."}},
		{"chanel=chat", last90(nil), []string{"“chanel” was ignored: there is no such filter."}},
	}
	for _, tt := range tests {
		got, ignored := parse(t, "Europe/Dublin", tt.query)
		if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreUnexported(models.RatingFilter{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.query, diff)
		}
		if diff := cmp.Diff(tt.ignored, ignored, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q ignored (-want +got):\n%s", tt.query, diff)
		}
	}
	if f, _ := parse(t, "Asia/Kathmandu", "days=7"); f.Range.To != "2026-03-03" {
		t.Errorf("in Kathmandu today is %s", f.Range.To)
	}
}

func TestCursorsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := models.Cursor{
			At: time.UnixMicro(rapid.Int64Range(0, 4_000_000_000_000_000).Draw(t, "at")).UTC(),
			ID: rapid.StringMatching(`[0-9A-Za-z_-]{1,64}`).Draw(t, "id"),
		}
		got, ok := handlers.ParseCursor(handlers.FormatCursor(want))
		if !ok || !got.At.Equal(want.At) || got.ID != want.ID {
			t.Fatalf("%v came back as %v, %v", want, got, ok)
		}
	})
}

func FuzzParseFilter(f *testing.F) {
	for _, query := range []string{
		"", "days=7&policy=best", "from=2026-01-01&to=2026-12-31", "first=1&latest=2&cursor=abc", "contact=%00&to=1970-01-01", "from=2999-12-31",
		"cursor=MjAyNi0wMy0wMlQwOTowMDowMFogMDE", "days=last_month&tag=%22&company=a+b&wording=2&compare=year", "from=2024-02-29&to=2024-02-29&compare=year",
	} {
		f.Add(query, "Europe/Dublin")
	}
	f.Fuzz(func(t *testing.T, query, zone string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		settings := rating.DefaultSettings()
		settings.TimeZone = zone
		got, ignored := handlers.ParseFilter(values, settings, filterNow)
		if got.Range.To < got.Range.From || got.Range.Days() > 3660 || !got.Range.Start().Before(got.Range.End()) {
			t.Errorf("the range is %v", got.Range)
		}
		if !got.Policy.Known() || got.Score < 0 || got.Score > 10 {
			t.Errorf("the filter is %+v", got)
		}
		if got.Wording < 0 || got.Wording > 1_000_000 {
			t.Errorf("the version is %d", got.Wording)
		}
		for _, text := range append(ignored, got.Teammate, got.Channel, got.Contact, got.Conversation, got.Tag, got.Segment, got.Company) {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\n\r") {
				t.Errorf("%q cannot be shown or stored", text)
			}
		}
		address, _, _ := handlers.Canonical(values, true, settings, filterNow)
		again, ignored := handlers.ParseFilter(queryOf(t, address), settings, filterNow)
		if diff := cmp.Diff(got, again, sameZone); diff != "" || len(ignored) > 0 {
			t.Errorf("%s means something else, ignoring %q: %s", address, ignored, diff)
		}
	})
}
