package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"rerate/models"
	"rerate/views"
)

func (s *site) backfill(c echo.Context) error {
	m, _ := memberOf(c)
	b, err := s.tenant(c).Backfill(c.Request().Context())
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	props := views.BackfillProps{
		Page: s.page(c, "Back-fill"), State: string(b.State), Phase: string(b.Phase), Total: b.Total, Done: b.Done, Ratings: b.Ratings,
		Whole: b.WholeTotal, WholeDone: b.WholeDone, Days: b.Days, Detail: b.Detail, By: b.StartedBy, StartedAt: b.StartedAt,
		Connected: m.workspace.Connected(),
	}
	if b.FinishedAt != nil {
		props.EndedAt = *b.FinishedAt
	}
	return render(c, http.StatusOK, views.Backfill(props))
}

// backfillDays are how far back somebody may choose to look.
var backfillDays = map[string]bool{"0": true, "30": true, "365": true}

func (s *site) startBackfill(c echo.Context) error {
	chosen := c.FormValue("days")
	if !backfillDays[chosen] {
		return echo.NewHTTPError(http.StatusUnprocessableEntity)
	}
	days, _ := strconv.Atoi(chosen)
	return s.changeBackfill(c, func(ctx context.Context, workspace string) error {
		m, _ := memberOf(c)
		return s.StartBackfill(ctx, workspace, nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID), days)
	})
}

func (s *site) pauseBackfill(c echo.Context) error { return s.changeBackfill(c, s.PauseBackfill) }

func (s *site) resumeBackfill(c echo.Context) error { return s.changeBackfill(c, s.ResumeBackfill) }

func (s *site) changeBackfill(c echo.Context, do func(context.Context, string) error) error {
	m, _ := memberOf(c)
	if err := do(c.Request().Context(), m.workspace.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/settings/backfill")
}
