package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rerate/views"
)

// parts shows every part of the dashboard in every state, for those who work on it.
func (s *site) parts(c echo.Context) error {
	return render(c, http.StatusOK, views.Parts(views.PartsProps{Page: s.page(c, "Parts")}))
}
