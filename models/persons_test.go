package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

// What segments ask of a contact is found through the conversations in which they take part, newest first, and whoever
// asks for a few contacts does not go through all conversations.
func TestPeopleAreKnownByTheirConversations(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for i, score := range []int{5, 1, 3} {
			db.Clock.Move(24 * time.Hour)
			write(t, tenant, func(tx *models.Tx) error {
				c, err := tx.Conversation(fmt.Sprint(100 + i))
				if err != nil {
					return err
				}
				if err := tx.SaveContact(models.Contact{ID: "a"}); err != nil {
					return err
				}
				if err := tx.ReadConversation(c, models.Chat, []string{"a", "b"}); err != nil {
					return err
				}
				if _, err := tx.SendRequest(c, models.ByCard, 1, yes); err != nil {
					return err
				}
				r := answer(c.ID, "a", c.ID, score, time.Duration(i)*24*time.Hour)
				_, _, err = tx.AddRating(r)
				return err
			})
		}
		people := must(tenant.PeopleAfter(ctx, "", 10, everything))(t)
		if len(people) != 1 || people[0].Person.Rating != "neutral" || !people[0].Person.AskedAt.Equal(db.Clock.Now()) {
			t.Errorf("known are %+v", people)
		}
		write(t, tenant, func(tx *models.Tx) error {
			for since, want := range map[time.Duration]bool{-time.Second: true, 0: false} {
				if got, err := tx.AskedSince("a", tx.Now.Add(since)); err != nil || got != want {
					t.Errorf("asked since %s: %v, %v", since, got, err)
				}
			}
			return nil
		})
		if db.Dialect() != models.SQLite {
			return
		}
		plan := query(t, db, `EXPLAIN QUERY PLAN SELECT m.contact_id FROM contacts AS c
			CROSS JOIN conversation_contacts AS m INDEXED BY conversations_of_contact CROSS JOIN requests AS r
			WHERE c.workspace_id = 'w' AND c.id IN ('a') AND m.workspace_id = c.workspace_id AND m.contact_id = c.id
			AND r.workspace_id = m.workspace_id AND r.conversation_id = m.conversation_id AND COALESCE(r.contact_id, '') IN ('', m.contact_id)`)
		if !slices.ContainsFunc(plan, func(row []string) bool {
			return strings.Contains(row[3], "conversations_of_contact (workspace_id=? AND contact_id=?)")
		}) {
			t.Errorf("SQLite looks like this: %v", plan)
		}
	})
}
