package handlers

import (
	"bytes"
	"context"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// render draws a page into memory first, so that a page that fails half-way is an error and not half a page. Drawing
// waits for nothing, so it goes on where the time of the request is over: the page may be the one that says so.
func render(c echo.Context, status int, page templ.Component) error {
	var body bytes.Buffer
	if err := page.Render(context.WithoutCancel(c.Request().Context()), &body); err != nil {
		return err
	}
	return c.HTMLBlob(status, body.Bytes())
}
