package chart

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"rerate/views/ui"
)

var update = flag.Bool("update", false, "write the golden files anew")

func goldenTrend() Trend {
	return Trend{MinSample: 10, Target: 0.9, Buckets: []Bucket{
		{Label: "6 Oct", Title: "Week of 6 October 2026", Counted: Point{N: 40, Score: 0.85, Low: 0.71, High: 0.93}, First: Point{N: 40, Score: 0.6, Low: 0.45, High: 0.74}},
		{Label: "13 Oct", Title: "Week of 13 October 2026", Counted: Point{N: 20, Score: 0.9, Low: 0.7, High: 0.97}, First: Point{N: 20, Score: 0.65, Low: 0.43, High: 0.82}},
		{Label: "20 Oct", Title: "Week of 20 October 2026"},
		{Label: "27 Oct", Title: "Week of 27 October 2026", Counted: Point{N: 10, Score: 0.8, Low: 0.49, High: 0.94}, First: Point{N: 10, Score: 0.5, Low: 0.24, High: 0.76}},
		{Label: "3 Nov", Title: "Week of 3 November 2026", Unfinished: true, Counted: Point{N: 3, Score: 1, Low: 0.44, High: 1}, First: Point{N: 3, Score: 0.67, Low: 0.21, High: 0.94}},
	}}
}

var goldenScale = []ui.Score{
	{Value: 1, Emoji: "😠", Label: "Terrible"},
	{Value: 2, Emoji: "🙁", Label: "Bad"},
	{Value: 3, Emoji: "😐", Label: "OK"},
	{Value: 4, Emoji: "😃", Label: "Good"},
	{Value: 5, Emoji: "😍", Label: "Amazing"},
}

// comparedTrend is the trend with everything that it may show.
func comparedTrend() Trend {
	trend := goldenTrend()
	for i := range trend.Buckets {
		trend.Buckets[i].Href = "/ratings?from=" + strconv.Itoa(i)
		trend.Buckets[i].Previous = Point{N: 12, Score: 0.7 + 0.02*float64(i), Low: 0.5, High: 0.9}
	}
	trend.Markers = []Marker{
		{Bucket: 3, Label: "Policy", Text: "counts the best rating"},
		{Bucket: 1, Label: "Wording 4", Text: "five faces", Href: "/wording/4"},
		{Bucket: 3, Label: "Wording 5", Href: "/wording/5"},
	}
	return trend
}

func trendOf(buckets ...Bucket) Trend { return Trend{MinSample: 10, Buckets: buckets} }

func goldenDistribution() Distribution {
	links := []string{"/ratings?first=1", "/ratings?first=2", "/ratings?first=3", "/ratings?first=4", "/ratings?first=5"}
	return Distribution{Scale: goldenScale, Rows: []DistributionRow{
		{Label: "First ratings", Counts: []int{120, 80, 60, 90, 62}, Hrefs: links},
		{Label: "Counted ratings", Counts: []int{1, 0, 42, 148, 221}},
	}}
}

func scaleOf(n int) []ui.Score {
	all := make([]ui.Score, n)
	for i := range all {
		all[i].Value = i + 1
	}
	return all
}

// The drawings are compared with files that somebody has looked at: go test ./views/chart -update writes them.
func TestGolden(t *testing.T) {
	one := Bucket{Label: "6 Oct", Title: "Week of 6 October 2026", Counted: Point{N: 1, Score: 1, Low: 0.2, High: 1}, First: Point{N: 1, High: 0.8}}
	arabic := append([]ui.Score{{Value: 1, Emoji: "😠", Label: "سيئ جدا"}}, goldenScale[1:]...)
	for name, drawing := range map[string]templ.Component{
		"trend":              TrendChart("t", goldenTrend()),
		"trend-compared":     TrendChart("t", comparedTrend()),
		"trend-none":         TrendChart("t", Trend{}),
		"trend-empty":        TrendChart("t", trendOf(Bucket{Label: "6 Oct", Title: "6 October"}, Bucket{Label: "7 Oct", Title: "7 October", Unfinished: true})),
		"trend-one":          TrendChart("t", trendOf(one)),
		"trend-gap":          TrendChart("t", trendOf(one, Bucket{Label: "13 Oct", Title: "Week of 13 October 2026"}, one)),
		"distribution":       DistributionChart("d", goldenDistribution()),
		"distribution-none":  DistributionChart("d", Distribution{}),
		"distribution-two":   DistributionChart("d", Distribution{Scale: scaleOf(2), Rows: []DistributionRow{{Label: "First", Counts: []int{1, 3}}, {Label: "Counted"}}}),
		"distribution-ten":   DistributionChart("d", Distribution{Scale: scaleOf(10), Rows: []DistributionRow{{Label: "First", Counts: []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000_000}}}}),
		"distribution-right": DistributionChart("d", Distribution{Scale: arabic, Rows: []DistributionRow{{Label: "التقييمات الأولى", Counts: []int{5, 4, 3, 2, 1}}}}),
		"matrix":             MatrixChart(goldenMatrix()),
		"matrix-sentiments":  MatrixChart(bothWays()),
		"bar":                Bar(Point{N: 5, Score: 0.6, Low: 0.23, High: 0.88}),
		"bar-none":           Bar(Point{}),
		"matrix-empty":       MatrixChart(Matrix{Scale: goldenScale}),
		"matrix-ten":         MatrixChart(Matrix{Scale: scaleOf(10), Cells: [][]MatrixCell{{{}, {Count: 3}}}}),
		"interval":           Interval(Point{N: 412, Score: 0.871, Low: 0.838, High: 0.899}, 0),
		"interval-target":    Interval(Point{N: 412, Score: 0.871, Low: 0.838, High: 0.899}, 0.9),
		"interval-empty":     Interval(Point{}, 0.9),
		"spark":              Spark([]Point{{N: 9, Score: 0.5}, {N: 9, Score: 0.7}, {}, {N: 9, Score: 0.6}, {N: 1, Score: 0.9}}),
		"spark-alone":        Spark([]Point{{N: 9, Score: 0.5}, {}, {N: 9, Score: 0.6}}),
		"spark-none":         Spark(nil),
	} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := drawing.Render(context.Background(), &got); err != nil {
				t.Fatal(err)
			}
			// One element a line, so that a difference can be read.
			text := strings.ReplaceAll(got.String(), "><", ">\n<") + "\n"
			file := filepath.Join("testdata", name+".golden.html")
			if *update {
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), text); diff != "" {
				t.Errorf("%s differs (-want +got):\n%s", file, diff)
			}
		})
	}
}
