package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
	"rerate/views/chart"
	"rerate/views/ui"
)

// trend sums the days by day, week (from Monday) or month, as suits the range, and says by which.
func (f filter) trend(settings rating.Settings, days []models.DayFigures, before *models.Report, changed whatChanged, now time.Time) (chart.Trend, string) {
	t := chart.Trend{MinSample: settings.MinSample, Target: settings.Target}
	calendar := stats.Calendar{Grain: stats.GrainFor(f.rows.Range.Days()), WeekStart: time.Monday}
	buckets := calendar.Buckets(f.rows.Range, now)
	for _, b := range buckets {
		sum := sumOf(days, b.Range)
		label, title := bucketWords(b, calendar.Grain)
		bucket := chart.Bucket{
			Label: label, Title: title, Counted: point(sum, f.rows.Policy), First: point(sum, rating.CountFirst), Unfinished: b.Unfinished,
		}
		if bucket.Counted.N > 0 {
			bucket.Href = f.bucketHref(b.Range)
		}
		if before != nil {
			bucket.Previous = point(sumOf(before.Days, f.against(b.Range)), f.rows.Policy)
		}
		t.Buckets = append(t.Buckets, bucket)
	}
	t.Markers = changed.markers(buckets)
	return t, map[stats.Grain]string{stats.Daily: "day", stats.Weekly: "week", stats.Monthly: "month"}[calendar.Grain]
}

// bucketHref is the address of the conversations of one bucket.
func (f filter) bucketHref(r stats.Range) string {
	rows := f.list()
	rows.Days, rows.From, rows.To, rows.Outcome = "", string(r.From), string(r.To), string(models.AnyOutcome)
	return rows.URL("/ratings")
}

func sumOf(days []models.DayFigures, r stats.Range) (sum models.Figures) {
	for _, day := range days {
		if day.Day >= r.From && day.Day <= r.To {
			sum.Add(day.Figures, 1)
		}
	}
	return sum
}

func point(f models.Figures, policy rating.Policy) chart.Point {
	share := measure(f.CSAT(policy))
	return chart.Point{N: share.N, Score: share.Score, Low: share.Low, High: share.High}
}

// bucketWords are the short and the long name of a bucket.
func bucketWords(b stats.Bucket, grain stats.Grain) (label, title string) {
	switch {
	case grain == stats.Daily:
		return dayWords(b.From, "2 Jan"), dayWords(b.From, "Monday, 2 January 2006")
	case grain == stats.Monthly && b.Cut:
		return dayWords(b.From, "Jan"), rangeWords(b.Range)
	case grain == stats.Monthly:
		return dayWords(b.From, "Jan"), dayWords(b.From, "January 2006")
	case b.Cut:
		return dayWords(b.From, "2 Jan"), rangeWords(b.Range)
	}
	return dayWords(b.From, "2 Jan"), "Week of " + dayWords(b.First, "2 January 2006")
}

// whatChanged is what may explain a change of figures: published wordings and changed rules, each newest first.
type whatChanged struct {
	wordings []models.Wording
	rules    []views.SettingsChange
}

// markers stand where another wording was published, and where rules were changed: of several wordings in one bucket the
// last, of rules all. The first version of all is where asking begins, not a change.
func (c whatChanged) markers(buckets []stats.Bucket) (all []chart.Marker) {
	for i, b := range buckets {
		within := func(at time.Time) bool { return !at.Before(b.Start()) && at.Before(b.End()) }
		var published []models.Wording
		for _, w := range c.wordings {
			if w.Version > 1 && within(w.PublishedAt) {
				published = append(published, w)
			}
		}
		if len(published) > 0 {
			last := published[0]
			marker := chart.Marker{Bucket: i, Label: fmt.Sprintf("Wording %d", last.Version), Href: "/wording"}
			marker.Text = "“" + last.Body.Question + "”, published " + dayWords(stats.DayOf(last.PublishedAt, b.Zone), "2 January")
			if len(published) > 1 {
				marker.Text += fmt.Sprintf(", the last of %d here", len(published))
			}
			all = append(all, marker)
		}
		var changed []views.SettingsChange
		for _, r := range c.rules {
			if within(r.At) {
				changed = append(changed, r)
			}
		}
		if words := views.RulesWords(changed); words != "" {
			all = append(all, chart.Marker{
				Bucket: i, Label: "Rules", Text: words + ", " + dayWords(stats.DayOf(changed[0].At, b.Zone), "2 January"), Href: "/settings#changes",
			})
		}
	}
	return all
}

