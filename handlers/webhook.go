package handlers

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"rerate/internal/intercom"
	"rerate/internal/survey"
)

// nothing is an empty JSON object.
type nothing struct{}

// webhook stores a notification. Anything but 2xx counts against us at Intercom (docs: setting-up-webhooks): only a
// failure to store is worth it. A body that nobody can read would be as unreadable when it is sent again.
func (s *site) webhook(c echo.Context) error {
	notification, err := intercom.DecodeNotification(signedBody(c))
	if err != nil {
		note(c, unreadable(err))
		takeDown(c, unreadable(err))
		return sendJSON(c, http.StatusOK, nothing{})
	}
	identify(c, notification)
	var told survey.Error
	err = s.Webhook(c.Request().Context(), notification)
	switch {
	case errors.As(err, &told) && told.Code != survey.Unavailable:
		note(c, told)
		takeDown(c, told)
	case err != nil:
		return unstored(err)
	}
	return sendJSON(c, http.StatusOK, nothing{})
}

func (s *site) webhookThere(c echo.Context) error { return c.NoContent(http.StatusOK) }

// unstored asks Intercom to send the notification again.
func unstored(cause error) error {
	return echo.NewHTTPError(http.StatusServiceUnavailable).WithInternal(cause)
}

func (s *site) uninstall(ctx context.Context, workspace string) (nothing, error) {
	return nothing{}, s.Uninstalled(ctx, workspace)
}

// healthState answers Intercom's daily check of an installation (docs: installation health check).
type healthState struct {
	State string `json:"state"`
}

func (s *site) health(ctx context.Context, workspace string) (healthState, error) {
	return healthState{s.Health(ctx, workspace)}, nil
}
