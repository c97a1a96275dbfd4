package handlers_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"rerate/handlers"
	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
)

// sameZone takes zones for the same that have the same name. Where a list begins to look is its own business.
var sameZone = cmp.Options{
	cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }), cmpopts.IgnoreUnexported(models.RatingFilter{}),
}

type failing interface{ Fatal(args ...any) }

// queryOf is the query of an address.
func queryOf(t failing, address string) url.Values {
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	values, err := url.ParseQuery(at.RawQuery)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func inZone(zone string) rating.Settings {
	settings := rating.DefaultSettings()
	settings.TimeZone = zone
	return settings
}

// A filter has one address: defaults are not in it, the order is the same whatever was typed.
func TestCanonicalAddresses(t *testing.T) {
	for query, want := range map[string]string{
		"": "/", "days=90": "/", "compare=previous": "/", "policy=latest": "/", "policy=first": "/?policy=first",
		"company=A&segment=s&wording=2&remark=no&change=same&score=4&tag=t&channel=chat&teammate=1&compare=off&policy=best&days=7": "/?days=7&policy=best&compare=off&teammate=1&channel=chat&tag=t&score=4&change=same&remark=no&wording=2&segment=s&company=A",
		"from=2026-01-01&days=7": "/?from=2026-01-01", "days=all": "/?days=all", "score=11&channel=chat": "/?channel=chat", "tag=a%26b": "/?tag=a%26b",
		"outcome=low": "/", // a page of figures has no rows
	} {
		address, _, _ := handlers.Canonical(queryOf(t, "/?"+query), false, inZone("UTC"), filterNow)
		if address != want {
			t.Errorf("%q has the address %s, want %s", query, address, want)
		}
	}
}

func drawQuery(t *rapid.T) url.Values {
	query := url.Values{}
	for name, values := range map[string]*rapid.Generator[string]{
		"days": rapid.SampledFrom([]string{"7", "30", "90", "365", "today", "yesterday", "week", "last_week", "month", "last_month", "quarter", "year", "all", "8"}),
		"from": drawDay(), "to": drawDay(),
		"policy":   rapid.SampledFrom([]string{"first", "latest", "average", "best", "worst", "none"}),
		"compare":  rapid.SampledFrom([]string{"previous", "weekdays", "year", "off", "on"}),
		"teammate": rapid.StringMatching(`[!-~]{1,64}`), "channel": rapid.StringMatching(`[a-z_]{1,64}`), "tag": rapid.String(),
		"score": rapid.StringMatching(`[0-9]{1,2}`), "change": rapid.SampledFrom([]string{"first", "better", "same", "worse", "Worse"}),
		"remark": rapid.SampledFrom([]string{"yes", "no", "1"}), "wording": rapid.StringMatching(`[0-9]{1,7}`), "segment": rapid.StringMatching(`[0-9a-f]{1,64}`),
		"company": rapid.String(), "outcome": rapid.SampledFrom([]string{"rated", "low", "odd"}), "first": rapid.StringMatching(`[0-9]{1,2}`),
		"contact": rapid.String(), "valid": rapid.SampledFrom([]string{"yes", "no"}), "nonsense": rapid.String(),
	} {
		if rapid.IntRange(0, 2).Draw(t, "has "+name) == 0 {
			query.Set(name, values.Draw(t, name))
		}
	}
	return query
}

func drawDay() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return string(stats.Day("2015-01-01").AddDays(rapid.IntRange(0, 5000).Draw(t, "day")))
	})
}

// What a link says is what it means: parse(render(f)) = f, and nothing in it is refused.
func TestAddressesMeanWhatTheySay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		query := drawQuery(t)
		settings := inZone(rapid.SampledFrom([]string{"UTC", "Europe/Dublin", "Asia/Kathmandu", "America/St_Johns"}).Draw(t, "zone"))
		want, _ := handlers.ParseFilter(query, settings, filterNow)
		address, before, _ := handlers.Canonical(query, true, settings, filterNow)
		got, ignored := handlers.ParseFilter(queryOf(t, address), settings, filterNow)
		if diff := cmp.Diff(want, got, sameZone); diff != "" || len(ignored) > 0 {
			t.Fatalf("%s ignores %q: %s", address, ignored, diff)
		}
		again, beforeAgain, _ := handlers.Canonical(queryOf(t, address), true, settings, filterNow)
		if again != address || !cmp.Equal(before, beforeAgain, sameZone) {
			t.Fatalf("%s becomes %s", address, again)
		}
		if before != nil && (before.To < before.From || before.To >= want.Range.From) {
			t.Fatalf("%s: %v is compared with %v", address, want.Range, before)
		}
	})
}

