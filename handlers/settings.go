package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/views"
)

func (s *site) settings(c echo.Context) error {
	m, _ := memberOf(c)
	return s.showSettings(c, http.StatusOK, views.SettingsProps{Values: settingsValues(m.workspace.Settings)})
}

func (s *site) saveSettings(c echo.Context) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	settings, errs := readSettings(values)
	if len(errs) == 0 {
		err = s.tenant(c).Write(c.Request().Context(), func(tx *models.Tx) error { return tx.SaveSettings(settings) })
	}
	var problems rating.Problems
	if errors.As(err, &problems) {
		errs, err = problems, nil
	}
	switch {
	case err != nil:
		return err
	case len(errs) > 0:
		return s.showSettings(c, http.StatusUnprocessableEntity, views.SettingsProps{Values: sentValues(values), Errors: errs})
	}
	return s.done(c, "/settings", "saved")
}

func (s *site) removeExampleData(c echo.Context) error {
	m, _ := memberOf(c)
	if err := s.RemoveExampleData(c.Request().Context(), m.workspace.ID); err != nil {
		return err
	}
	return s.done(c, "/", "example_gone")
}

func (s *site) addExampleData(c echo.Context) error {
	m, _ := memberOf(c)
	if err := s.AddExampleData(c.Request().Context(), m.workspace.ID); err != nil {
		return err
	}
	return s.done(c, "/", "example_added")
}

// showSettings adds the keys and the teammates, which stand on the same page.
func (s *site) showSettings(c echo.Context, status int, props views.SettingsProps) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	keys, err := s.tenant(c).APIKeys(ctx)
	if err != nil {
		return err
	}
	teammates, err := s.tenant(c).Teammates(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		props.Keys = append(props.Keys, views.APIKey{
			ID: k.ID, Name: k.Name, ReadOnly: k.ReadOnly, Author: k.CreatedBy, CreatedAt: k.CreatedAt,
		})
	}
	for _, t := range teammates {
		row := views.TeammateRow{
			ID: t.ID, Name: nameOf(t.Name, t.Email, t.ID), Email: t.Email, Role: string(t.Role), Self: t.ID == m.teammate.ID,
		}
		if t.SignedInAt != nil {
			row.SeenAt = *t.SignedInAt
		}
		props.Teammates = append(props.Teammates, row)
	}
	props.Page = s.page(c, "Settings")
	return render(c, status, views.Settings(props))
}
