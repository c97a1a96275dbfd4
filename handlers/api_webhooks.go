package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rerate/models"
)

type webhookRow struct {
	ID         string              `json:"id"`
	Kind       models.EndpointKind `json:"kind" enum:"events,slack,alert" doc:"events: signed messages for programs; slack and alert: alerts to a Slack channel or to another address."`
	Name       string              `json:"name"`
	Address    string              `json:"address" doc:"Where it leads, without the part that opens the door there."`
	Events     []string            `json:"events" doc:"Of events: which ones it is told of. Empty for alerts."`
	Low        bool                `json:"low" doc:"Of alerts: for low ratings."`
	Worse      bool                `json:"worse" doc:"Of alerts: for ratings below the first."`
	WithRemark bool                `json:"with_remark" doc:"Of alerts: only with a remark."`
	PerHour    *int                `json:"per_hour" doc:"Of alerts: at most so many messages in an hour; null for events."`
	Paused     bool                `json:"paused"`
	PausedWhy  *string             `json:"paused_why" doc:"Why Rerate paused it by itself; null where it did not."`
	FailingAt  *time.Time          `json:"failing_since" doc:"Since when nothing arrives; null while all does."`
	Waiting    int                 `json:"waiting" doc:"Messages that are to be sent."`
	Failed     int                 `json:"failed" doc:"Messages of the last 30 days that were given up."`
	CreatedAt  time.Time           `json:"created_at"`
}

func webhookRowOf(e models.Endpoint, n map[models.DeliveryState]int) webhookRow {
	row := webhookRow{
		ID: e.ID, Kind: e.Kind, Name: e.Name, Address: e.Shown, Events: append([]string{}, e.Events...), Low: e.Low, Worse: e.Worse, WithRemark: e.WithRemark,
		Paused: e.Paused, FailingAt: inUTC(e.FailingSince), Waiting: n[models.DeliveryWaiting], Failed: n[models.DeliveryFailed],
		CreatedAt: e.CreatedAt.UTC(), PausedWhy: orNil(e.PausedWhy),
	}
	if e.Kind.Alerts() {
		row.PerHour = &e.PerHour
	}
	return row
}

func (a *api) addWebhooks() {
	add(a, huma.Operation{
		OperationID: "webhooks", Method: http.MethodGet, Path: "/webhooks", Summary: "Webhooks and alerts, oldest first",
		Description: "They are made on the dashboard's page under Settings. What they send is described in docs/api.md.",
	}, a.webhooks)
}

func (a *api) webhooks(ctx context.Context, who caller, _ *struct{}) (*list[webhookRow], error) {
	found, err := who.tenant.Endpoints(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := who.tenant.CountDeliveries(ctx)
	if err != nil {
		return nil, err
	}
	out := &list[webhookRow]{}
	out.Body.Items = []webhookRow{}
	for _, e := range found {
		out.Body.Items = append(out.Body.Items, webhookRowOf(e, counts[e.ID]))
	}
	return out, nil
}
