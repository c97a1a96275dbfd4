package handlers

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"rerate/models"
)

// setRole makes a teammate an admin or a viewer. It ends the teammate's sessions, so that it holds at once.
func (s *site) setRole(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return err
	}
	role := models.Role(c.FormValue("role"))
	if role != models.Admin && role != models.Viewer {
		return echo.NewHTTPError(http.StatusUnprocessableEntity)
	}
	teammates, err := s.tenant(c).Teammates(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(teammates, func(t models.Teammate) bool { return t.ID == id }) {
		return models.ErrNotFound
	}
	if err := s.tenant(c).Write(ctx, func(tx *models.Tx) error { return tx.SetRole(id, role) }); err != nil {
		return err
	}
	return s.done(c, "/settings", "role")
}

// teammateNames are the names by id of everybody who has signed in or was ever credited with a rating.
func teammateNames(ctx context.Context, tenant models.Tenant) (map[string]string, error) {
	credited, err := tenant.CreditedTeammates(ctx)
	if err != nil {
		return nil, err
	}
	signedIn, err := tenant.Teammates(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, t := range append(credited, signedIn...) {
		names[t.ID] = t.Name
	}
	return names, nil
}
