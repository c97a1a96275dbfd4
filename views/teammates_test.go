package views

import (
	"math"
	"testing"

	"rerate/views/chart"
)

func exampleFigures(name string, n int) TeammateFigures {
	share := func(part int) Fraction {
		score := float64(part) / float64(max(n, 1))
		f := Fraction{Share: Share{Positive: float64(part), N: n, Score: score, Low: max(score-0.1, 0), High: min(score+0.1, 1), Href: "/ratings?outcome=rated"}}
		f.PartHref = "/ratings?outcome=recovered"
		f.Change = &Change{N: n, By: 0.08, Low: 0.01, High: 0.15, Clear: true}
		return f
	}
	figures := TeammateFigures{
		Name: name, Href: "/teammates/1", First: share(n / 2), Counted: share(n * 2 / 3), Recovered: share(n / 4), Response: share(n / 3),
		Asked: share(n / 3), LowAsked: share(n), LowAgain: share(n / 5), NeutralAgain: share(0), PositiveAgain: share(n / 9),
	}
	figures.Counted.Change.Clear, figures.Recovered.Change.By = false, -0.2
	for _, b := range exampleTrend(13).Buckets {
		figures.Course = append(figures.Course, b.First)
	}
	return figures
}

func exampleTeammates(name string) TeammatesProps {
	nobody := exampleFigures("", 12)
	p := TeammatesProps{
		Page: examplePage("Teammates", "/teammates"), Bar: exampleBar(), MinSample: 10, Target: 0.9, Grain: "week", Sort: "first",
		Ranked: []TeammateFigures{exampleFigures(name, 120), exampleFigures("Jon Park", 40)}, Few: []TeammateFigures{exampleFigures(name, 4), exampleFigures("New", 0)},
		Nobody: &nobody, All: exampleFigures("", 176), CSVHref: "/teammates.csv",
	}
	p.Bar.Figures, p.Ranked[0].Self = true, true
	return p
}

func exampleTeammate(name string) TeammateProps {
	p := TeammateProps{
		Page: examplePage(name, "/teammates/1"), Path: "/teammates/1", Bar: exampleBar(), MinSample: 10, Target: 0.6, Figures: exampleFigures(name, 120),
		Waiting: Waiting{NotAsked: 3, Low: 9, Href: "/ratings/waiting?teammate=1", LowHref: "/ratings?outcome=low&teammate=1"},
		Trend:   exampleTrend(13), Grain: "week", Matrix: exampleMatrix(), Recovered: exampleRows()[:1], Happy: exampleRows()[:2],
		HappyHref: "/ratings?outcome=happy", HappyFile: "/ratings.csv?outcome=happy", TableHref: "/teammates",
	}
	p.Happy[1].Remark = name
	return p
}

func teammatesExamples() []example {
	byName := exampleTeammates("Mia Kowalski")
	byName.Sort = "name"
	return []example{
		{"teammates", Teammates(exampleTeammates("Mia Kowalski"))},
		{"teammates-by-name", Teammates(byName)},
		{"teammate", TeammatePage(exampleTeammate("Mia Kowalski"))},
	}
}

func teammatesEmpties(page Page) []example {
	all := []example{{"teammates-zero", Teammates(TeammatesProps{Page: page})}, {"teammate-zero", TeammatePage(TeammateProps{Page: page, Path: "/teammates/1"})}}
	for _, reason := range []Empty{NotConnected, NoRatingsYet, NothingMatches} {
		all = append(all, example{"teammates-" + string(reason), Teammates(TeammatesProps{Page: page, Bar: exampleBar(), Empty: reason})},
			example{"teammate-" + string(reason), TeammatePage(TeammateProps{Page: page, Path: "/teammates/1", Bar: exampleBar(), Empty: reason})})
	}
	return all
}

func teammatesHostiles(page Page) []example {
	table, own := exampleTeammates(hostile), exampleTeammate(hostile)
	table.Page, own.Page, table.Sort, table.Grain = page, page, hostile, hostile
	table.CSVHref, own.HappyHref, own.TableHref = "javascript:alert(1)", "javascript:alert(1)", "javascript:alert(1)"
	table.Ranked[0].Href, table.Ranked[0].First.Score, table.Ranked[0].First.PartHref = "javascript:alert(1)", math.NaN(), "javascript:alert(1)"
	table.Ranked[0].Course = []chart.Point{{N: 1, Score: math.Inf(1)}}
	return []example{{"teammates-hostile", Teammates(table)}, {"teammate-hostile", TeammatePage(own)}}
}

// A target is reached or missed only where the whole interval says so.
func TestAgainstATarget(t *testing.T) {
	for _, c := range []struct {
		share  Share
		target float64
		want   string
	}{
		{Share{N: 200, Score: 0.95, Low: 0.91, High: 0.97}, 0.9, "above target"},
		{Share{N: 20, Score: 0.95, Low: 0.76, High: 0.99}, 0.9, "target: cannot be told yet"},
		{Share{N: 20, Score: 0.85, Low: 0.64, High: 0.95}, 0.9, "target: cannot be told yet"},
		{Share{N: 200, Score: 0.8, Low: 0.74, High: 0.85}, 0.9, "below target"},
		{Share{N: 5, Score: 1, Low: 0.57, High: 1}, 1, "target: cannot be told yet"},
		{Share{N: 20, Score: 0.9, Low: 0.9, High: 0.9}, 0.9, "target: cannot be told yet"},
		{Share{}, 0.9, ""},
		{Share{N: 200, Score: 0.95, Low: 0.91, High: 0.97}, 0, ""},
	} {
		if got := c.share.against(c.target); got != c.want {
			t.Errorf("%+v against %v: %q, want %q", c.share, c.target, got, c.want)
		}
	}
}
