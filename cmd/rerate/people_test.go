package main

import (
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/models"
)

// person is a contact as it is stored.
func (w *world) person(id string) models.Contact {
	w.t.Helper()
	people, err := w.tenant.Contacts(w.ctx, []string{id})
	w.must(err)
	return people[id]
}

// profile runs the job that asks Intercom for everything about a contact.
func (w *world) profile(id string) {
	w.t.Helper()
	w.must(w.app.service.Profile(w.ctx, jobs.Profile{Workspace: w.tenant.Workspace, Contact: id}))
}

// asked counts the calls of a path of Intercom's.
func (w *world) asked(path string) (n int) {
	for _, call := range w.sandbox.Calls() {
		if got, _, _ := strings.Cut(call.Path, "?"); call.Incoming && got == path {
			n++
		}
	}
	return n
}

// customerOfBlueSun makes Sam known to the sandbox with all that Intercom may know.
func (w *world) customerOfBlueSun() intercomtest.Contact {
	w.t.Helper()
	sam := w.sam()
	w.must(w.sandbox.UpdateContact(sam.ID, func(c *intercomtest.Contact) {
		c.Attributes = map[string]any{"seats": 12, "vip": true, "tier": "gold", "order": map[string]any{"type": "Order"}}
		c.SeenAt, c.Locale, c.City, c.Country, c.Companies = w.clock.Now().Add(-time.Hour), "fr", "Lyon", "France", nil
	}))
	for _, company := range []intercomtest.Company{
		{Name: "Blue Sun", Plan: "Pro", Size: 40, Attributes: map[string]any{"trial": false}}, {Name: "Aspen"},
	} {
		w.must(w.sandbox.JoinCompany(sam.ID, w.sandbox.AddCompany(w.tenant.Workspace, company).ID))
	}
	for range 3 {
		w.must(w.sandbox.TrackEvent(sam.ID, "placed-order", nil))
	}
	w.sandbox.Deliver(w.ctx)
	return sam
}

// A conversation's webhook is enough for Rerate to learn everything about who takes part, and it asks once a day.
func TestAConversationLeadsToItsPeople(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.customerOfBlueSun()
		id := w.solvedKnown()
		if n := w.count("SELECT COUNT(*) FROM river_job WHERE kind = 'profile'"); n != 1 {
			t.Fatalf("%d jobs for one contact", n)
		}
		w.profile(sam.ID)
		got := w.person(sam.ID)
		if got.Role != "user" || got.Email != sam.Email || got.Name != sam.Name || got.Locale != "fr" || got.Location != "Lyon, France" || got.SignedUpAt == nil ||
			got.LastSeenAt == nil || !got.LastSeenAt.Equal(w.sandboxSeen(sam.ID)) || got.Unsubscribed {
			t.Errorf("the contact is %+v", got)
		}
		if len(got.Attributes) != 3 || got.Attributes["seats"] != 12.0 || got.Attributes["vip"] != true || got.Attributes["tier"] != "gold" {
			t.Errorf("the attributes are %v", got.Attributes)
		}
		companies, err := w.tenant.CompaniesOf(w.ctx, sam.ID)
		w.must(err)
		if all := companies[sam.ID]; len(all) != 2 || all[0].Name != "Aspen" || all[1].Plan != "Pro" || all[1].Size != 40 || all[1].Attributes["trial"] != false {
			t.Errorf("the companies are %+v", all)
		}
		events, err := w.tenant.EventsOf(w.ctx, sam.ID)
		w.must(err)
		if all := events[sam.ID]; len(all) != 1 || all[0].Name != "placed-order" || all[0].Count != 3 || all[0].LastAt == nil {
			t.Errorf("the events are %+v", all)
		}
		w.sync(id)
		w.profile(sam.ID)
		w.customerReply(id)
		w.sandbox.Deliver(w.ctx)
		w.profile(sam.ID)
		if n := w.asked("/contacts/" + sam.ID); n != 1 {
			t.Errorf("Intercom was asked %d times on one day", n)
		}
		w.clock.Move(24 * time.Hour)
		w.must(w.sandbox.UpdateContact(sam.ID, func(c *intercomtest.Contact) { c.Companies, c.Attributes = c.Companies[:1], nil }))
		w.profile(sam.ID)
		if n := w.asked("/contacts/" + sam.ID); n != 2 {
			t.Errorf("Intercom was asked %d times on two days", n)
		}
		if n := w.count("SELECT COUNT(*) FROM companies"); n != 1 || len(w.person(sam.ID).Attributes) != 0 {
			t.Errorf("%d companies are left, and the attributes %v", n, w.person(sam.ID).Attributes)
		}
	})
}

