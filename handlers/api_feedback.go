package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rerate/models"
)

type feedbackRow struct {
	ID             string              `json:"id"`
	Text           string              `json:"text" doc:"Empty where only a score was given, or the contact was erased."`
	Category       *string             `json:"category" enum:"problem,idea,question,price,service,praise,other" doc:"null on Messenger Home, which asks for none."`
	Score          *int                `json:"score" doc:"1 is worst; null where none was given. It is part of no figure."`
	Scale          *int                `json:"scale" doc:"How many choices there were; null without a score."`
	Emoji          string              `json:"emoji"`
	Label          string              `json:"label"`
	Source         models.Source       `json:"source" enum:"home,teammate" doc:"home: the customer on Messenger Home; teammate: written down in the Inbox."`
	ContactID      *string             `json:"contact_id"`
	ConversationID *string             `json:"conversation_id"`
	Teammate       orNull[teammateRef] `json:"teammate" doc:"Who wrote it down; null on Messenger Home."`
	At             time.Time           `json:"at"`
	HandledAt      *time.Time          `json:"handled_at" doc:"null while it is open."`
	HandledBy      string              `json:"handled_by"`
	Test           bool                `json:"test" doc:"Given in test mode."`
}

func feedbackRowOf(f models.Feedback) feedbackRow {
	row := feedbackRow{
		ID: f.ID, Text: f.Text, Emoji: f.Emoji, Label: f.Label, Source: f.Source, At: f.At.UTC(), HandledAt: inUTC(f.HandledAt),
		HandledBy: f.HandledBy, Test: f.Test, Category: orNil(f.Category), ContactID: orNil(f.ContactID), ConversationID: orNil(f.ConversationID),
	}
	if f.Score != 0 {
		row.Score, row.Scale = &f.Score, &f.Scale
	}
	if f.TeammateID != "" {
		row.Teammate.value = &teammateRef{ID: f.TeammateID, Name: f.TeammateName}
	}
	return row
}

// orNil is a text that JSON shows as null where it is empty.
func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

type feedbackInput struct {
	Text         string `query:"text" maxLength:"100" doc:"Part of what was written."`
	Source       string `query:"source" enum:"home,teammate"`
	Category     string `query:"category" enum:"problem,idea,question,price,service,praise,other"`
	Score        int    `query:"score" minimum:"1" maximum:"10"`
	Handled      string `query:"handled" enum:"yes,no"`
	Contact      string `query:"contact" maxLength:"64"`
	Conversation string `query:"conversation" maxLength:"64"`
	PageQuery
}

func (a *api) addFeedback() {
	add(a, huma.Operation{
		OperationID: "feedback", Method: http.MethodGet, Path: "/feedback", Summary: "Feedback that is no rating, newest first",
	}, a.feedback)
}

func (a *api) feedback(ctx context.Context, who caller, in *feedbackInput) (*list[feedbackRow], error) {
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	f := models.FeedbackFilter{
		Text: in.Text, Source: models.Source(in.Source), Category: in.Category, Score: in.Score, Handled: models.YesNo(in.Handled),
		Contact: in.Contact, Conversation: in.Conversation,
	}
	rows, err := who.tenant.Feedback(ctx, f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return listOf(rows, in.Limit, feedbackRowOf, feedbackCursor), nil
}