func TestComparedRanges(t *testing.T) {
	for query, want := range map[string][2]stats.Day{
		"days=7":                {"2026-02-17", "2026-02-23"},
		"days=7&compare=year":   {"2025-02-24", "2025-03-02"},
		"days=365&compare=year": {"2024-03-03", "2025-03-02"},
		"from=2025-02-01&to=2025-02-28&compare=year": {"2024-02-01", "2024-02-29"},
		"from=2024-02-01&to=2024-02-29&compare=year": {"2023-02-01", "2023-02-28"},
		"from=2024-02-29&to=2024-02-29&compare=year": {"2023-02-28", "2023-02-28"},
		"from=2024-01-01&to=2025-06-30&compare=year": {"2022-01-01", "2023-06-30"}, // two years back, or they would overlap
		"days=today&compare=weekdays":                {"2026-02-23", "2026-02-23"},
		"days=last_month":                            {"2026-01-04", "2026-01-31"},
		"days=all":                                   {},
		"days=7&compare=off":                         {},
		"from=1970-01-01&to=1970-01-31":              {},
	} {
		_, before, ignored := handlers.Canonical(queryOf(t, "/?"+query), false, inZone("UTC"), filterNow)
		var got [2]stats.Day
		if before != nil {
			got = [2]stats.Day{before.From, before.To}
		}
		if got != want || len(ignored) > 0 {
			t.Errorf("%s is compared with %v, want %v; ignored %q", query, got, want, ignored)
		}
	}
}

// 2 March 2026 is a Monday.
func TestSteps(t *testing.T) {
	for query, want := range map[string][2]string{
		"days=today":                    {"/?days=yesterday", ""},
		"days=yesterday":                {"/?from=2026-02-28&to=2026-02-28", "/?days=today"},
		"days=week":                     {"/?days=last_week", ""},
		"days=last_week":                {"/?from=2026-02-16&to=2026-02-22", "/?days=week"},
		"from=2026-02-16&to=2026-02-22": {"/?from=2026-02-09&to=2026-02-15", "/?days=last_week"},
		"days=month":                    {"/?days=last_month", ""},
		"days=last_month":               {"/?from=2026-01-01&to=2026-01-31", "/?days=month"},
		"from=2026-01-01&to=2026-01-31": {"/?from=2025-12-01&to=2025-12-31", "/?days=last_month"},
		"days=quarter":                  {"/?from=2025-10-01&to=2025-12-31", ""},
		"from=2025-10-01&to=2025-12-31": {"/?from=2025-07-01&to=2025-09-30", "/?days=quarter"},
		"days=year":                     {"/?from=2025-01-01&to=2025-12-31", ""},
		"from=2025-01-01&to=2025-12-31": {"/?from=2024-01-01&to=2024-12-31", "/?days=year"},
		"from=2024-01-01&to=2024-12-31": {"/?from=2023-01-01&to=2023-12-31", "/?from=2025-01-01&to=2025-12-31"},
		"days=all":                      {"", ""},
		"days=7":                        {"/?from=2026-02-17&to=2026-02-23", ""},
		"days=7&channel=chat":           {"/?from=2026-02-17&to=2026-02-23&channel=chat", ""},
		"from=2026-02-20&to=2026-02-28": {"/?from=2026-02-11&to=2026-02-19", "/?from=2026-02-22&to=2026-03-02"},
		"from=1970-01-01&to=1970-01-31": {"", "/?from=1970-02-01&to=1970-02-28"},
	} {
		earlier, later := handlers.StepsOf(queryOf(t, "/?"+query), inZone("UTC"), filterNow)
		if got := [2]string{earlier, later}; got != want {
			t.Errorf("%s steps to %q, want %q", query, got, want)
		}
	}
}

// The period before ends where a range begins, and there is a way forth from it.
func TestStepsGoBackAndForth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		settings := inZone("Europe/Dublin")
		at := filterNow.AddDate(0, 0, rapid.IntRange(0, 1500).Draw(t, "today"))
		query := drawQuery(t)
		start, _ := handlers.ParseFilter(query, settings, at)
		earlier, _ := handlers.StepsOf(query, settings, at)
		if earlier == "" || start.Range.To > stats.DayOf(at, time.UTC) {
			return
		}
		before, _ := handlers.ParseFilter(queryOf(t, earlier), settings, at)
		if before.Range.To.AddDays(1) != start.Range.From {
			t.Fatalf("before %v comes %v", start.Range, before.Range)
		}
		_, back := handlers.StepsOf(queryOf(t, earlier), settings, at)
		if back == "" {
			t.Fatalf("from %s there is no way back", earlier)
		}
		again, _ := handlers.ParseFilter(queryOf(t, back), settings, at)
		if again.Range.From <= before.Range.From {
			t.Fatalf("after %v comes %v", before.Range, again.Range)
		}
	})
}
