package handlers

import (
	"context"
	"errors"

	"github.com/labstack/echo/v4"

	"rerate/models"
	"rerate/views"
)

func (s *site) checkFigures(c echo.Context) error { return s.recount(c, models.Check, "checking") }

func (s *site) rebuildFigures(c echo.Context) error {
	return s.recount(c, models.Rebuild, "rebuilding")
}

func (s *site) recount(c echo.Context, kind models.RecountKind, flash string) error {
	m, _ := memberOf(c)
	if err := s.BeginRecount(c.Request().Context(), m.workspace.ID, kind); err != nil {
		return err
	}
	return s.done(c, "/settings#figures", flash)
}

// recounts is what the settings page says of the figures themselves.
func (s *site) recounts(ctx context.Context, tenant models.Tenant) (props views.FiguresProps, err error) {
	for kind, to := range map[models.RecountKind]*views.Recount{models.Check: &props.Check, models.Rebuild: &props.Rebuild} {
		r, err := tenant.Recount(ctx, kind)
		if errors.Is(err, models.ErrNotFound) {
			continue
		} else if err != nil {
			return props, err
		}
		*to = views.Recount{UnderWay: r.UnderWay(), Percent: r.Percent(), Why: string(r.Why), BegunAt: r.BegunAt, Drifted: r.Drifted}
		if r.FinishedAt != nil {
			to.EndedAt = *r.FinishedAt
		}
		for _, d := range r.Drifts {
			to.Drifts = append(to.Drifts, d.String())
		}
	}
	return props, nil
}
