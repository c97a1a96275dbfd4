package models_test

import (
	"regexp"
	"strings"
	"testing"

	"rerate/models"
	"rerate/models/modelstest"
)

// Whatever names a conversation, a contact, a rating or a request is found by it: SQLite must never read all rows of a workspace
// because it has an index of the order that is asked for. It would show in large workspaces only.
func TestOneConversationIsFoundByItsIndex(t *testing.T) {
	db := modelstest.Open(t, models.SQLite)
	rows := fill(t, install(t, db, "theirs"), secret)
	heard := map[string]bool{}
	db.Listen(func(statement string) { heard[statement] = true })
	for _, try := range attempts {
		if try.call != nil {
			call(db.Tenant("theirs"), try, rows)
		}
	}
	var (
		names   = regexp.MustCompile(`\b(conversation_id|contact_id|rating_id|request_id).?\s*(=|IN)\s*\(?["']`)
		all     = regexp.MustCompile(`^SEARCH (ratings|requests|conversations|write_backs|summaries|conversation_contacts|contacts|calls|deliveries) .*\(workspace_id=\?( AND \w+[<>]\?)*\)$`)
		checked = 0
	)
	for statement := range heard {
		if !names.MatchString(statement) || strings.HasPrefix(statement, "INSERT") || strings.Contains(statement, "day BETWEEN") {
			continue // what speaks of a range of days may read it
		}
		checked++
		for _, step := range query(t, db, "EXPLAIN QUERY PLAN "+statement) {
			if all.MatchString(step[3]) {
				t.Errorf("%s\nfor %s", step[3], statement)
			}
		}
	}
	if checked < 90 {
		t.Errorf("only %d statements were looked at", checked)
	}
}

// While Intercom is away much waits to be written, and PostgreSQL has not counted it yet. Each conversation that is brought in line asks
// what waits for itself alone.
func TestWhatWaitsForAConversationIsFoundAmongMuch(t *testing.T) {
	db := modelstest.Open(t, models.Postgres)
	rows := fill(t, install(t, db, "theirs"), secret)
	pool := must(db.SQL())(t)
	for _, statement := range []string{
		copies("conversations", "id = '7'", "'id', 'c' || n"),
		copies("ratings", "id = '"+rows.rating.ID+"'", "'id', 'r' || n, 'conversation_id', 'c' || n, 'source_key', 'k' || n"),
		copies("write_backs", "rating_id = '"+rows.rating.ID+"' AND kind = '"+string(rows.back.Kind)+"'",
			"'rating_id', 'r' || n, 'conversation_id', 'c' || n, 'state', 'waiting', 'due_at', '2026-01-01'"),
	} {
		if _, err := pool.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	var heard []string
	db.Listen(func(statement string) { heard = append(heard, statement) })
	if found := must(db.Tenant("theirs").DueWriteBacks(ctx, "c77"))(t); len(found) != 1 || found[0].RatingID != "r77" {
		t.Fatalf("it finds %+v", found)
	}
	touched := regexp.MustCompile(`(?:rows=|Removed by Filter: |Removed by Join Filter: )(\d+)(?: loops|$)`)
	for _, step := range query(t, db, "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) "+heard[0]) {
		if m := touched.FindStringSubmatch(step[0]); m != nil && len(m[1]) > 1 {
			t.Errorf("it reads %s rows:%s", m[1], step[0])
		}
	}
}

// copies is a statement that makes 3,000 of a row, each with other values.
func copies(table, where, values string) string {
	return "INSERT INTO " + table + " SELECT (jsonb_populate_record(one, jsonb_build_object(" + values + "))).* FROM " + table +
		" AS one, generate_series(1, 3000) AS n WHERE workspace_id = 'theirs' AND " + where
}
