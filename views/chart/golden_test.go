package chart

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
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

// The drawings are compared with files that somebody has looked at: go test ./views/chart -update writes them.
func TestGolden(t *testing.T) {
	for name, drawing := range map[string]templ.Component{
		"trend":          TrendChart("t", goldenTrend()),
		"trend-empty":    TrendChart("t", Trend{}),
		"interval":       Interval(Point{N: 412, Score: 0.871, Low: 0.838, High: 0.899}, 0),
		"interval-empty": Interval(Point{}, 0),
		"spark":          Spark([]Point{{N: 9, Score: 0.5}, {N: 9, Score: 0.7}, {}, {N: 9, Score: 0.6}, {N: 1, Score: 0.9}}),
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