func (w *world) sandboxSeen(id string) time.Time {
	c, _ := w.sandbox.Contact(id)
	return c.SeenAt.Truncate(time.Second)
}

// The queue works these jobs beside the others.
func TestTheQueueLearnsPeople(t *testing.T) {
	eachWorld(t, func(w *world) {
		sam := w.customerOfBlueSun()
		w.solvedKnown()
		w.until("Intercom was asked for Sam's events", func() bool { return w.asked("/events") == 1 })
		if w.asked("/contacts/"+sam.ID) != 1 || w.asked("/contacts/"+sam.ID+"/companies") != 1 {
			t.Error("it was not asked for the contact and the companies")
		}
	})
}

// However many workers are given the same contact at once, Intercom is asked once.
func TestTwoWorkersAskOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.stopQueue()
		sam := w.customerOfBlueSun()
		w.sync(w.solvedKnown())
		w.sandbox.ForgetCalls()
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if err := w.app.service.Profile(w.ctx, jobs.Profile{Workspace: w.tenant.Workspace, Contact: sam.ID}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := w.asked("/contacts/" + sam.ID); n != 1 {
			t.Errorf("Intercom was asked %d times", n)
		}
	})
}

// solvedKnown is a solved conversation that webhooks told of.
func (w *world) solvedKnown() string {
	w.t.Helper()
	id := w.solved()
	w.sandbox.Deliver(w.ctx)
	return id
}

// Merged, archived and deleted contacts lose what Intercom knew of them; the one that took a place is learned.
func TestPeopleWhoAreNotThereAnyMore(t *testing.T) {
	for name, gone := range map[string]struct {
		act    func(w *world, sam, zoe string) error
		erased bool
		tells  bool // by webhook; otherwise the next look finds it
		into   bool
	}{
		"merged":                  {act: func(w *world, sam, zoe string) error { return w.sandbox.MergeContact(sam, zoe) }, tells: true, into: true},
		"merged, webhook lost":    {act: func(w *world, sam, zoe string) error { return w.sandbox.MergeContact(sam, zoe) }, into: true},
		"archived":                {act: func(w *world, sam, _ string) error { return w.sandbox.ArchiveContact(sam) }, tells: true},
		"deleted":                 {act: func(w *world, sam, _ string) error { return w.sandbox.DeleteContact(sam) }, tells: true, erased: true},
		"deleted, webhook lost":   {act: func(w *world, sam, _ string) error { return w.sandbox.DeleteContact(sam) }},
		"deleted, webhooks twice": {act: func(w *world, sam, _ string) error { return w.sandbox.DeleteContact(sam) }, tells: true, erased: true},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				sam, zoe := w.customerOfBlueSun(), w.contact("zoe@example.com")
				w.solvedKnown()
				w.profile(sam.ID)
				if w.count("SELECT COUNT(*) FROM contact_events") != 1 {
					t.Fatal("nothing was learned")
				}
				kind := intercomtest.Lose
				if gone.tells {
					kind = intercomtest.Twice
				}
				w.sandbox.MisbehaveWebhooks(intercomtest.WebhookFault{Kind: kind})
				w.must(gone.act(w, sam.ID, zoe.ID))
				w.sandbox.Deliver(w.ctx)
				if !gone.tells {
					w.clock.Move(24 * time.Hour)
					w.profile(sam.ID)
				}
				got := w.person(sam.ID)
				if (got.ErasedAt != nil) != gone.erased || (!gone.erased && got.GoneAt == nil) || got.Locale+got.Location != "" || len(got.Attributes) != 0 {
					t.Errorf("the contact is %+v", got)
				}
				for _, table := range []string{"contact_companies", "contact_events", "companies"} {
					if n := w.count("SELECT COUNT(*) FROM " + table); n != 0 {
						t.Errorf("%d %s are left", n, table)
					}
				}
				if !gone.into {
					return
				}
				if got.MergedInto != zoe.ID {
					t.Errorf("merged into %q", got.MergedInto)
				}
				w.profile(zoe.ID)
				if w.person(zoe.ID).Locale != "fr" || w.person(zoe.ID).Name != zoe.Name {
					t.Errorf("who took the place is %+v", w.person(zoe.ID))
				}
			})
		})
	}
}

