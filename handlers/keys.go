package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/views"
)

// addKey makes a key of the management API. The answer is the only place where it is ever shown.
func (s *site) addKey(c echo.Context) error {
	m, _ := memberOf(c)
	author := nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID)
	readOnly := c.FormValue("read_only") == "true"
	props := views.SettingsProps{Values: settingsValues(m.workspace.Settings)}
	key, _, err := NewAPIKey(c.Request().Context(), s.tenant(c), s.config.Random, c.FormValue("name"), author, readOnly)
	var problems rating.Problems
	if errors.As(err, &problems) {
		props.Errors = problems
		return s.showSettings(c, http.StatusUnprocessableEntity, props)
	}
	if err != nil {
		return err
	}
	props.NewKey = key
	return s.showSettings(c, http.StatusOK, props)
}

func (s *site) revokeKey(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	err = s.tenant(c).Write(c.Request().Context(), func(tx *models.Tx) error { return tx.RevokeAPIKey(id) })
	if err != nil {
		return err
	}
	return s.done(c, "/settings", "revoked")
}
