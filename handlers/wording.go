package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"rerate/internal/intercom/draw"
	"rerate/internal/rating"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
)

func (s *site) wording(c echo.Context) error {
	m, _ := memberOf(c)
	current, err := s.currentWording(c.Request().Context(), m.workspace)
	if err != nil {
		return err
	}
	return s.showWording(c, http.StatusOK, views.WordingProps{Form: wordingForm(current), Preview: preview(current)})
}

// editWording is every button of the form. Only "publish" stores something; the others show the form again, changed.
func (s *site) editWording(c echo.Context) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	current, err := s.currentWording(c.Request().Context(), m.workspace)
	if err != nil {
		return err
	}
	form := readWordingForm(values)
	do, place, _ := strings.Cut(values.Get("do"), ".")
	at, err := strconv.Atoi(place)
	if err != nil {
		at = -1
	}
	switch do {
	case "publish":
		return s.publish(c, form, current)
	case "preview":
		return s.previewForm(c, form, current)
	case "add_option":
		addOption(&form)
	case "remove_option":
		removeOption(&form, at)
	case "add_locale":
		form.Locales = append(form.Locales, views.WordingLocale{})
	case "remove_locale":
		removeLocale(&form, at)
	default:
		return echo.NewHTTPError(http.StatusUnprocessableEntity)
	}
	props := views.WordingProps{Form: form}
	if edited, errs := wordingOf(form, current); len(errs) == 0 {
		props.Preview = preview(edited)
	}
	return s.showWording(c, http.StatusOK, props)
}

func (s *site) previewForm(c echo.Context, form views.WordingForm, current rating.Wording) error {
	edited, errs := wordingOf(form, current)
	if len(errs) > 0 {
		return s.showWording(c, http.StatusUnprocessableEntity, views.WordingProps{Form: form, Errors: errs})
	}
	return s.showWording(c, http.StatusOK, views.WordingProps{Form: form, Preview: preview(edited)})
}

func (s *site) publish(c echo.Context, form views.WordingForm, current rating.Wording) error {
	edited, errs := wordingOf(form, current)
	if len(errs) > 0 {
		return s.showWording(c, http.StatusUnprocessableEntity, views.WordingProps{Form: form, Errors: errs})
	}
	m, _ := memberOf(c)
	err := s.tenant(c).Write(c.Request().Context(), func(tx *models.Tx) error {
		_, err := tx.PublishWording(edited, m.teammate.ID)
		return err
	})
	var problems rating.Problems
	if errors.As(err, &problems) {
		errs := wordingErrors(problems, form)
		return s.showWording(c, http.StatusUnprocessableEntity, views.WordingProps{Form: form, Errors: errs})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/wording", "published")
}

func (s *site) showWording(c echo.Context, status int, props views.WordingProps) error {
	var err error
	if props.Versions, err = s.wordingVersions(c.Request().Context(), s.tenant(c)); err != nil {
		return err
	}
	props.Page = s.page(c, "Wording")
	return render(c, status, views.Wording(props))
}

// versionsShown is how many versions the page lists.
const versionsShown = 20

func (s *site) wordingVersions(ctx context.Context, tenant models.Tenant) ([]views.WordingVersion, error) {
	all, err := tenant.Wordings(ctx)
	if err != nil {
		return nil, err
	}
	teammates, err := tenant.Teammates(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, t := range teammates {
		names[t.ID] = t.Name
	}
	var versions []views.WordingVersion
	for i, w := range all[:min(len(all), versionsShown)] {
		version := views.WordingVersion{
			Number: w.Version, Author: nameOf(names[w.AuthorID], w.AuthorID), At: w.PublishedAt, Question: w.Body.Question, Current: i == 0,
		}
		for _, o := range w.Body.Options {
			version.Emoji = append(version.Emoji, o.Emoji)
		}
		versions = append(versions, version)
	}
	return versions, nil
}

// previewSteps are the states of the card that the page shows.
var previewSteps = []survey.Step{survey.StepAsk, survey.StepSaved, survey.StepThanks}

// preview draws the very canvases that Intercom would get.
func preview(w rating.Wording) templ.Component {
	var cards []templ.Component
	for _, step := range previewSteps {
		cards = append(cards, draw.Content(survey.Preview(w, "", step), draw.Options{Name: "Preview of the card"}))
	}
	return templ.Join(cards...)
}
