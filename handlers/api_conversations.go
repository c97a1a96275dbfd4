package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rerate/internal/rating"
	"rerate/models"
)

type conversationInput struct {
	ID string `path:"id" maxLength:"64" doc:"Intercom's id."`
}

// conversation speaks, in first, latest, counted and change, of the contact who gave the latest valid rating.
type conversation struct {
	ID       string               `json:"id"`
	Channel  string               `json:"channel"`
	Contacts []string             `json:"contacts" nullable:"false" doc:"Who takes part, as far as Intercom has said."`
	First    orNull[answered]     `json:"first" doc:"The first valid rating; null where there is none."`
	Latest   orNull[answered]     `json:"latest" doc:"The latest valid rating of the same contact."`
	Counted  orNull[countedScore] `json:"counted" doc:"By the workspace's policy."`
	Change   *string              `json:"change" doc:"first, better, same or worse: the latest against the first; null without a valid rating."`
	Ratings  []ratingRow          `json:"ratings" nullable:"false" doc:"Oldest first, valid or not."`
	Requests []requestRow         `json:"requests" nullable:"false" doc:"Oldest first."`
}

type answered struct {
	Score  int           `json:"score"`
	At     time.Time     `json:"at"`
	Source models.Source `json:"source" enum:"card,link,quick_reply,home,intercom,import,teammate"`
}

type countedScore struct {
	Score float64 `json:"score" doc:"On the scale of the latest rating; whole, but under the average policy."`
}

type conversationAnswer struct{ Body conversation }

func (a *api) addConversations() {
	add(a, huma.Operation{
		OperationID: "conversation", Method: http.MethodGet, Path: "/conversations/{id}",
		Summary: "What was said and asked in one conversation", Errors: []int{http.StatusNotFound},
	}, a.conversation)
}

func (a *api) conversation(ctx context.Context, who caller, in *conversationInput) (*conversationAnswer, error) {
	if !plainID.MatchString(in.ID) {
		return nil, models.ErrNotFound
	}
	known, err := who.tenant.Conversation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	contacts, err := who.tenant.ContactsOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	ratings, err := who.tenant.RatingsOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	requests, err := who.tenant.LedgerOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body := conversation{
		ID: known.ID, Channel: known.Channel, Contacts: append([]string{}, contacts...),
		Ratings: make([]ratingRow, len(ratings)), Requests: make([]requestRow, len(requests)),
	}
	for i, r := range ratings {
		body.Ratings[i] = rowOf(r)
	}
	for i, r := range requests {
		body.Requests[i] = requestRowOf(r)
	}
	body.count(ratings, who.workspace.Settings.Policy)
	return &conversationAnswer{Body: body}, nil
}

// count fills in what the ratings come to.
func (c *conversation) count(ratings []models.Rating, policy rating.Policy) {
	last := -1
	for i, r := range ratings {
		if r.Valid() {
			last = i
		}
	}
	if last < 0 {
		return
	}
	history := models.HistoryOf(ratings, c.ID, ratings[last].ContactID)
	change := string(history.Change())
	c.First.value = answeredBy(ratings, history.First().ID)
	c.Latest.value = answeredBy(ratings, history.Latest().ID)
	c.Counted.value = &countedScore{Score: history.Counted(policy)}
	c.Change = &change
}

func answeredBy(ratings []models.Rating, id string) *answered {
	r := ratingByID(ratings, id)
	return &answered{Score: r.Score, At: r.At.UTC(), Source: r.Source}
}
