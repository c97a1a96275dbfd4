package handlers

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"rerate/models"
	"rerate/views"
)

// How many of what a teammate recovered and of the happy remarks the page lists.
const (
	recoveredShown = 5
	happyShown     = 12
)

// teammatePage is one teammate's own page.
func (s *site) teammatePage(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil || id == models.Nobody {
		return echo.ErrNotFound
	}
	m, _ := memberOf(c)
	f, err := s.teammatesFilterOf(c)
	if err != nil {
		return err
	}
	if f.tidied(c, views.TeammatePath(id)) {
		return nil
	}
	mine := f
	mine.rows.Teammate, mine.shown.Teammate, mine.shown.Sort = id, id, ""
	row, known, err := mine.teammateOf(ctx, s.tenant(c), id)
	if err != nil {
		return err
	}
	if !known {
		return models.ErrNotFound
	}
	props := views.TeammateProps{
		MinSample: m.workspace.Settings.MinSample, Target: m.workspace.Settings.Target, Path: views.TeammatePath(id),
		Figures: mine.teammate(row, id), TableHref: f.shown.URL("/teammates"),
	}
	props.Figures.Self = id == m.teammate.ID
	props.Waiting = mine.waitsFor(row)
	if err := s.teammateCharts(ctx, m.workspace, mine, &props); err != nil {
		return err
	}
	if err := s.teammateRatings(ctx, m.workspace, mine, &props); err != nil {
		return err
	}
	if props.Bar, err = s.teammatesBar(ctx, m.workspace, f, c.QueryParams()); err != nil {
		return err
	}
	if props.Empty, err = s.whyEmpty(ctx, m.workspace, row.nothing() && len(props.Happy) == 0); err != nil {
		return err
	}
	props.Page = s.page(c, row.name)
	return render(c, http.StatusOK, views.TeammatePage(props))
}

// teammateOf reads one teammate's figures. Known is false of an id that Rerate has never met.
func (f filter) teammateOf(ctx context.Context, tenant models.Tenant, id string) (row teammateRow, known bool, err error) {
	rows, err := f.teammateRows(ctx, tenant)
	if err != nil {
		return row, false, err
	}
	for _, row := range rows {
		if row.ID == id {
			return row, true, nil
		}
	}
	names, err := teammateNames(ctx, tenant)
	row = teammateRow{TeammateReport: models.TeammateReport{ID: id}, name: teammateName(names, id)}
	if f.compared != nil {
		row.before = &models.TeammateReport{ID: id}
	}
	_, known = names[id]
	return row, known, err
}

// waitsFor is what is low by its latest rating, the teammate's, and what of it nobody has asked again.
func (f filter) waitsFor(row teammateRow) views.Waiting {
	waiting := views.Waiting{
		NotAsked: int(row.Latest.Waiting), Low: int(row.Latest.LatestNegative),
		Href: f.list().URL("/ratings/waiting"), LowHref: f.rowsOf(models.LatestLow),
	}
	if row.before != nil {
		waiting.Compared, waiting.Before = true, int(row.before.Latest.Waiting)
	}
	return waiting
}

// teammateCharts fills in the course of time and the matrix. First ratings are of the conversations that began with the
// teammate, all else of those whose latest rating is the teammate's.
func (s *site) teammateCharts(ctx context.Context, w models.Workspace, f filter, props *views.TeammateProps) error {
	tenant := s.Store.Tenant(w.ID)
	now, err := tenant.Report(ctx, f.rows.Filter)
	if err != nil {
		return err
	}
	var before *models.Report
	if f.compared != nil {
		then := f.rows.Filter
		then.Range = *f.compared
		report, err := tenant.Report(ctx, then)
		if err != nil {
			return err
		}
		before = &report
	}
	days, err := tenant.TeammateDays(ctx, f.rows.Filter)
	if err != nil {
		return err
	}
	changed, err := s.whatChanged(ctx, w.ID)
	if err != nil {
		return err
	}
	props.Trend, props.Grain = f.trend(w.Settings, now.Days, before, changed, s.Now())
	courses, _ := f.courses(days, s.Now())
	for i, first := range courses[everybody] {
		props.Trend.Buckets[i].First = first
	}
	wording, err := s.currentWording(ctx, w)
	props.Matrix = f.matrix(now, wording)
	return err
}

// teammateRatings fills in what the teammate recovered, and the happy remarks.
func (s *site) teammateRatings(ctx context.Context, w models.Workspace, f filter, props *views.TeammateProps) error {
	list := func(outcome models.Outcome, most int) ([]views.RatingRow, error) {
		rows := models.RatingFilter{Filter: f.rows.Filter, Outcome: outcome}
		found, err := s.Store.Tenant(w.ID).Ratings(ctx, rows, nil, most)
		if err != nil {
			return nil, err
		}
		return s.ratingRows(ctx, w, found)
	}
	var err error
	if props.Recovered, err = list(models.HasRecovered, recoveredShown); err != nil {
		return err
	}
	props.Happy, err = list(models.Happy, happyShown)
	props.HappyHref, props.HappyFile = f.rowsOf(models.Happy), f.fileOf(models.Happy)
	return err
}
