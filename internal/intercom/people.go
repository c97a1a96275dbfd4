package intercom

import (
	"context"
	"encoding/json"
	"net/http"

	"rerate/internal/intercom/canvas"
)

// Me is who a token belongs to (OpenAPI 2.16, GET /me). Sign-in must refuse an e-mail address that is
// not verified: anyone can claim one (docs: setting-up-oauth).
type Me struct {
	Admin         Admin
	EmailVerified bool
	App           App
}

// App is a workspace as /me names it.
type App struct {
	ID       string // id_code: workspace_id in Canvas Kit, app_id in webhooks
	Name     string
	Region   string // US, EU or AU
	Timezone string // as Intercom writes it, such as Europe/Dublin or America/Los_Angeles
}

// Admin is a teammate.
type Admin struct {
	ID           string
	Name         string
	Email        string
	HasInboxSeat bool
}

// Me asks whose token this is; a 401 means that the app was uninstalled or the token revoked.
func (c *Client) Me(ctx context.Context) (Me, error) {
	var me Me
	err := c.do(ctx, call{method: http.MethodGet, path: "/me", out: &me})
	return me, err
}

// Admins lists the workspace's teammates (GET /admins).
func (c *Client) Admins(ctx context.Context) ([]Admin, error) {
	var found struct {
		Admins []Admin `json:"admins"`
	}
	err := c.do(ctx, call{method: http.MethodGet, path: "/admins", out: &found})
	return found.Admins, err
}

// UnmarshalJSON reads /me's answer.
func (m *Me) UnmarshalJSON(raw []byte) error {
	var v struct {
		EmailVerified bool `json:"email_verified"`
		App           struct {
			ID       string `json:"id_code"`
			Name     string `json:"name"`
			Region   string `json:"region"`
			Timezone string `json:"timezone"`
		} `json:"app"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	m.EmailVerified, m.App = v.EmailVerified, App(v.App)
	return json.Unmarshal(raw, &m.Admin)
}

// UnmarshalJSON reads an admin, whose id is a number in older versions.
func (a *Admin) UnmarshalJSON(raw []byte) error {
	var v struct {
		ID           canvas.ID `json:"id"`
		Name         string    `json:"name"`
		Email        string    `json:"email"`
		HasInboxSeat bool      `json:"has_inbox_seat"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*a = Admin{ID: string(v.ID), Name: v.Name, Email: v.Email, HasInboxSeat: v.HasInboxSeat}
	return nil
}
