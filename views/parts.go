package views

import (
	"math"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"rerate/views/chart"
	"rerate/views/ui"
)

// PartsProps is the page that shows every part in every state. It brings its own sample words and figures.
type PartsProps struct{ Page Page }

// Words that pages must bear: without an end, from right to left, with joined emoji.
const (
	longWord  = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
	rightWord = "شكرًا جزيلًا على المساعدة"
	joined    = "👩‍👩‍👧‍👦"
)

var partsScale = []ui.Score{
	{Value: 1, Emoji: "😠", Label: "Terrible"},
	{Value: 2, Emoji: "🙁", Label: "Bad"},
	{Value: 3, Emoji: "😐", Label: "OK"},
	{Value: 4, Emoji: "😃", Label: "Good"},
	{Value: 5, Emoji: "😍", Label: "Amazing"},
}

// swatch is a token with the text that stands on it. The classes are whole words in parts.templ.
type swatch struct{ name, use string }

var swatches = []swatch{
	{"background", "the ground of a page"},
	{"surface", "cards, fields"},
	{"hover", "what the pointer is on"},
	{"line", "lines between things"},
	{"button-line", "edges of buttons"},
	{"field-line", "edges of fields, 3:1"},
	{"text", "words"},
	{"muted", "words of less weight"},
	{"primary", "the one act, links, focus"},
	{"selected", "what is chosen"},
	{"positive", "better"},
	{"positive-soft", "behind it"},
	{"negative", "worse, errors"},
	{"negative-soft", "behind it"},
	{"middle", "same"},
	{"middle-soft", "behind it"},
	{"warning-soft", "take note"},
}

// partsNavigation is as many entries as the navigation will ever have.
var partsNavigation = []NavItem{
	{Label: "Overview", Path: "/", Icon: "layout-dashboard"},
	{Label: "Ratings", Path: "/ratings", Icon: "star"},
	{Label: "Teammates", Path: "/teammates", Icon: "users"},
	{Label: "Requests", Path: "/requests", Icon: "list"},
	{Label: "Wording", Path: "/wording", Icon: "message-square"},
	{Label: "Segments", Path: "/segments", Icon: "funnel"},
	{Label: "Calls", Path: "/calls", Icon: "history"},
	{Label: "Settings", Path: "/settings", Icon: "settings"},
}

// partsGivenUp is work that failed for hours, which no demo lasts for. Its buttons lead nowhere.
func partsGivenUp(page Page) CallsProps {
	return CallsProps{Page: page, GivenUp: []GivenUp{
		{ID: "4711", Kind: "sync", ConversationID: "215473", At: page.Now.Add(-2 * time.Hour), Attempts: 25},
		{ID: "4702", Kind: "deliver", At: page.Now.Add(-50 * time.Hour), Attempts: 25},
	}}
}

// partsChart is one chart with sample figures.
type partsChart struct {
	name string
	draw templ.Component
}

// partsCharts is every chart. A new one needs a line here.
func partsCharts() []partsChart {
	trend := partsTrend()
	var points []chart.Point
	for _, b := range trend.Buckets {
		points = append(points, b.Counted)
	}
	return []partsChart{
		{"Trend: two series, band and volume", chart.TrendChart("parts-trend", trend)},
		{"Distribution", chart.DistributionChart("parts-distribution", chart.Distribution{Scale: partsScale, Rows: []chart.DistributionRow{
			{Label: "First ratings", Counts: []int{84, 143, 121, 61, 26}}, {Label: "Latest ratings", Counts: []int{17, 39, 91, 152, 136}},
		}})},
		{"Matrix", chart.MatrixChart(partsMatrix())},
		{"Interval, few ratings", chart.Interval(chart.Point{N: 5, Score: 0.6, Low: 0.23, High: 0.88}, 0)},
		{"Bar of a share", chart.Bar(chart.Point{N: 5, Score: 0.6, Low: 0.23, High: 0.88})},
		{"Sparkline", chart.Spark(points)},
	}
}

// partsTrend is six weeks, the last of which is not over.
func partsTrend() chart.Trend {
	trend := chart.Trend{MinSample: 10, Target: 0.9, Markers: []chart.Marker{{Bucket: 3, Label: "Wording 2", Text: "A new question", Href: "/wording"}}}
	for week := range 6 {
		angle := float64(week)
		n := 34 + int(14*math.Sin(angle*1.3))
		counted, first := 0.78+0.07*math.Sin(angle/2)+0.004*angle, 0.62+0.07*math.Sin(angle/1.7+1)
		name := "Week " + strconv.Itoa(week+1)
		trend.Buckets = append(trend.Buckets, chart.Bucket{
			Label: strconv.Itoa(week + 1), Title: name, Unfinished: week == 5,
			Counted: chart.Point{N: n, Score: counted, Low: counted - 0.1, High: math.Min(counted+0.08, 1)},
			First:   chart.Point{N: n, Score: first, Low: first - 0.12, High: first + 0.1},
		})
	}
	return trend
}

func partsMatrix() chart.Matrix {
	m := chart.Matrix{Scale: partsScale}
	for _, counts := range [][]int{{12, 20, 35, 40, 13}, {6, 22, 52, 80, 50}, {4, 10, 33, 75, 58}, {2, 6, 14, 30, 38}, {1, 0, 6, 15, 16}} {
		var row []chart.MatrixCell
		for _, n := range counts {
			row = append(row, chart.MatrixCell{Count: n})
		}
		m.Cells = append(m.Cells, row)
	}
	return m
}
