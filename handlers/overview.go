package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
)

// How many low and how many newest ratings the overview lists.
const (
	lowShown    = 5
	newestShown = 8
)

func (s *site) overview(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	f, err := s.filterOf(c)
	if err != nil {
		return err
	}
	if f.tidied(c, "/") {
		return nil
	}
	props := views.OverviewProps{MinSample: m.workspace.Settings.MinSample}
	if props.Bar, err = s.filterBar(ctx, m.workspace, f, c.QueryParams()); err != nil {
		return err
	}
	if err := s.figures(ctx, m.workspace, f, &props); err != nil {
		return err
	}
	if err := s.overviewRows(ctx, m.workspace, f, &props); err != nil {
		return err
	}
	nothing := props.Counted.N == 0 && props.Response.N == 0 && len(props.Newest) == 0
	if props.Empty, err = s.whyEmpty(ctx, m.workspace, nothing); err != nil {
		return err
	}
	props.Page = s.page(c, "Overview")
	return render(c, http.StatusOK, views.Overview(props))
}

// whyEmpty says why a page of ratings has nothing to show, where it has nothing.
func (s *site) whyEmpty(ctx context.Context, w models.Workspace, nothingHere bool) (views.Empty, error) {
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

// figures fills in what is counted: the tiles, the trend, the matrix, and the sentence above them.
func (s *site) figures(ctx context.Context, w models.Workspace, f filter, props *views.OverviewProps) error {
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
	wordings, err := tenant.Wordings(ctx)
	if err != nil {
		return err
	}
	f.tiles(now, before, props)
	if props.Waiting, err = f.waiting(ctx, tenant); err != nil {
		return err
	}
	today := stats.DayOf(s.Now(), w.Settings.Location())
	props.Response.MayRise = today.AddDays(-6) <= f.rows.Range.To && props.Response.N > 0
	props.Trend, props.Grain = f.trend(w.Settings, now.Days, before, wordings, s.Now())
	props.Matrix = f.matrix(now, props.Bar.Scale)
	props.Spread = spread(props.Matrix)
	props.CSVHref = f.fileOf(models.AnyOutcome)
	return nil
}

// overviewRows fills in the ratings that the overview lists.
func (s *site) overviewRows(ctx context.Context, w models.Workspace, f filter, props *views.OverviewProps) error {
	tenant := s.Store.Tenant(w.ID)
	low, err := tenant.Ratings(ctx, models.RatingFilter{Filter: f.rows.Filter, Outcome: models.LatestLow}, nil, lowShown)
	if err != nil {
		return err
	}
	newest, err := tenant.Ratings(ctx, models.RatingFilter{Filter: f.rows.Filter}, nil, newestShown)
	if err != nil {
		return err
	}
	if props.Low, err = s.ratingRows(ctx, w, low); err != nil {
		return err
	}
	if err := s.markNotAsked(ctx, w, props.Low); err != nil {
		return err
	}
	props.Newest, err = s.ratingRows(ctx, w, newest)
	props.NewestHref = f.list().URL("/ratings")
	return err
}

// markNotAsked says of low ratings which of them nobody has asked again.
func (s *site) markNotAsked(ctx context.Context, w models.Workspace, rows []views.RatingRow) error {
	conversations := make([]string, len(rows))
	for i, row := range rows {
		conversations[i] = row.ConversationID
	}
	requests, err := s.Store.Tenant(w.ID).RequestsOf(ctx, conversations...)
	for i := range rows {
		rows[i].NotAsked = true
		for _, r := range requests {
			if r.ConversationID == rows[i].ConversationID && r.SentAt != nil && r.SentAt.After(rows[i].At) {
				rows[i].NotAsked = false
			}
		}
	}
	return err
}

// currentWording is what cards ask with now.
func (s *site) currentWording(ctx context.Context, w models.Workspace) (rating.Wording, error) {
	wording, err := s.Store.Tenant(w.ID).Wording(ctx)
	if errors.Is(err, models.ErrNotFound) {
		return rating.DefaultWording(), nil
	}
	return wording.Body, err
}
