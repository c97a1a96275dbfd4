package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
	"rerate/internal/survey"
	"rerate/models"
)

// LedgerQuery narrows the ledger by the names that the dashboard's page uses. It is exported for the library alone, as
// RatingQuery is.
type LedgerQuery struct {
	From         string `query:"from" format:"date" doc:"The first day of the close, or where nothing is closed yet of the asking, in the workspace's time zone; by default the first of all."`
	To           string `query:"to" format:"date" doc:"The last day, included; by default the last of all."`
	Status       string `query:"status" enum:"asked,answered,waiting,unanswered,not_asked,due,failed" doc:"answered, waiting and unanswered are the parts of asked."`
	Rule         string `query:"rule" maxLength:"64" doc:"The reason not to ask, as in the rows."`
	Method       string `query:"method" enum:"card,link,quick_reply,workflow_card,home,message"`
	Channel      string `query:"channel" maxLength:"64" example:"chat"`
	Teammate     string `query:"teammate" maxLength:"64" doc:"Intercom's id of the teammate credited with the work before it."`
	Conversation string `query:"conversation" maxLength:"64"`
}

func (q LedgerQuery) filter(who caller) (models.LedgerFilter, error) {
	period, err := days(cmp.Or(q.From, firstOfDays), cmp.Or(q.To, lastOfDays), who.workspace.Settings)
	if err != nil {
		return models.LedgerFilter{}, err
	}
	if _, known := rating.RuleWords(q.Rule); q.Rule != "" && !known {
		return models.LedgerFilter{}, invalid("query.rule", "There is no such reason.")
	}
	return models.LedgerFilter{
		Filter: models.Filter{Range: period, Teammate: q.Teammate, Channel: q.Channel},
		Status: models.LedgerStatus(q.Status), Rule: q.Rule, Method: models.Method(q.Method), Conversation: q.Conversation,
	}, nil
}

type requestRow struct {
	ID             string              `json:"id"`
	ConversationID string              `json:"conversation_id"`
	Episode        int                 `json:"episode" doc:"1 for the first stretch of the conversation from open to close."`
	ClosedAt       *time.Time          `json:"closed_at"`
	State          models.RequestState `json:"state" enum:"suppressed,scheduled,cancelled,sent,seen,rated,remarked,expired,failed"`
	Reason         string              `json:"reason" doc:"The state, and the rule where one said no, in plain words."`
	Rule           *string             `json:"rule" doc:"The settings key that said no; null where none did."`
	Channel        string              `json:"channel"`
	Method         models.Method       `json:"method" doc:"How it was asked."`
	SentAt         *time.Time          `json:"sent_at"`
	RatedAt        *time.Time          `json:"rated_at"`
	Score          *int                `json:"score" doc:"Of the newest answer that was not undone."`
	Automatic      bool                `json:"automatic" doc:"Decided by the rules, not by a teammate."`
	Test           bool                `json:"test" doc:"Made in test mode: its ratings are in no figure."`
	Teammate       orNull[teammateRef] `json:"teammate" doc:"Who is credited with the work before it; null while nobody is."`
}

func requestRowOf(r models.LedgerRow) requestRow {
	row := requestRow{
		ID: r.ID, ConversationID: r.ConversationID, Episode: r.Episode, ClosedAt: inUTC(r.ClosedAt), State: r.State,
		Reason: r.State.Words(), Channel: r.Channel, Method: r.Method,
		SentAt: inUTC(r.SentAt), RatedAt: inUTC(r.RatedAt), Score: r.Score, Automatic: r.Automatic, Test: r.Test,
	}
	if r.TeammateID != "" {
		row.Teammate.value = &teammateRef{ID: r.TeammateID, Name: r.TeammateName}
	}
	if r.Rule != "" {
		row.Rule = &r.Rule
		row.Reason = reasonWords(r.Rule)
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

type requestsInput struct {
	LedgerQuery
	PageQuery
}

type requestsFileInput struct {
	LedgerQuery
	Mark string `query:"bom" enum:"1" doc:"1: begin with a byte order mark, which some spreadsheets need to read UTF-8."`
}

type askInput struct {
	utf8Body
	Body struct {
		ConversationID string `json:"conversation_id" minLength:"1" maxLength:"64" doc:"Intercom's id."`
	}
}

type askAnswer struct{ Body requestRow }

func (a *api) addRequests() {
	add(a, huma.Operation{
		OperationID: "requests", Method: http.MethodGet, Path: "/requests", Summary: "The ledger, newest first",
		Description: "One row for every closed episode, asked or not, and one for every request by hand in an episode that is still open.",
	}, a.requests)
	add(a, huma.Operation{
		OperationID: "ask", Method: http.MethodPost, Path: "/requests", Summary: "Ask the customer of a conversation now", DefaultStatus: http.StatusAccepted,
		Description: "The request is stored and sent at once by a job: with links, or with buttons where the settings ask so in the Messenger. " +
			"It is not held up by the rules. Where one waits to be sent already, that one is sent instead of another, so a call that is " +
			"repeated asks once. In the minute after a request was sent, and in test mode for others than test contacts, it is refused with 409.",
		MaxBodyBytes: 4 << 10, Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge},
	}, a.ask)
	add(a, fileOperation("requests-file", "/requests.csv", "The ledger as a CSV file, newest first"), a.requestsFile)
}

func (a *api) requests(ctx context.Context, who caller, in *requestsInput) (*list[requestRow], error) {
	f, err := in.filter(who)
	if err != nil {
		return nil, err
	}
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	rows, err := who.tenant.Ledger(ctx, f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return listOf(rows, in.Limit, requestRowOf, ledgerCursor), nil
}

func (a *api) ask(ctx context.Context, who caller, in *askInput) (*askAnswer, error) {
	if !canvas.IsConversationID(in.Body.ConversationID) {
		return nil, invalid("body.conversation_id", "This is no id of a conversation.")
	}
	asked, err := a.AskNow(ctx, who.workspace.ID, in.Body.ConversationID, "")
	var told survey.Error
	if errors.As(err, &told) && told.Code == survey.Unauthorized { // the key is good; our own access to Intercom is not
		return nil, problem(http.StatusConflict, told.Sentence)
	}
	if err != nil {
		return nil, err
	}
	row, err := who.tenant.LedgerRow(ctx, asked.ID)
	return &askAnswer{Body: requestRowOf(row)}, err
}

func (a *api) requestsFile(ctx context.Context, who caller, in *requestsFileInput) (*huma.StreamResponse, error) {
	f, err := in.filter(who)
	if err != nil {
		return nil, err
	}
	return streamFile(ctx, a, who, "requests.csv", in.Mark != "", ledgerTable(who.tenant, f))
}
