package handlers

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
)

var themes = []string{"system", "light", "dark"}

// theme is the colours that this browser has chosen. The cookie is plain: there is nothing in it to protect.
func (s *site) theme(c echo.Context) string {
	cookie, err := c.Cookie(s.cookie + themeCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

func (s *site) setTheme(c echo.Context) error {
	theme := c.FormValue("theme")
	if !slices.Contains(themes, theme) {
		return echo.NewHTTPError(http.StatusUnprocessableEntity)
	}
	c.SetCookie(&http.Cookie{
		Name: s.cookie + themeCookie, Value: theme, Path: "/", MaxAge: seconds(themeLasts),
		Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return c.Redirect(http.StatusSeeOther, ownPage(c.FormValue("next")))
}
