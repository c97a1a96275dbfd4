package handlers

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
	"rerate/internal/survey"
	"rerate/models"
)

// wording opens the editor: an admin with the draft, if there is one, anybody else with the wording in use.
func (s *site) wording(c echo.Context) error {
	now, err := s.wordingNow(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	e := wordingEdit{wording: now.current.Body, seen: models.WordingSeen{Version: now.current.Version}}
	if now.draft != nil && m.admin() {
		e.wording, e.seen = now.draft.Body, models.WordingSeen{Version: now.draft.BasedOn, Draft: now.draft.ID}
	}
	e.look = readLook(c.QueryParams(), e.wording)
	return s.showWording(c, http.StatusOK, now, e)
}

// editWording is every button of the editor. Publishing, saving and discarding store; the others show the form again,
// changed.
func (s *site) editWording(c echo.Context) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	e := readWording(values)
	switch do := values.Get("do"); do {
	case "publish":
		return s.storeWording(c, e, s.publishWording)
	case "save_draft":
		return s.storeWording(c, e, s.saveWordingDraft)
	case "discard_draft":
		return s.discardWordingDraft(c, e)
	default:
		next, ok := press(e, do)
		if !ok {
			return echo.NewHTTPError(http.StatusUnprocessableEntity)
		}
		return s.showEdited(c, http.StatusOK, next)
	}
}

// showEdited shows the form with what was sent.
func (s *site) showEdited(c echo.Context, status int, e wordingEdit) error {
	now, err := s.wordingNow(c)
	if err != nil {
		return err
	}
	stored := now.current.Body
	if now.draft != nil && now.draft.ID == e.seen.Draft {
		stored = now.draft.Body
	}
	e.changed = len(rating.Differences(stored, e.wording)) > 0 || e.newCode != ""
	return s.showWording(c, status, now, e)
}

// refusedWording is why a wording cannot be stored: a message that leads on, or problems in the form.
type refusedWording struct{ errs map[string]string }

func (refusedWording) Error() string { return "the wording cannot be stored" }

// storeWording publishes or saves the form. What cannot be stored is shown again, with nothing lost.
func (s *site) storeWording(c echo.Context, e wordingEdit, store func(*models.Tx, wordingEdit, string) (flash string, err error)) error {
	m, _ := memberOf(c)
	var flash string
	err := s.tenant(c).Write(c.Request().Context(), func(tx *models.Tx) (err error) {
		if err := tx.HoldWording(e.seen); err != nil {
			return err
		}
		flash, err = store(tx, e, m.teammate.ID)
		return err
	})
	var refused refusedWording
	switch {
	case errors.Is(err, models.ErrWordingMoved):
		e.focus, e.said = "meanwhile", "Nothing was stored: somebody else was here meanwhile."
		return s.showEdited(c, http.StatusConflict, e)
	case errors.As(err, &refused):
		e.errs, e.refused = refused.errs, true
		return s.showEdited(c, http.StatusUnprocessableEntity, e)
	case err != nil:
		return err
	}
	return s.done(c, "/wording", flash)
}

// publishWording makes the form the next version and forgets the draft. A form that says what is in use already makes
// no version.
func (s *site) publishWording(tx *models.Tx, e wordingEdit, author string) (flash string, err error) {
	errs := wordingErrors(e)
	if weight, _ := survey.Weight(e.wording); weight > canvas.MaxBytes {
		errs[wholeForm] = "The card is larger than Intercom takes. Shorten its texts."
	}
	if len(errs) > 0 {
		return "", refusedWording{errs}
	}
	current, err := tx.Wording()
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return "", err
	}
	if current.Version > 0 && len(rating.Differences(current.Body, e.wording)) == 0 {
		return "unchanged", tx.DropWordingDraft()
	}
	if _, err := tx.PublishWording(e.wording, author); err != nil {
		return "", err
	}
	return "published", tx.DropWordingDraft()
}

// saveWordingDraft keeps the form as it is, finished or not.
func (s *site) saveWordingDraft(tx *models.Tx, e wordingEdit, author string) (flash string, err error) {
	if errs := unstorable(e); len(errs) > 0 {
		return "", refusedWording{errs}
	}
	_, err = tx.SaveWordingDraft(e.wording, e.seen.Version, author)
	return "draft_saved", err
}

// discardWordingDraft forgets the draft that was seen, and no other.
func (s *site) discardWordingDraft(c echo.Context, e wordingEdit) error {
	ctx := c.Request().Context()
	draft, err := s.tenant(c).WordingDraft(ctx)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if draft.ID != e.seen.Draft {
		return s.done(c, "/wording", "draft_newer")
	}
	err = s.tenant(c).Write(ctx, func(tx *models.Tx) error {
		seen := models.WordingSeen{Draft: e.seen.Draft}
		current, err := tx.Wording()
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		seen.Version = current.Version
		if err := tx.HoldWording(seen); err != nil {
			return err
		}
		return tx.DropWordingDraft()
	})
	if errors.Is(err, models.ErrWordingMoved) {
		return s.done(c, "/wording", "draft_newer")
	}
	if err != nil {
		return err
	}
	return s.done(c, "/wording", "draft_gone")
}
