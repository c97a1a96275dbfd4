package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/views"
)

// keepButton is the button that keeps the form although these have been stored meanwhile.
func keepButton(version int, draft string) string {
	return fmt.Sprintf("keep_mine.%d.%s", version, draft)
}

// find is the version that the address names, and the one before it.
func (now wordingNow) find(c echo.Context) (w, before models.Wording, err error) {
	number, err := strconv.Atoi(c.Param("n"))
	if err != nil || strconv.Itoa(number) != c.Param("n") {
		return w, before, echo.ErrNotFound
	}
	err = echo.ErrNotFound
	for _, v := range now.versions {
		switch v.Version {
		case number:
			w, err = v, nil
		case number - 1:
			before = v
		}
	}
	return w, before, err
}

func (s *site) wordingVersion(c echo.Context) error { return s.showVersion(c, http.StatusOK, false) }

// showVersion shows one version; moved says that it could not be rolled back to, since another was published meanwhile.
func (s *site) showVersion(c echo.Context, status int, moved bool) error {
	now, err := s.wordingNow(c)
	if err != nil {
		return err
	}
	w, before, err := now.find(c)
	if err != nil {
		return err
	}
	props := views.WordingVersionProps{
		Version: now.version(w), InUse: now.current.Version, Preview: wordingPreview(w.Body, readLook(c.QueryParams(), w.Body)),
		Since: wordingChanges(rating.Differences(w.Body, now.current.Body)),
	}
	props.Preview.MaxBytes = 0 // its size was right when it was published
	if before.Version > 0 {
		props.Changes = wordingChanges(rating.Differences(before.Body, w.Body))
	}
	if moved {
		props.Meanwhile = now.current.Version
	}
	if props.Sent, props.Rated, err = s.tenant(c).WordingUse(c.Request().Context(), w.Version); err != nil {
		return err
	}
	props.Page = s.page(c, "Version "+strconv.Itoa(w.Version))
	return render(c, status, views.WordingVersionPage(props))
}

// rollBack publishes what an earlier version says as the next version. A draft stays.
func (s *site) rollBack(c echo.Context) error {
	now, err := s.wordingNow(c)
	if err != nil {
		return err
	}
	w, _, err := now.find(c)
	if err != nil {
		return err
	}
	seen := models.WordingSeen{}
	if seen.Version, err = strconv.Atoi(c.FormValue("seen.version")); err != nil {
		return echo.NewHTTPError(http.StatusUnprocessableEntity)
	}
	if now.draft != nil {
		seen.Draft = now.draft.ID
	}
	m, _ := memberOf(c)
	flash := "rolled_back"
	err = s.tenant(c).Write(c.Request().Context(), func(tx *models.Tx) error {
		if err := tx.HoldWording(seen); err != nil {
			return err
		}
		if len(rating.Differences(now.current.Body, w.Body)) == 0 {
			flash = "unchanged"
			return nil
		}
		_, err := tx.PublishWording(w.Body, m.teammate.ID)
		return err
	})
	if errors.Is(err, models.ErrWordingMoved) {
		return s.showVersion(c, http.StatusConflict, true)
	}
	if err != nil {
		return err
	}
	return s.done(c, "/wording", flash)
}
