package chart

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rerate/views/ui"
)

// The segments of a bar fill it from end to end, without a hole, whatever the counts are.
func TestSegmentsSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 10).Draw(t, "scale")
		d := Distribution{Scale: make([]ui.Score, n)}
		row := DistributionRow{Counts: rapid.SliceOfN(rapid.IntRange(-1, 1<<40), n, n).Draw(t, "counts")}
		all := d.segments(row)
		if row.total() == 0 {
			if len(all) != 0 {
				t.Fatalf("segments of nothing: %v", all)
			}
			return
		}
		var widths []string
		reached := 0.0
		for _, s := range all {
			x := value(t, strings.TrimSuffix(s.X, "%"))
			if x < reached-0.02*float64(n) || x > reached+0.02*float64(n) {
				t.Fatalf("segment begins at %v, the one before ends at %v", x, reached)
			}
			reached = x + value(t, strings.TrimSuffix(s.Width, "%"))
			widths = append(widths, s.Width)
		}
		sumsTo(t, 100, widths...)
	})
}

func TestTextStandsOnlyWhereItFits(t *testing.T) {
	face := ui.Score{Value: 1, Emoji: "😠"}
	for _, c := range []struct {
		of   float64
		want string // class: emoji share count
	}{
		{0.01, ""},
		{0.05, "on-wide: 5 % "},
		{0.1, "on-phone on-middle: 5 % |on-wide:😠 5 % 1,234"},
		{0.5, "on-narrow: 5 % 1,234|on-phone on-middle on-wide:😠 5 % 1,234"},
	} {
		var got []string
		for _, text := range segmentTexts(face, 1234, "5 %", c.of) {
			got = append(got, text.Class+":"+text.Emoji+" "+text.Share+" "+text.Count)
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("of %v: %s, want %s", c.of, strings.Join(got, "|"), c.want)
		}
	}
}

func TestScoresHaveTheColourOfTheirPlace(t *testing.T) {
	for n, want := range map[int]string{
		1:  "same-2",
		2:  "worse-3 better-3",
		3:  "worse-3 same-2 better-3",
		5:  "worse-4 worse-2 same-2 better-2 better-4",
		10: "worse-4 worse-4 worse-3 worse-2 same-2 same-2 better-2 better-3 better-4 better-4",
	} {
		var got []string
		for place := range n {
			name, negative := scoreTone(place, n)
			if negative != strings.HasPrefix(name, "worse") {
				t.Errorf("%d of %d: %s, negative %v", place, n, name, negative)
			}
			got = append(got, name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d: %s, want %s", n, strings.Join(got, " "), want)
		}
	}
}
