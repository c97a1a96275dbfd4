package models_test

import (
	"errors"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

func addFeedback(t tb, tenant models.Tenant, f models.Feedback) (added bool) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) (err error) { added, err = tx.AddFeedback(f); return err })
	return added
}

func TestFeedbackIsListedAndFiltered(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for _, f := range []models.Feedback{
			{Source: models.FromHome, SourceKey: "1", Text: "The tent is GREEN", ContactID: "c", Score: 4, Scale: 5},
			{Source: models.FromTeammate, SourceKey: "2", Text: "100% wool, not 50_50!", Category: "idea", ContactID: "d", ConversationID: "7", TeammateID: "1"},
			{Source: models.FromTeammate, SourceKey: "3", Text: "Late", Category: "problem", ContactID: "c", ConversationID: "8", TeammateID: "1"},
		} {
			if !addFeedback(t, tenant, f) {
				t.Fatalf("%q was not stored", f.Text)
			}
			if addFeedback(t, tenant, f) {
				t.Errorf("%q was stored twice", f.Text)
			}
			db.Clock.Move(time.Minute)
		}
		all := must(tenant.Feedback(ctx, models.FeedbackFilter{}, nil, 10))(t)
		if len(all) != 3 || all[0].SourceKey != "3" || all[2].SourceKey != "1" {
			t.Fatalf("all are %+v", all)
		}
		write(t, tenant, func(tx *models.Tx) error {
			return errors.Join(tx.HandleFeedback(all[0].ID, "Jane"), tx.HandleFeedback(all[0].ID, "Tomas"))
		})
		for _, c := range []struct {
			name   string
			filter models.FeedbackFilter
			want   string
		}{
			{"all", models.FeedbackFilter{}, "321"},
			{"source", models.FeedbackFilter{Source: models.FromHome}, "1"},
			{"category", models.FeedbackFilter{Category: "idea"}, "2"},
			{"contact", models.FeedbackFilter{Contact: "c"}, "31"},
			{"conversation", models.FeedbackFilter{Conversation: "7"}, "2"},
			{"score", models.FeedbackFilter{Score: 4}, "1"},
			{"open", models.FeedbackFilter{Handled: models.No}, "21"},
			{"handled", models.FeedbackFilter{Handled: models.Yes}, "3"},
			{"text in another case", models.FeedbackFilter{Text: "green"}, "1"},
			{"a text that LIKE would take for more", models.FeedbackFilter{Text: "0% wool, not 50_50!"}, "2"},
			{"a percent sign is one", models.FeedbackFilter{Text: "0%5"}, ""},
			{"an underscore is one", models.FeedbackFilter{Text: "t_e"}, ""},
			{"several", models.FeedbackFilter{Source: models.FromTeammate, Contact: "d", Text: "wool"}, "2"},
		} {
			got := ""
			for after := (*models.Cursor)(nil); ; { // one row at a time: the cursor loses none and repeats none
				page := must(tenant.Feedback(ctx, c.filter, after, 1))(t)
				if len(page) == 0 {
					break
				}
				got += page[0].SourceKey
				after = &models.Cursor{At: page[0].At, ID: page[0].ID}
			}
			if got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
			if n := must(tenant.CountFeedback(ctx, c.filter))(t); int(n) != len(c.want) {
				t.Errorf("%s: counted %d, want %d", c.name, n, len(c.want))
			}
		}
		if again := must(tenant.Feedback(ctx, models.FeedbackFilter{Handled: models.Yes}, nil, 1))(t); again[0].HandledBy != "Jane" {
			t.Errorf("handled by %q", again[0].HandledBy)
		}
		write(t, tenant, func(tx *models.Tx) error { return tx.HandleFeedback(all[0].ID, "") })
		if n := must(tenant.CountFeedback(ctx, models.FeedbackFilter{Handled: models.Yes}))(t); n != 0 {
			t.Errorf("after taking it back %d are handled", n)
		}
	})
}

// Erasing a contact takes the words, who said them, and the subjects of their conversations; a late repetition brings
// nothing back.
func TestErasingTakesFeedback(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		fill(t, tenant, "w")
		write(t, tenant, func(tx *models.Tx) error { return tx.EraseContact("c") })
		all := must(tenant.Feedback(ctx, models.FeedbackFilter{}, nil, 10))(t)
		if len(all) != 1 || all[0].Text+all[0].ContactID != "" {
			t.Errorf("left is %+v", all)
		}
		if addFeedback(t, tenant, models.Feedback{Source: models.FromHome, SourceKey: "new", Text: "again", ContactID: "c"}) {
			t.Error("feedback of an erased contact was stored")
		}
		write(t, tenant, func(tx *models.Tx) error {
			if _, err := tx.HomeLook("c"); !errors.Is(err, models.ErrNotFound) {
				t.Errorf("what Home showed is still there: %v", err)
			}
			return tx.SetSubject("7", "My divorce")
		})
		if c := must(tenant.Conversation(ctx, "7"))(t); c.Subject != "" {
			t.Errorf("the subject is %q", c.Subject)
		}
	})
}

// A look that was not answered stays the same one; it can be used once.
func TestHomeLooks(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		show := func(conversation string) (look models.HomeLook) {
			write(t, tenant, func(tx *models.Tx) (err error) { look, err = tx.ShowHome("c", conversation); return err })
			return look
		}
		use := func(look models.HomeLook) (used bool) {
			write(t, tenant, func(tx *models.Tx) (err error) { used, err = tx.UseHomeLook(look); return err })
			return used
		}
		first := show("7")
		if again := show("7"); again.ID != first.ID {
			t.Error("looking again made another look")
		}
		if !use(first) || use(first) {
			t.Error("a look can be used once")
		}
		second := show("7")
		if second.ID == first.ID || use(first) {
			t.Error("what was used is used again")
		}
		third := show("8")
		if third.ID == second.ID || use(second) || !use(third) {
			t.Error("what is not shown any more can be used")
		}
	})
}

func TestTheLastClosedConversationOfAContact(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		pool := must(db.SQL())(t)
		at := func(id, state string, minute int, contacts ...string) {
			write(t, tenant, func(tx *models.Tx) error {
				c, err := tx.Conversation(id)
				if err != nil {
					return err
				}
				return tx.ReadConversation(c, "chat", contacts)
			})
			statement := `UPDATE conversations SET state = $1, closed_at = $2 WHERE id = $3`
			if _, err := pool.ExecContext(ctx, statement, state, modelstest.Start.Add(time.Duration(minute)*time.Minute), id); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := tenant.LastClosed(ctx, "c"); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("without any: %v", err)
		}
		at("1", "closed", 1, "c")
		at("2", "closed", 2, "c", "d")
		at("3", "open", 3, "c")
		at("4", "closed", 4, "d")
		at("5", "closed", 5, "c")
		write(t, tenant, func(tx *models.Tx) error { return tx.ConversationDeleted("5") })
		for contact, want := range map[string]string{"c": "2", "d": "4"} {
			if got := must(tenant.LastClosed(ctx, contact))(t); got.ID != want {
				t.Errorf("of %s: %s, want %s", contact, got.ID, want)
			}
		}
	})
}
