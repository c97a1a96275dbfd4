package handlers

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/models"
)

// fileBatch is how many ratings are read at a time for a file.
const fileBatch = 500

// ratingColumns are the columns of a file of ratings: the names of the API's rows.
var ratingColumns = []string{
	"id", "conversation_id", "contact_id", "score", "emoji", "label", "remark", "change", "previous_score", "at", "source",
	"channel", "teammate_id", "teammate_name", "valid", "why_not",
}

// ratingsFile answers with every rating that the filter lets through as a CSV file, newest first. When the database
// fails half-way the connection breaks off, so that nobody takes a part for the whole.
func (s *site) ratingsFile(c echo.Context) error {
	ctx := c.Request().Context()
	f, err := s.filterOf(c)
	if err != nil {
		return err
	}
	batch, err := s.tenant(c).Ratings(ctx, f.rows, nil, fileBatch)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="ratings.csv"`)
	c.Response().WriteHeader(http.StatusOK)
	if err := writeRatings(ctx, c.Response(), s.tenant(c), f.rows, batch); err != nil {
		note(c, err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// writeRatings writes a batch and all that come after it. It never holds more than a batch in memory.
func writeRatings(ctx context.Context, to io.Writer, tenant models.Tenant, f models.RatingFilter, batch []models.Rating) error {
	out := csv.NewWriter(to)
	if err := out.Write(ratingColumns); err != nil {
		return err
	}
	for len(batch) > 0 {
		for _, r := range batch {
			if err := out.Write(ratingCells(r)); err != nil {
				return err
			}
		}
		out.Flush()
		if err := out.Error(); err != nil {
			return err
		}
		last := batch[len(batch)-1]
		var err error
		if batch, err = tenant.Ratings(ctx, f, &models.Cursor{At: last.At, ID: last.ID}, fileBatch); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func ratingCells(r models.Rating) []string {
	previous := ""
	if r.PreviousScore != nil {
		previous = strconv.Itoa(*r.PreviousScore)
	}
	cells := []string{
		r.ID, r.ConversationID, r.ContactID, strconv.Itoa(r.Score), r.Emoji, r.Label, r.Remark, string(r.Change), previous,
		r.At.UTC().Format(time.RFC3339), string(r.Source), r.Channel, r.TeammateID, r.TeammateName,
		strconv.FormatBool(r.Valid()), string(r.WhyNot),
	}
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	return cells
}

// harmless puts an apostrophe before what a spreadsheet would run as a formula.
func harmless(cell string) string {
	if strings.HasPrefix(cell, "'") || cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
