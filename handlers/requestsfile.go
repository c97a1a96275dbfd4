package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/models"
)

// ledgerColumns are the columns of a file of the ledger: the names of the API's rows.
var ledgerColumns = []string{
	"id", "conversation_id", "episode", "closed_at", "state", "reason", "rule", "channel", "method", "sent_at", "rated_at", "score",
	"automatic", "test", "teammate_id", "teammate_name",
}

// requestsFile answers with every row of the ledger that the filter lets through, newest first.
func (s *site) requestsFile(c echo.Context) error {
	f, err := s.ledgerFilterOf(c)
	if err != nil {
		return err
	}
	return sendFile(c, "requests.csv", ledgerTable(s.tenant(c), f.ledger()))
}

// ledgerTable is the rows of the ledger that a filter lets through, newest first.
func ledgerTable(tenant models.Tenant, f models.LedgerFilter) fileTable[models.LedgerRow] {
	return fileTable[models.LedgerRow]{
		columns: ledgerColumns, cells: ledgerCells,
		read: func(ctx context.Context, after *models.LedgerRow) ([]models.LedgerRow, error) {
			if after == nil {
				return tenant.Ledger(ctx, f, nil, fileBatch)
			}
			return tenant.Ledger(ctx, f, &models.Cursor{At: after.At, ID: after.ID}, fileBatch)
		},
	}
}

func ledgerCells(r models.LedgerRow) []string {
	row := requestRowOf(r)
	score := ""
	if r.Score != nil {
		score = strconv.Itoa(*r.Score)
	}
	return []string{
		r.ID, r.ConversationID, strconv.Itoa(r.Episode), timeCell(r.ClosedAt), string(r.State), row.Reason, r.Rule, r.Channel,
		string(r.Method), timeCell(r.SentAt), timeCell(r.RatedAt), score, strconv.FormatBool(r.Automatic), strconv.FormatBool(r.Test),
		r.TeammateID, r.TeammateName,
	}
}

func timeCell(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
