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
