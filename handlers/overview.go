package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
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
	f, err := s.reportFilterOf(c)
	if err != nil {
		return err
	}
	if f.tidied(c, "/") {
		return nil
	}
	props := views.OverviewProps{MinSample: m.workspace.Settings.MinSample, Target: m.workspace.Settings.Target}
	if props.Bar, err = s.filterBar(ctx, m.workspace, f, c.QueryParams()); err != nil {
		return err
	}
	if err := s.figures(ctx, m.workspace, f, &props); err != nil {
		return err
	}
	if err := s.overviewRows(ctx, m.workspace, f, &props); err != nil {
		return err
	}
	if props.SetUp, err = s.setUpBox(ctx, m); err != nil {
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

// figures fills in what is counted: the tiles, the trend, the matrix, and the answers above them. All of it comes from
// sums, so its cost does not grow with the ratings under a filter that the rollups know.
func (s *site) figures(ctx context.Context, w models.Workspace, f filter, props *views.OverviewProps) error {
	tenant := s.Store.Tenant(w.ID)
	m := measured{filter: f}
	var err error
	if m.now, err = tenant.Report(ctx, f.rows.Filter); err != nil {
		return err
	}
	if f.compared != nil {
		then := f.rows.Filter
		then.Range = *f.compared
		report, err := tenant.Report(ctx, then)
		if err != nil {
			return err
		}
		m.before = &report
	}
	wording, err := s.currentWording(ctx, w)
	if err != nil {
		return err
	}
	changed, err := s.whatChanged(ctx, w.ID)
	if err != nil {
		return err
	}
	m.tiles(props)
	props.Response = m.response(w.Settings.Windows, s.Now())
	props.Trend, props.Grain = f.trend(w.Settings, m.now.Days, m.before, changed, s.Now())
	props.Matrix = f.matrix(m.now, wording)
	props.Spread = spread(props.Matrix)
	props.CSVHref = f.fileOf(models.AnyOutcome)
	props.TeammatesHref = f.shown.URL("/teammates")
	props.Recoverers, err = s.recoverers(ctx, tenant, f)
	return err
}

// whatChanged reads what may explain a change of figures.
func (s *site) whatChanged(ctx context.Context, workspace string) (c whatChanged, err error) {
	if c.wordings, err = s.Store.Tenant(workspace).Wordings(ctx); err != nil {
		return c, err
	}
	c.rules, err = s.settingsChanges(ctx, workspace, rulesShown)
	return c, err
}

// rulesShown is how many changes of settings the trend looks back at.
const rulesShown = 200

// recoverersShown is how many teammates the overview names.
const recoverersShown = 5

// recoverers are the teammates whose low customers came back positive, the surest first: by the lower end of the interval,
// so that one of one is not the best. Alone in a filter nobody is ranked.
func (s *site) recoverers(ctx context.Context, tenant models.Tenant, f filter) ([]views.Recoverer, error) {
	if f.rows.Teammate != "" {
		return nil, nil
	}
	recoverers, err := tenant.Recoverers(ctx, f.rows.Filter)
	if err != nil {
		return nil, err
	}
	names, err := teammateNames(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var all []views.Recoverer
	for _, r := range recoverers {
		theirs := f
		theirs.shown.Teammate = r.TeammateID
		one := views.Recoverer{
			Name: nameOf(names[r.TeammateID], r.TeammateID), Share: measure(proportion(r.Recovered, r.Answered)), AnsweredHref: theirs.rowsOf(models.Answered),
		}
		one.Page = f.teammatePath(r.TeammateID)
		one.Href = theirs.rowsOf(models.HasRecovered)
		all = append(all, one)
	}
	slices.SortStableFunc(all, func(a, b views.Recoverer) int {
		return cmp.Or(cmp.Compare(b.Low, a.Low), cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name))
	})
	if len(all) < 2 {
		return nil, nil
	}
	return all[:min(len(all), recoverersShown)], nil
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

// markNotAsked says of low ratings which of them nobody has asked about since.
func (s *site) markNotAsked(ctx context.Context, w models.Workspace, rows []views.RatingRow) error {
	conversations := make([]string, len(rows))
	for i, row := range rows {
		conversations[i] = row.ConversationID
	}
	waiting, err := s.Store.Tenant(w.ID).WaitingIn(ctx, conversations...)
	for i := range rows {
		rows[i].NotAsked = slices.ContainsFunc(waiting, func(r models.Rating) bool { return r.ID == rows[i].ID })
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
