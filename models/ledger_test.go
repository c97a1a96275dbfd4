package models_test

import (
	"strings"
	"testing"

	"rerate/models"
	"rerate/models/modelstest"
)

// SQLite once went through all ratings of the workspace for each row of the ledger, by the index that has them in order.
func TestTheAnswerToARequestIsFoundByTheRequest(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		if db.Dialect() != models.SQLite {
			t.Skip("PostgreSQL plans by what is in the tables")
		}
		plan := query(t, db, `EXPLAIN QUERY PLAN SELECT a.score FROM ratings AS a WHERE a.workspace_id = 'w' AND a.request_id = 'r'
			AND a.why_not NOT IN ('undone', 'suspect') ORDER BY a.at DESC, a.id DESC LIMIT 1`)
		if len(plan) != 1 || !strings.Contains(plan[0][3], "ratings_of_request (workspace_id=? AND request_id=?)") {
			t.Errorf("SQLite looks like this: %v", plan)
		}
	})
}
