package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
	"rerate/views/chart"
	"rerate/views/ui"
)

// newestShown is how many ratings the overview lists.
const newestShown = 8

func (s *site) overview(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	f, err := s.filterOf(c)
	if err != nil {
		return err
	}
	report, err := s.tenant(c).Report(ctx, f.rows.Filter)
	if err != nil {
		return err
	}
	newest, err := s.tenant(c).Ratings(ctx, models.RatingFilter{Filter: f.rows.Filter}, nil, newestShown)
	if err != nil {
		return err
	}
	props, err := s.overviewProps(ctx, m.workspace, f, report)
	if err != nil {
		return err
	}
	if props.Newest, err = s.ratingRows(ctx, m.workspace, newest); err != nil {
		return err
	}
	if props.Empty, err = s.whyEmpty(ctx, m.workspace, report.Rated == 0 && len(newest) == 0); err != nil {
		return err
	}
	props.Page = s.page(c, "Overview")
	return render(c, http.StatusOK, views.Overview(props))
}

// whyEmpty says why an overview has nothing to show, where it has nothing.
func (s *site) whyEmpty(ctx context.Context, w models.Workspace, nothingHere bool) (views.OverviewEmpty, error) {
	if !nothingHere {
		return views.NotEmpty, nil
	}
	some, err := s.Store.Tenant(w.ID).HasRatings(ctx)
	switch {
	case err != nil:
		return views.NotEmpty, err
	case some:
		return views.NothingMatches, nil
	case !w.Connected() && w.TokenInvalidAt == nil:
		return views.NotConnected, nil
	}
	return views.NoRatingsYet, nil
}

func (s *site) overviewProps(ctx context.Context, w models.Workspace, f filter, report models.Report) (views.OverviewProps, error) {
	bar, err := s.filterBar(ctx, w, f)
	if err != nil {
		return views.OverviewProps{}, err
	}
	wording, err := s.currentWording(ctx, w)
	if err != nil {
		return views.OverviewProps{}, err
	}
	props := views.OverviewProps{
		Bar: bar, MinSample: w.Settings.MinSample,
		Counted: share(report.Figures, f.rows.Policy),
		First:   share(report.Figures, rating.CountFirst),
		Changes: views.Changes{Better: int(report.Better), Same: int(report.Same), Worse: int(report.Worse)},
		Recovery: views.Recovery{
			FirstNegative: int(report.FirstNegative), Asked: int(report.Asked),
			Answered: int(report.Answered), Recovered: int(report.Recovered),
		},
		Requests: views.Requests{Delivered: int(report.Requests.Delivered), Rated: int(report.Requests.Rated)},
		Trend:    trend(w.Settings, f, report.Days, s.Now()),
		Matrix:   matrix(f, report, scale(wording)),
	}
	rows := func(outcome models.Outcome) string {
		link := f.shown
		link.Outcome = string(outcome)
		return link.URL("/ratings")
	}
	props.Counted.Href, props.First.Href, props.Recovery.Href = rows(models.AnyOutcome), rows(models.AnyOutcome), rows(models.HasRecovered)
	props.Changes.BetterHref, props.Changes.SameHref, props.Changes.WorseHref = rows(models.WentBetter), rows(models.StayedSame), rows(models.WentWorse)
	for _, bucket := range props.Trend.Buckets {
		props.Counted.Spark = append(props.Counted.Spark, bucket.Counted)
		props.First.Spark = append(props.First.Spark, bucket.First)
	}
	return props, nil
}

// currentWording is what cards ask with now.
func (s *site) currentWording(ctx context.Context, w models.Workspace) (rating.Wording, error) {
	wording, err := s.Store.Tenant(w.ID).Wording(ctx)
	if errors.Is(err, models.ErrNotFound) {
		return rating.DefaultWording(), nil
	}
	return wording.Body, err
}

// share is the CSAT of some figures under a policy.
func share(f models.Figures, policy rating.Policy) views.Share {
	p := point(f, policy)
	return views.Share{Rated: p.N, Score: p.Score, Low: p.Low, High: p.High}
}

func point(f models.Figures, policy rating.Policy) chart.Point {
	proportion := stats.Proportion{Positive: f.Positive(policy), N: int(f.Rated)}
	score, ok := proportion.Share()
	if !ok {
		return chart.Point{}
	}
	interval, _ := proportion.Wilson() // has an interval where there is a share
	return chart.Point{N: proportion.N, Score: score, Low: interval.Low, High: interval.High}
}

// trend sums the days by week, from Monday.
func trend(settings rating.Settings, f filter, days []models.DayFigures, now time.Time) chart.Trend {
	t := chart.Trend{MinSample: settings.MinSample, Target: settings.Target}
	weekly := stats.Calendar{Grain: stats.Weekly, WeekStart: time.Monday}
	for _, week := range weekly.Buckets(f.rows.Range, now) {
		var sum models.Figures
		for len(days) > 0 && days[0].Day <= week.To {
			sum.Add(days[0].Figures, 1)
			days = days[1:]
		}
		t.Buckets = append(t.Buckets, chart.Bucket{
			Label: dayWords(week.From, "2 Jan"), Title: weekWords(week),
			Counted: point(sum, f.rows.Policy), First: point(sum, rating.CountFirst), Unfinished: week.Unfinished,
		})
	}
	return t
}

func weekWords(week stats.Bucket) string {
	if !week.Cut {
		return "Week of " + dayWords(week.First, "2 January 2006")
	}
	return rangeWords(week.Range)
}

// matrix is the field of pairs, each linked to its conversations.
func matrix(f filter, report models.Report, scale []ui.Score) chart.Matrix {
	m := chart.Matrix{Scale: scale}
	for first, row := range report.Matrix(len(scale)) {
		cells := make([]chart.MatrixCell, len(row))
		for latest, count := range row {
			link := f.shown
			link.First, link.Latest = strconv.Itoa(first+1), strconv.Itoa(latest+1)
			cells[latest] = chart.MatrixCell{Count: int(count), Href: link.URL("/ratings")}
		}
		m.Cells = append(m.Cells, cells)
	}
	return m
}
