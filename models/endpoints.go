package models

import (
	"context"
	"slices"
	"time"
)

// EndpointKind says what an endpoint is told.
type EndpointKind string

// The kinds. Events are signed messages for programs; the other two get alerts: a Slack channel, or any address.
const (
	EventEndpoint EndpointKind = "events"
	SlackEndpoint EndpointKind = "slack"
	AlertEndpoint EndpointKind = "alert"
)

// Alerts reports whether the endpoint gets alerts.
func (k EndpointKind) Alerts() bool { return k == SlackEndpoint || k == AlertEndpoint }

// Endpoint is an address that the workspace wants to be told at.
type Endpoint struct {
	WorkspaceID       string `gorm:"primaryKey"`
	ID                string `gorm:"primaryKey"`
	Kind              EndpointKind
	Name              string
	Shown             string // what of the address may be looked at
	URL               []byte // sealed
	Secret            []byte // to sign with, sealed; nil for Slack
	SecretBefore      []byte // the one before it, sealed, which signs too until SecretBeforeUntil
	SecretBeforeUntil *time.Time
	Events            Tags `gorm:"type:text"` // of which kinds of events it is told

	Low        bool // alerts: for negative ratings
	Worse      bool // alerts: for ratings below the first
	WithRemark bool // alerts: only with a remark
	PerHour    int  // alerts: at most so many messages

	Paused       bool
	PausedWhy    string     // empty: an admin did; else why Rerate did
	FailingSince *time.Time // the first of the failures since something arrived last
	Failures     int        // how many these are
	RestUntil    *time.Time // nothing is sent before
	BusyUntil    *time.Time // a worker is at it
	HourBeganAt  *time.Time // alerts: when the hour that is counted began
	HourSent     int        // alerts: how many messages were sent in it

	CreatedAt time.Time
	CreatedBy string // a teammate's name
}

// Wants reports whether the endpoint is told of a kind of event.
func (e Endpoint) Wants(event string) bool {
	return e.Kind == EventEndpoint && slices.Contains(e.Events, event)
}

// byAge is how endpoints are listed.
const byAge = "created_at, id"

// AddEndpoint stores a new endpoint. Its ID, to which sealed columns are bound, is the caller's, made by NewID.
func (tx *Tx) AddEndpoint(e Endpoint) (Endpoint, error) {
	e.WorkspaceID, e.CreatedAt = tx.Workspace, tx.Now
	return e, tx.db.Create(&e).Error
}

// HoldEndpoint reads an endpoint and makes others who would change it wait.
func (tx *Tx) HoldEndpoint(id string) (Endpoint, error) {
	return one[Endpoint](lockForUpdate(tx.rows().Where("id = ?", id)))
}

// SaveEndpoint stores an endpoint that was read with HoldEndpoint.
func (tx *Tx) SaveEndpoint(e Endpoint) error {
	e.WorkspaceID = tx.Workspace
	result := tx.rows().Model(&Endpoint{}).Where("id = ?", e.ID).Select("*").Omit("workspace_id", "id", "created_at").UpdateColumns(&e)
	if result.Error == nil && result.RowsAffected == 0 {
		return ErrNotFound
	}
	return result.Error
}

// DeleteEndpoint forgets an endpoint and what was sent to it.
func (tx *Tx) DeleteEndpoint(id string) error {
	if err := tx.rows().Where("endpoint_id = ?", id).Delete(&Delivery{}).Error; err != nil {
		return err
	}
	result := tx.rows().Where("id = ?", id).Delete(&Endpoint{})
	if result.Error == nil && result.RowsAffected == 0 {
		return ErrNotFound
	}
	return result.Error
}

// Endpoints lists the endpoints, oldest first, inside the transaction.
func (tx *Tx) Endpoints() ([]Endpoint, error) {
	if tx.known != nil {
		return tx.known.endpoints, nil
	}
	return list[Endpoint](tx.rows().Order(byAge))
}

// Endpoints lists the endpoints, oldest first.
func (t Tenant) Endpoints(ctx context.Context) ([]Endpoint, error) {
	return list[Endpoint](t.rows(ctx).Order(byAge))
}

// Endpoint reads one endpoint.
func (t Tenant) Endpoint(ctx context.Context, id string) (Endpoint, error) {
	return one[Endpoint](t.rows(ctx).Where("id = ?", id))
}

// StoppedEndpoints counts the endpoints that Rerate has paused by itself.
func (t Tenant) StoppedEndpoints(ctx context.Context) (int64, error) {
	var n int64
	err := t.rows(ctx).Model(&Endpoint{}).Where("paused AND paused_why <> ''").Count(&n).Error
	return n, err
}

// forgetEndpoints forgets every endpoint of a workspace that uninstalled the app: their addresses are access, too.
func (tx *Tx) forgetEndpoints() error {
	if err := tx.rows().Delete(&Delivery{}).Error; err != nil {
		return err
	}
	return tx.rows().Delete(&Endpoint{}).Error
}
