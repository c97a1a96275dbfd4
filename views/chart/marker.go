package chart

import (
	"cmp"
	"slices"
	"strconv"
)

// marked is a marker with its number on the chart, from the left.
type marked struct {
	Marker
	Number int
}

// words is the marker as text: "Wording 4: a new question".
func (m Marker) words() string {
	switch {
	case m.Text == "":
		return m.Label
	case m.Label == "":
		return m.Text
	}
	return m.Label + ": " + m.Text
}

// markers are those that stand in a bucket, from left to right.
func (t Trend) markers() []marked {
	var all []marked
	for _, m := range t.Markers {
		if m.Bucket >= 0 && m.Bucket < len(t.Buckets) {
			all = append(all, marked{Marker: m})
		}
	}
	slices.SortStableFunc(all, func(a, b marked) int { return cmp.Compare(a.Bucket, b.Bucket) })
	for i := range all {
		all[i].Number = i + 1
	}
	return all
}

// markersAt are the markers of one bucket.
func (t Trend) markersAt(bucket int) []marked {
	return slices.DeleteFunc(t.markers(), func(m marked) bool { return m.Bucket != bucket })
}

// pennant is the number of a marker over the plot, or those of neighbours for which there is no room side by side.
type pennant struct {
	X, Text string
	Wide    bool
}

// flagWidth is the room that a flag of several numbers takes, in rem.
const flagWidth = 2.25

// flags puts markers that are too close at this width under one flag, over the middle of them.
func flags(markers []marked, n int, width float64) []pennant {
	var all []pennant
	for from := 0; from < len(markers); {
		to := from
		for to+1 < len(markers) && float64(markers[to+1].Bucket-markers[to].Bucket)/float64(n)*width < flagWidth {
			to++
		}
		f := pennant{
			X:    percent((middle(markers[from].Bucket, n) + middle(markers[to].Bucket, n)) / 2),
			Text: strconv.Itoa(markers[from].Number), Wide: to > from,
		}
		if f.Wide {
			f.Text += "–" + strconv.Itoa(markers[to].Number)
		}
		all = append(all, f)
		from = to + 1
	}
	return all
}

// name is the marker in the list under the chart.
func (m Marker) name() string {
	if m.Label == "" {
		return m.Text
	}
	return m.Label
}
