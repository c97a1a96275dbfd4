package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rerate/models"
)

type requestRow struct {
	ID             string              `json:"id"`
	ConversationID string              `json:"conversation_id"`
	Episode        int                 `json:"episode" doc:"1 for the first stretch of the conversation from open to close."`
	ClosedAt       *time.Time          `json:"closed_at"`
	State          models.RequestState `json:"state" enum:"suppressed,scheduled,cancelled,sent,seen,rated,remarked,expired,failed"`
	Reason         string              `json:"reason" doc:"The state, and the rule where one said no, in plain words."`
	Rule           *string             `json:"rule" doc:"The settings key that said no; null where none did."`
	Channel        string              `json:"channel"`
	Method         models.Source       `json:"method" doc:"How it was asked."`
	SentAt         *time.Time          `json:"sent_at"`
	RatedAt        *time.Time          `json:"rated_at"`
	Score          *int                `json:"score" doc:"Of the newest answer that was not undone."`
}

// stateWords say what became of a request.
var stateWords = map[models.RequestState]string{
	models.Suppressed: "Not asked.",
	models.Scheduled:  "Will be asked.",
	models.Cancelled:  "The request was taken back before it was sent.",
	models.Sent:       "Asked; there is no answer yet.",
	models.Seen:       "Asked and seen; there is no answer yet.",
	models.HasRating:  "Rated.",
	models.HasRemark:  "Rated, with a remark.",
	models.Expired:    "The time to answer is over.",
	models.Failed:     "Intercom did not take the request.",
}

// ruleWords say for each settings key why it kept a conversation from being asked.
var ruleWords = map[string]string{
	"automatic":              "Asking by itself is switched off.",
	"users":                  "Users are not asked.",
	"leads":                  "Leads are not asked.",
	"outbound":               "Conversations that the team began are not asked.",
	"workflow_started":       "Conversations that a Workflow began are not asked.",
	"require_teammate_reply": "No teammate has replied.",
	"min_characters":         "The customer has written too little.",
	"max_days_since_reply":   "The last reply is too long ago.",
	"skip_group":             "Group conversations are not asked.",
	"skip_bot_assignee":      "The conversation is assigned to a bot.",
	"suppress_tags":          "The conversation has a tag that keeps it from being asked.",
	"suppression_days":       "The customer was asked not long ago.",
	"max_per_conversation":   "The conversation was asked often enough.",
	"sample_percent":         "The conversation is not part of the sample.",
	"channels":               "This channel is not asked.",
	"test_mode":              "Test mode is on and this is no test contact.",
}

func requestRowOf(r models.LedgerRow) requestRow {
	row := requestRow{
		ID: r.ID, ConversationID: r.ConversationID, Episode: r.Episode, ClosedAt: inUTC(r.ClosedAt), State: r.State,
		Reason: stateWords[r.State], Channel: r.Channel, Method: r.Method,
		SentAt: inUTC(r.SentAt), RatedAt: inUTC(r.RatedAt), Score: r.Score,
	}
	if r.Rule != "" {
		row.Rule = &r.Rule
		if words, ok := ruleWords[r.Rule]; ok {
			row.Reason = words
		}
	}
	return row
}

func inUTC(at *time.Time) *time.Time {
	if at == nil {
		return nil
	}
	utc := at.UTC()
	return &utc
}

func (a *api) addRequests() {
	add(a, huma.Operation{
		OperationID: "requests", Method: http.MethodGet, Path: "/requests", Summary: "The ledger of requests, newest first",
	}, a.requests)
}

func (a *api) requests(ctx context.Context, who caller, in *PageQuery) (*list[requestRow], error) {
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	rows, err := who.tenant.Ledger(ctx, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return listOf(rows, in.Limit, requestRowOf, func(r models.LedgerRow) string {
		return FormatCursor(models.Cursor{At: r.CreatedAt, ID: r.ID})
	}), nil
}
