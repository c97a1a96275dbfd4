package handlers

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rerate/internal/seal"
	"rerate/models"
	"rerate/views"
)

// keyPrefix lets people and scanners of leaked secrets see what a key is for. It is part of the key.
const keyPrefix = "rerate_"

// maxKeyName is the longest name of a key, in characters.
const maxKeyName = 100

// addKey makes a key of the management API. The answer is the only place where it is ever shown.
func (s *site) addKey(c echo.Context) error {
	m, _ := memberOf(c)
	props := views.SettingsProps{Values: settingsValues(m.workspace.Settings)}
	name := strings.TrimSpace(c.FormValue("name"))
	if !isKeyName(name) {
		props.Errors = map[string]string{"name": "Give the key a name of 1 to 100 characters."}
		return s.showSettings(c, http.StatusUnprocessableEntity, props)
	}
	secret := keyPrefix + seal.RandomToken(s.config.Random)
	err := s.tenant(c).Write(c.Request().Context(), func(tx *models.Tx) error {
		_, err := tx.AddAPIKey(models.APIKey{
			Name: name, KeyHash: seal.Hash(secret), ReadOnly: c.FormValue("read_only") == "true",
			CreatedBy: nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID),
		})
		return err
	})
	if err != nil {
		return err
	}
	props.NewKey = secret
	return s.showSettings(c, http.StatusOK, props)
}

func isKeyName(name string) bool {
	unprintable := func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) }
	return name != "" && utf8.RuneCountInString(name) <= maxKeyName && !strings.ContainsFunc(name, unprintable)
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
