package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/models"
)

// ratingColumns are the columns of a file of ratings: the names of the API's rows.
var ratingColumns = []string{
	"id", "conversation_id", "contact_id", "score", "emoji", "label", "remark", "change", "previous_score", "at", "source",
	"channel", "teammate_id", "teammate_name", "valid", "why_not", "integrity", "doubt", "what_changed", "handled_at", "handled_by",
}

// ratingsFile answers with every rating that the filter lets through, newest first.
func (s *site) ratingsFile(c echo.Context) error {
	f, err := s.filterOf(c)
	if err != nil {
		return err
	}
	return sendFile(c, "ratings.csv", ratingsTable(s.tenant(c), f.rows))
}

// ratingsTable is the ratings that a filter lets through, newest first.
func ratingsTable(tenant models.Tenant, f models.RatingFilter) fileTable[models.Rating] {
	return fileTable[models.Rating]{
		columns: ratingColumns, cells: ratingCells,
		read: func(ctx context.Context, after *models.Rating) ([]models.Rating, error) {
			if after == nil {
				return tenant.Ratings(ctx, f, nil, fileBatch)
			}
			return tenant.Ratings(ctx, f, &models.Cursor{At: after.At, ID: after.ID}, fileBatch)
		},
	}
}

func ratingCells(r models.Rating) []string {
	previous := ""
	if r.PreviousScore != nil {
		previous = strconv.Itoa(*r.PreviousScore)
	}
	handled := ""
	if r.HandledAt != nil {
		handled = r.HandledAt.UTC().Format(time.RFC3339)
	}
	return []string{
		r.ID, r.ConversationID, r.ContactID, strconv.Itoa(r.Score), r.Emoji, r.Label, r.Remark, string(r.Change), previous,
		r.At.UTC().Format(time.RFC3339), string(r.Source), r.Channel, r.TeammateID, r.TeammateName,
		strconv.FormatBool(r.Valid()), string(r.WhyNot), string(r.Integrity), r.Doubt, r.WhatChanged, handled, r.HandledBy,
	}
}
