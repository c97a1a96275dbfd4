package chart

import (
	"math"
	"testing"
)

func TestPercentKeepsNoneAndAllForExactly(t *testing.T) {
	for _, c := range []struct {
		value float64
		want  string
	}{
		{0, "0 %"},
		{0.001, "<1 %"},
		{0.004, "<1 %"},
		{0.005, "1 %"},
		{0.5, "50 %"},
		{0.876, "88 %"},
		{0.995, "99 %"},
		{0.9999, "99 %"},
		{1, "100 %"},
		{1.2, "100 %"},
		{-1, "0 %"},
		{math.NaN(), "0 %"},
		{math.Inf(1), "100 %"},
	} {
		if got := Percent(c.value); got != c.want {
			t.Errorf("Percent(%v) = %q, want %q", c.value, got, c.want)
		}
	}
}

func TestRangeNeverLooksNarrowerThanItIs(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		want      string
	}{{0.838, 0.899, "83–90 %"}, {0, 1, "0–100 %"}, {0.29, 0.57, "29–57 %"}, {-1, 3, "0–100 %"}} {
		if got := Range(c.low, c.high); got != c.want {
			t.Errorf("Range(%v, %v) = %q, want %q", c.low, c.high, got, c.want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -4321: "−4,321", -12: "−12"} {
		if got := Grouped(n); got != want {
			t.Errorf("Grouped(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestIsolatedOnlyWhatRunsTheOtherWay(t *testing.T) {
	for words, want := range map[string]string{"Good": "Good", "😍": "😍", "جيد": "\u2068جيد\u2069", "Good טוב": "\u2068Good טוב\u2069"} {
		if got := isolated(words); got != want {
			t.Errorf("isolated(%q) = %q, want %q", words, got, want)
		}
	}
}

func TestTrendSummarySaysWhatIsSeen(t *testing.T) {
	at := func(label string, n int, counted, first float64) Bucket {
		return Bucket{Label: label, Title: "Week of " + label, Counted: Point{N: n, Score: counted, Low: counted - 0.1, High: counted + 0.1}, First: Point{N: n, Score: first, Low: first - 0.1, High: first + 0.1}}
	}
	open := at("22 Nov", 30, 0.2, 0.2)
	open.Unfinished = true
	noFirst := at("2 Nov", 30, 0.5, 0)
	noFirst.First = Point{}
	for _, c := range []struct {
		name  string
		trend Trend
		want  string
	}{
		{"nothing", Trend{}, "No ratings in this time."},
		{"only empty buckets", Trend{Buckets: make([]Bucket, 3)}, "No ratings in this time."},
		{"one", Trend{Buckets: []Bucket{at("2 Nov", 1, 1, 0)}}, "Counted CSAT is 100 % of 1 (90–100 %) in the week of 2 Nov. First ratings: 0 % of 1 (0–10 %)."},
		{
			"up, what is not over or too few left out",
			Trend{MinSample: 10, Buckets: []Bucket{at("2 Nov", 30, 0.704, 0.6), at("4 Nov", 2, 0, 0), at("9 Nov", 30, 0.9, 0.5), at("15 Nov", 30, 0.8, 0.7), open}},
			"Counted CSAT went from 70 % (2 Nov) to 80 % (15 Nov), 10 points up. Highest 90 % (9 Nov), lowest 70 % (2 Nov). First ratings: from 60 % to 70 %.",
		},
		{
			"one point down",
			Trend{Buckets: []Bucket{at("2 Nov", 30, 0.704, 0.6), at("9 Nov", 30, 0.686, 0.6)}},
			"Counted CSAT went from 70 % (2 Nov) to 69 % (9 Nov), 1 point down. Highest 70 % (2 Nov), lowest 69 % (9 Nov). First ratings: from 60 % to 60 %.",
		},
		{
			"unchanged, first unknown",
			Trend{Buckets: []Bucket{noFirst, at("9 Nov", 30, 0.5, 0.6)}},
			"Counted CSAT went from 50 % (2 Nov) to 50 % (9 Nov), unchanged. Highest 50 % (2 Nov), lowest 50 % (2 Nov).",
		},
	} {
		if got := c.trend.summary(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestBucketSentenceSaysEverythingOfTheBucket(t *testing.T) {
	trend := Trend{
		Buckets: []Bucket{{Title: "Week of 6 October", Counted: Point{N: 1204, Score: 0.85, Low: 0.71, High: 0.93}, Previous: Point{N: 3, Score: 0.5, Low: 0.1, High: 0.9}, Unfinished: true}},
		Markers: []Marker{{Label: "Wording 4", Text: "five faces"}, {Text: "Other rules"}, {Label: "Policy"}, {Bucket: 1, Label: "beside"}},
	}
	want := "Week of 6 October: counted 85 % of 1,204 (71–93 %); first no ratings; period before 50 % of 3 (10–90 %); not over yet; Wording 4: five faces; Other rules; Policy"
	if got := trend.sentence(0); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestAxisSaysWhereItBegins(t *testing.T) {
	high := Bucket{Counted: Point{N: 50, Score: 0.9, Low: 0.8}}
	for name, c := range map[string]struct {
		trend Trend
		want  string
	}{
		"high": {Trend{Buckets: []Bucket{high}}, "The axis begins at 60 %, not at 0."},
		"zero": {Trend{Buckets: []Bucket{{Counted: Point{N: 50}}}}, ""},
	} {
		got := ""
		for _, note := range c.trend.notes() {
			got += note
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
