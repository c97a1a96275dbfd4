package models_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

// One worker at a time writes to a conversation, until it gives the right back or its time is over.
func TestLeases(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		write(t, tenant, func(tx *models.Tx) error { _, err := tx.Conversation("7"); return err })
		lease := func(who string) bool {
			t.Helper()
			return must(tenant.LeaseConversation(ctx, "7", who, time.Minute))(t)
		}
		var taken atomic.Int32
		together(t, 10, func(i int) error {
			ok, err := tenant.LeaseConversation(ctx, "7", fmt.Sprint(i), time.Minute)
			if ok {
				taken.Add(1)
			}
			return err
		})
		if taken.Load() != 1 {
			t.Errorf("%d workers have it at once", taken.Load())
		}
		db.Clock.Move(time.Minute)
		if lease("late") {
			t.Error("it is taken at the very end of the other's time")
		}
		db.Clock.Move(time.Microsecond)
		if !lease("a") || lease("b") {
			t.Error("after the end exactly one gets it")
		}
		if err := tenant.ReleaseConversation(ctx, "7", "b"); err != nil || lease("b") {
			t.Errorf("somebody else gave it back: %v", err)
		}
		if err := tenant.ReleaseConversation(ctx, "7", "a"); err != nil || !lease("b") {
			t.Errorf("given back it is not free: %v", err)
		}
		if must(tenant.LeaseConversation(ctx, "none", "a", time.Minute))(t) {
			t.Error("an unknown conversation is leased")
		}
	})
}

func TestMembership(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		asks := func(want map[string]models.Membership) {
			t.Helper()
			write(t, tenant, func(tx *models.Tx) error {
				conversation, err := tx.Conversation("7")
				for contact, membership := range want {
					if got, err := tx.Membership(conversation, contact); got != membership || err != nil {
						t.Errorf("%s is %d, want %d, %v", contact, got, membership, err)
					}
				}
				return err
			})
		}
		read := func(contacts ...string) {
			write(t, tenant, func(tx *models.Tx) error {
				conversation, err := tx.Conversation("7")
				if err != nil {
					return err
				}
				return tx.ReadConversation(conversation, models.Chat, contacts)
			})
		}
		asks(map[string]models.Membership{"a": models.Unknown, "b": models.Unknown})
		read("a")
		asks(map[string]models.Membership{"a": models.Member, "b": models.Stranger})
		read("b") // a has left, and may still answer
		asks(map[string]models.Membership{"a": models.Member, "b": models.Member, "c": models.Stranger})
	})
}

func TestContactsKeepWhatIsKnown(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for _, c := range []models.Contact{
			{ID: "c", Name: "Ann", Email: "ann@example.com"}, {ID: "c", Role: "user"}, {ID: "c", Name: "Anna", ExternalID: "x"},
		} {
			write(t, tenant, func(tx *models.Tx) error { return tx.SaveContact(c) })
		}
		got := must(tenant.Contacts(ctx, []string{"c", "none"}))(t)
		if c := got["c"]; len(got) != 1 || c.Name != "Anna" || c.Email != "ann@example.com" || c.Role != "user" || c.ExternalID != "x" {
			t.Errorf("kept is %+v", got)
		}
	})
}

// Erasing takes the person and the words, and leaves the counts.
func TestEraseContact(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		fill(t, tenant, "w")
		write(t, tenant, func(tx *models.Tx) error {
			ratings, err := tx.RatingsOf("7")
			if err != nil {
				return err
			}
			_, err = tx.AddRemark(ratings[0].ID, "my words")
			return err
		})
		before := report(t, tenant, always(time.UTC))
		write(t, tenant, func(tx *models.Tx) error { return tx.EraseContact("c") })
		r := must(tenant.RatingsOf(ctx, "7"))(t)[0]
		if r.Remark != "" || r.Score != 1 {
			t.Errorf("left is %+v", r)
		}
		write(t, tenant, func(tx *models.Tx) error {
			_, err := tx.AddRemark(r.ID, "my words again")
			return errors.Join(err, tx.SaveContact(models.Contact{ID: "c", Name: "Mine", Email: "me@example.com"}))
		})
		who, again := must(tenant.Contacts(ctx, []string{"c"}))(t)["c"], must(tenant.RatingsOf(ctx, "7"))(t)[0]
		if who.Name+who.Email+who.ExternalID+again.Remark != "" {
			t.Errorf("learned again are %+v and %q", who, again.Remark)
		}
		if after := report(t, tenant, always(time.UTC)); after.Figures != before.Figures {
			t.Errorf("the figures were %+v, are %+v", before.Figures, after.Figures)
		}
	})
}

// Intercom sends a notification again when our answer was late: it is stored once.
func TestEventsAreStoredOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		var stored atomic.Int32
		send := func(id string) error {
			return tenant.Write(ctx, func(tx *models.Tx) error {
				is, err := tx.AddEvent(models.Event{NotificationID: id, Topic: "conversation.admin.closed"})
				if is {
					stored.Add(1)
				}
				return err
			})
		}
		together(t, 10, func(int) error { return send("n") })
		if stored.Load() != 1 {
			t.Errorf("stored %d times", stored.Load())
		}
		together(t, 3, func(int) error { return send("") }) // without an id nothing says that they are the same
		if stored.Load() != 4 {
			t.Errorf("stored %d in all", stored.Load())
		}
	})
}
