package handlers

import (
	"fmt"
	"strconv"
	"time"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/views/chart"
	"rerate/views/ui"
)

// trend sums the days by day, week (from Monday) or month, as suits the range, and says by which.
func (f filter) trend(settings rating.Settings, days []models.DayFigures, before *models.Report, wordings []models.Wording, now time.Time) (chart.Trend, string) {
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
			back := f.rows.Range.From.DaysUntil(f.compared.From)
			bucket.Previous = point(sumOf(before.Days, b.Shift(back)), f.rows.Policy)
		}
		t.Buckets = append(t.Buckets, bucket)
	}
	t.Markers = markers(buckets, wordings)
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
	share := measure(csatOfFigures(f, policy))
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

// markers stand where another wording was published: of several in one bucket the last. The first version of all is
// where asking begins, not a change.
func markers(buckets []stats.Bucket, newestFirst []models.Wording) (all []chart.Marker) {
	for i, b := range buckets {
		published := 0
		var last models.Wording
		for _, w := range newestFirst {
			if w.Version < 2 || w.PublishedAt.Before(b.Start()) || !w.PublishedAt.Before(b.End()) {
				continue
			}
			if published++; published == 1 {
				last = w
			}
		}
		if published == 0 {
			continue
		}
		marker := chart.Marker{Bucket: i, Label: fmt.Sprintf("Wording %d", last.Version), Href: "/wording"}
		marker.Text = "“" + last.Body.Question + "”, published " + dayWords(stats.DayOf(last.PublishedAt, b.Zone), "2 January")
		if published > 1 {
			marker.Text += fmt.Sprintf(", the last of %d here", published)
		}
		all = append(all, marker)
	}
	return all
}

// matrix is the field of pairs, each linked to its conversations, as are the sums of rows and columns.
func (f filter) matrix(report models.Report, scale []ui.Score) chart.Matrix {
	m := chart.Matrix{Scale: scale}
	href := func(first, latest int) string {
		link := f.list()
		if first > 0 {
			link.First = strconv.Itoa(first)
		}
		if latest > 0 {
			link.Latest = strconv.Itoa(latest)
		}
		return link.URL("/ratings")
	}
	for first, row := range report.Matrix(len(scale)) {
		cells := make([]chart.MatrixCell, len(row))
		for latest, count := range row {
			cells[latest] = chart.MatrixCell{Count: int(count), Href: href(first+1, latest+1)}
		}
		m.Cells = append(m.Cells, cells)
		m.FirstHrefs, m.LatestHrefs = append(m.FirstHrefs, href(first+1, 0)), append(m.LatestHrefs, href(0, first+1))
	}
	return m
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