// matrix is the field of pairs, each linked to its conversations, as are the sums of rows and columns: by the scores of the
// scale, and, where each sentiment is one run of them, by sentiment.
func (f filter) matrix(report models.Report, wording rating.Wording) chart.Matrix {
	counts := report.Matrix(len(wording.Options))
	var each []run
	for i := range wording.Options {
		each = append(each, run{i + 1, i + 1})
	}
	scores := f.pairs(counts, scale(wording), each)
	if names, runs := sentimentRuns(wording); len(runs) > 1 && len(runs) < len(each) {
		sentiments := f.pairs(counts, names, runs)
		scores.Sentiments = &sentiments
	}
	return scores
}

// run is some neighbouring scores.
type run struct{ from, to int }

// query is the run as an address has it: "2", or "1-2".
func (r run) query() string {
	if r.from == r.to {
		return strconv.Itoa(r.from)
	}
	return fmt.Sprintf("%d-%d", r.from, r.to)
}

// pairs sums up the pairs of scores by runs of them.
func (f filter) pairs(counts [][]int64, names []ui.Score, runs []run) chart.Matrix {
	m := chart.Matrix{Scale: names}
	href := func(first, latest string) string {
		link := f.list()
		link.First, link.Latest = first, latest
		return link.URL("/ratings")
	}
	for _, first := range runs {
		var cells []chart.MatrixCell
		for _, latest := range runs {
			cell := chart.MatrixCell{Href: href(first.query(), latest.query())}
			for i := first.from; i <= first.to; i++ {
				for j := latest.from; j <= latest.to; j++ {
					cell.Count += int(counts[i-1][j-1])
				}
			}
			cells = append(cells, cell)
		}
		m.Cells = append(m.Cells, cells)
		m.FirstHrefs, m.LatestHrefs = append(m.FirstHrefs, href(first.query(), "")), append(m.LatestHrefs, href("", first.query()))
	}
	return m
}

// sentimentRuns are the runs of scores of one sentiment, worst first; none where a sentiment comes twice.
func sentimentRuns(w rating.Wording) (names []ui.Score, runs []run) {
	words := map[rating.Sentiment]string{rating.Negative: "Low", rating.Neutral: "Neutral", rating.Positive: "Positive"}
	var order []rating.Sentiment
	for value := 1; value <= len(w.Options); value++ {
		score, _ := w.Score(value) // is one of the options
		switch n := len(order); {
		case n > 0 && order[n-1] == score.Sentiment:
			runs[n-1].to = value
			names[n-1].Emoji += w.Options[value-1].Emoji
		case slices.Contains(order, score.Sentiment):
			return nil, nil
		default:
			order = append(order, score.Sentiment)
			runs = append(runs, run{value, value})
			names = append(names, ui.Score{Value: n + 1, Emoji: w.Options[value-1].Emoji, Label: words[score.Sentiment]})
		}
	}
	return names, runs
}

// spread is how often each score was the first and how often the latest, of the conversations in the matrix.
func spread(m chart.Matrix) chart.Distribution {
	first := chart.DistributionRow{Label: "Before: first rating", Counts: make([]int, len(m.Scale)), Hrefs: m.FirstHrefs}
	latest := chart.DistributionRow{Label: "After: latest rating", Counts: make([]int, len(m.Scale)), Hrefs: m.LatestHrefs}
	for i, row := range m.Cells {
		for j, cell := range row {
			first.Counts[i] += cell.Count
			latest.Counts[j] += cell.Count
		}
	}
	return chart.Distribution{Scale: m.Scale, Rows: []chart.DistributionRow{first, latest}}
}
