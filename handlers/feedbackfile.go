package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/models"
)

// feedbackColumns are the columns of a file of feedback: the names of the API's rows.
var feedbackColumns = []string{
	"id", "text", "category", "score", "scale", "emoji", "label", "source", "contact_id", "conversation_id", "teammate_id",
	"teammate_name", "at", "handled_at", "handled_by", "test",
}

// feedbackFile answers with all feedback that the filter lets through, newest first.
func (s *site) feedbackFile(c echo.Context) error {
	return sendFile(c, "feedback.csv", feedbackTable(s.tenant(c), parseFeedbackFilter(c.QueryParams()).rows))
}

func feedbackTable(tenant models.Tenant, f models.FeedbackFilter) fileTable[models.Feedback] {
	return fileTable[models.Feedback]{
		columns: feedbackColumns, cells: feedbackCells,
		read: func(ctx context.Context, after *models.Feedback) ([]models.Feedback, error) {
			if after == nil {
				return tenant.Feedback(ctx, f, nil, fileBatch)
			}
			return tenant.Feedback(ctx, f, &models.Cursor{At: after.At, ID: after.ID}, fileBatch)
		},
	}
}

func feedbackCells(f models.Feedback) []string {
	score, size, handled := "", "", ""
	if f.Score != 0 {
		score, size = strconv.Itoa(f.Score), strconv.Itoa(f.Scale)
	}
	if f.HandledAt != nil {
		handled = f.HandledAt.UTC().Format(time.RFC3339)
	}
	return []string{
		f.ID, f.Text, f.Category, score, size, f.Emoji, f.Label, string(f.Source), f.ContactID, f.ConversationID, f.TeammateID,
		f.TeammateName, f.At.UTC().Format(time.RFC3339), handled, f.HandledBy, strconv.FormatBool(f.Test),
	}
}
