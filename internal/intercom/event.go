package intercom

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Event is something that a contact did (POST /events). Intercom keeps one event per contact, name
// and second, so sending it again is safe. Metadata is flat and has at most 10 keys.
type Event struct {
	Name      string
	At        time.Time
	ContactID string // Intercom's id, which leads have too
	Metadata  map[string]any
}

// MarshalJSON writes the time in unix seconds.
func (e Event) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name      string         `json:"event_name"`
		CreatedAt int64          `json:"created_at"`
		ID        string         `json:"id"`
		Metadata  map[string]any `json:"metadata,omitempty"`
	}{e.Name, e.At.Unix(), e.ContactID, e.Metadata})
}

// CreateEvent records an event; an unknown contact is NotFound.
func (c *Client) CreateEvent(ctx context.Context, event Event) error {
	return c.do(ctx, call{method: http.MethodPost, path: "/events", in: event})
}

// Uninstall removes the app from the token's workspace and revokes the token
// (POST /auth/uninstall; docs: installing-uninstalling).
func (c *Client) Uninstall(ctx context.Context) error {
	return c.do(ctx, call{method: http.MethodPost, path: "/auth/uninstall"})
}