// An archived contact that comes back is learned anew, on the same day.
func TestAnUnarchivedContactComesBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.customerOfBlueSun()
		w.solvedKnown()
		w.profile(sam.ID)
		w.must(w.sandbox.ArchiveContact(sam.ID))
		w.sandbox.Deliver(w.ctx)
		if w.person(sam.ID).GoneAt == nil {
			t.Error("an archived contact is there")
		}
		w.must(w.sandbox.UnarchiveContact(sam.ID))
		w.sandbox.Deliver(w.ctx)
		w.profile(sam.ID)
		if got := w.person(sam.ID); got.GoneAt != nil || got.Locale != "fr" {
			t.Errorf("the contact is %+v", got)
		}
	})
}

// Whatever comes late, nothing of an erased contact is stored again.
func TestAnErasedContactStaysForgotten(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.customerOfBlueSun()
		id := w.solved()
		created := w.sandbox.Deliver(w.ctx)
		w.profile(sam.ID)
		w.must(w.sandbox.DeleteContact(sam.ID))
		w.sandbox.Deliver(w.ctx)
		w.clock.Move(25 * time.Hour)
		w.forward(created[0], `"notif_`, `"late_`)
		w.sync(id)
		w.profile(sam.ID)
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
			return tx.SaveProfile(models.Profile{
				Contact: models.Contact{ID: sam.ID, Name: "Sam", Locale: "fr", Location: "Lyon"}, Companies: []models.Company{{ID: "c1", Name: "Blue Sun"}},
				Events: []models.ContactEvent{{Name: "placed-order"}},
			})
		}))
		if got := w.person(sam.ID); got.Name != "" || got.Locale+got.Location != "" || len(got.Attributes) != 0 || got.ErasedAt == nil {
			t.Errorf("the contact is %+v", got)
		}
		if n := w.count("SELECT COUNT(*) FROM contact_companies") + w.count("SELECT COUNT(*) FROM contact_events"); n != 0 {
			t.Errorf("%d rows about an erased contact", n)
		}
	})
}

// A refusal of one call leaves the others; what may pass is tried again; calls that are nearly used up are left alone.
func TestIntercomDoesNotTellEverything(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.customerOfBlueSun()
		w.solvedKnown()
		profile := jobs.Profile{Workspace: w.tenant.Workspace, Contact: sam.ID}
		for _, fault := range []intercomtest.Fault{
			{Kind: intercomtest.Fail, Path: "/contacts/*", Times: 1}, {Kind: intercomtest.Fail, Path: "/contacts/*/companies", Times: 1},
		} {
			w.sandbox.Misbehave(fault)
			if err := w.app.service.Profile(w.ctx, profile); err == nil {
				t.Error("a failure that may pass is not tried again")
			}
		}
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.RateLimit, Path: "/events", Times: 1})
		var later jobs.Later
		if err := w.app.service.Profile(w.ctx, profile); !errors.As(err, &later) || later.Pause <= 0 {
			t.Errorf("after a 429: %v", err)
		}
		if err := w.app.service.Profile(w.ctx, profile); !errors.As(err, &later) {
			t.Errorf("within the window: %v", err)
		}
		if w.person(sam.ID).ProfileAt != nil {
			t.Error("half a profile was stored")
		}
		w.clock.Move(time.Minute)
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusForbidden, Path: "/events"})
		w.profile(sam.ID)
		if got := w.person(sam.ID); got.ProfileAt == nil || got.Locale != "fr" {
			t.Errorf("without the events the contact is %+v", got)
		}
		companies, err := w.tenant.CompaniesOf(w.ctx, sam.ID)
		w.must(err)
		if !slices.ContainsFunc(companies[sam.ID], func(c models.Company) bool { return c.Name == "Blue Sun" }) {
			t.Errorf("the companies are %+v", companies)
		}
	})
}

// exec changes rows behind the program's back.
func (w *world) exec(statement string) (sql.Result, error) {
	db, err := w.app.store.SQL()
	w.must(err)
	return db.ExecContext(w.ctx, statement)
}
