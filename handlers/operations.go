package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// livez says that the process answers, whatever the database does.
func (s *site) livez(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says whether a rating could be stored now, and a moment later.
func (s *site) readyz(c echo.Context) error {
	if s.config.Leaving != nil && s.config.Leaving() {
		return c.String(http.StatusServiceUnavailable, "stopping\n")
	}
	if err := s.Store.Ready(c.Request().Context()); err != nil {
		note(c, unstored(err))
		return c.String(http.StatusServiceUnavailable, "not ready\n")
	}
	return c.String(http.StatusOK, "ready\n")
}

func (s *site) version(c echo.Context) error {
	return sendJSON(c, http.StatusOK, map[string]string{"version": s.config.Version})
}
