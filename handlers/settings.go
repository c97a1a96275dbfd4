package handlers

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/internal/survey"
	"rerate/views"
)

func (s *site) settings(c echo.Context) error {
	m, _ := memberOf(c)
	return s.showSettings(c, http.StatusOK, views.SettingsProps{Values: settingsValues(m.workspace.Settings)})
}

func (s *site) saveSettings(c echo.Context) error {
	m, _ := memberOf(c)
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	settings, errs := readSettings(values)
	if values.Get("do") == "dry-run" && len(errs) == 0 {
		return s.dryRun(c, views.SettingsProps{Values: sentValues(values)}, settings)
	}
	if problem, err := s.erasesMore(c, settings, values); err != nil {
		return err
	} else if problem != "" && len(errs) == 0 {
		return s.showSettings(c, http.StatusUnprocessableEntity, views.SettingsProps{
			Values: sentValues(values), Errors: map[string]string{"retention_days": problem}, AgreeTo: settings.RetentionDays,
		})
	}
	if len(errs) == 0 {
		err = s.SaveSettings(c.Request().Context(), m.workspace.ID, settings, nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID))
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
	if settings.TimeZone != m.workspace.Settings.TimeZone {
		return s.done(c, "/settings", "saved_zone")
	}
	return s.done(c, "/settings", "saved")
}

// erasesMore says what settings would erase that those in force do not, where nobody has agreed to it: it cannot be undone.
func (s *site) erasesMore(c echo.Context, settings rating.Settings, sent url.Values) (problem string, err error) {
	m, _ := memberOf(c)
	days, now := settings.RetentionDays, m.workspace.Settings.RetentionDays
	if days <= 0 || now > 0 && days >= now || sent.Get(views.AgreeToErase(days)) != "" {
		return "", nil
	}
	ratings, remarks, err := s.tenant(c).CountOlder(c.Request().Context(), survey.KeptSince(s.Now(), days))
	if err != nil {
		return "", err
	}
	return views.WouldErase(days, ratings, remarks), nil
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
	if props.Changes, err = s.settingsChanges(ctx, m.workspace.ID, settingsChangesShown); err != nil {
		return err
	}
	if props.Figures, err = s.recounts(ctx, s.tenant(c)); err != nil {
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
