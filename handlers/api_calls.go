package handlers

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rerate/models"
)

type callRow struct {
	ID             string               `json:"id"`
	At             time.Time            `json:"at"`
	Direction      models.CallDirection `json:"direction" enum:"in,out" doc:"in: Intercom called Rerate; out: Rerate called Intercom."`
	Kind           string               `json:"kind" doc:"Such as messenger submit, a webhook's topic, or POST note." example:"messenger submit"`
	Path           string               `json:"path" doc:"Method and address, with {id} in place of ids." example:"GET /conversations/{id}"`
	ConversationID *string              `json:"conversation_id" doc:"null where the call is about no conversation."`
	Test           bool                 `json:"test" doc:"Test mode was on."`
	Status         *int                 `json:"status" doc:"The HTTP status; null when no answer came."`
	Outcome        models.CallOutcome   `json:"outcome" enum:"done,refused,failed"`
	Reason         string               `json:"reason" doc:"Why it was refused or failed, in plain words."`
	DurationMS     float64              `json:"duration_ms"`
}

func callRowOf(c models.Call) callRow {
	row := callRow{
		ID: c.ID, At: c.At.UTC(), Direction: c.Direction, Kind: c.Kind, Path: c.Path, Test: c.Test, Outcome: c.Outcome, Reason: c.Reason,
		DurationMS: float64(c.Micros) / 1000,
	}
	if c.ConversationID != "" {
		row.ConversationID = &c.ConversationID
	}
	if c.Status != 0 {
		row.Status = &c.Status
	}
	return row
}

type callsInput struct {
	Tab          string `query:"tab" enum:"live,test,invalid" doc:"By default live. Refused and failed calls stand in invalid alone, those of test mode too."`
	Direction    string `query:"direction" enum:"in,out"`
	Kind         string `query:"kind" maxLength:"100"`
	Conversation string `query:"conversation" maxLength:"64"`
	PageQuery
}

func (a *api) addCalls() {
	add(a, huma.Operation{
		OperationID: "calls", Method: http.MethodGet, Path: "/calls", Summary: "Calls from and to Intercom of the last days, newest first",
	}, a.calls)
}

func (a *api) calls(ctx context.Context, who caller, in *callsInput) (*list[callRow], error) {
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	f := models.CallFilter{
		Tab: models.CallTab(cmp.Or(in.Tab, string(models.LiveCalls))), Direction: models.CallDirection(in.Direction),
		Kind: in.Kind, Conversation: in.Conversation,
	}
	rows, err := who.tenant.Calls(ctx, f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return listOf(rows, in.Limit, callRowOf, func(c models.Call) string {
		return FormatCursor(models.Cursor{At: c.At, ID: c.ID})
	}), nil
}
