package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/internal/segment"
	"rerate/models"
)

// vips is a segment of contacts whose attribute vip is yes.
func vips() models.Segment {
	return models.Segment{
		Name: "VIPs", Channel: models.InApp, Body: "Hello!\n\nTell us how <we> did.",
		Rules: segment.Rules{Conditions: []segment.Condition{{Field: "attribute", Name: "vip", Operator: "yes"}}},
	}
}

// saved stores a segment and works out who is in it.
func (w *world) saved(s models.Segment) models.Segment {
	w.t.Helper()
	s, err := w.app.service.SaveSegment(w.ctx, w.tenant.Workspace, s, jane)
	w.must(err)
	w.workThrough(s)
	s, err = w.tenant.Segment(w.ctx, s.ID)
	w.must(err)
	return s
}

func (w *world) workThrough(s models.Segment) {
	w.t.Helper()
	w.must(w.app.service.Members(w.ctx, jobs.Members{Workspace: w.tenant.Workspace, Segment: s.ID, Version: s.Version}))
}

// in lists the names of those who are in a segment.
func (w *world) in(s models.Segment) string {
	w.t.Helper()
	ids, err := w.tenant.MembersOf(w.ctx, s.ID, "", 100)
	w.must(err)
	people, err := w.tenant.Contacts(w.ctx, ids)
	w.must(err)
	var names []string
	for _, p := range people {
		names = append(names, strings.Fields(p.Name)[0])
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// vip sets the attribute in Intercom and lets Rerate learn of it.
func (w *world) vip(id string, is bool) {
	w.t.Helper()
	w.must(w.sandbox.UpdateContact(id, func(c *intercomtest.Contact) { c.Attributes["vip"] = is }))
	w.clock.Move(25 * time.Hour)
	w.profile(id)
}

// people lets Rerate learn Sam, Zoë and Omar, who are all users, and answers their ids.
func (w *world) people() (sam, zoe, omar string) {
	w.t.Helper()
	for i, email := range []string{"sam@example.com", "zoe@example.com", "omar@example.com"} {
		c := w.contact(email)
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.SaveContact(models.Contact{ID: c.ID}) }))
		w.profile(c.ID)
		*[]*string{&sam, &zoe, &omar}[i] = c.ID
	}
	return sam, zoe, omar
}

// work runs the messages that are due until nothing is left to do at once; the clock stands still meanwhile.
func (w *world) work(s models.Segment) {
	w.t.Helper()
	w.must(w.app.service.Fill(w.ctx, jobs.Fill{Workspace: w.tenant.Workspace, Segment: s.ID, Version: s.Version, By: jane}))
	w.deliverMessages(s)
}

func (w *world) deliverMessages(s models.Segment) {
	w.t.Helper()
	for _, m := range w.messages(s) {
		if err := w.message(m.ID); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) message(id string) error {
	return w.app.service.Message(w.ctx, jobs.Message{Workspace: w.tenant.Workspace, Message: id})
}

func (w *world) messages(s models.Segment) []models.SegmentMessage {
	w.t.Helper()
	all, err := w.tenant.SegmentMessages(w.ctx, models.MessageFilter{Segment: s.ID}, nil, 100)
	w.must(err)
	slices.Reverse(all)
	return all
}

// outcomes are the states of a segment's messages, oldest first.
func (w *world) outcomes(s models.Segment) string {
	var all []string
	for _, m := range w.messages(s) {
		all = append(all, string(m.State))
	}
	return strings.Join(all, " ")
}

// Who is in a segment follows what is known: at once when something about a contact changes, and by the hour.
func TestSegmentsStayUpToDate(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam, zoe, _ := w.people()
		s := w.saved(vips())
		if got := w.in(s); got != "" {
			t.Errorf("at first there are %q in it", got)
		}
		w.vip(sam, true)
		if got := w.in(s); got != "Sam" {
			t.Errorf("after Sam became one there are %q in it", got)
		}
		w.vip(zoe, true)
		w.vip(sam, false)
		if got := w.in(s); got != "Zoë" {
			t.Errorf("after Sam was one no more there are %q in it", got)
		}
		unseen := vips()
		unseen.Name, unseen.Rules = "Away", segment.Rules{Conditions: []segment.Condition{{Field: "last_seen", Operator: "before_days", Value: "400"}}}
		away := w.saved(unseen)
		if got := w.in(away); got != "" {
			t.Errorf("away are %q", got)
		}
		w.clock.Move(500 * 24 * time.Hour)
		w.must(w.app.service.RefreshSegments(w.ctx, jobs.RefreshSegments{}))
		if n := w.count("SELECT COUNT(*) FROM river_job WHERE kind = 'members' AND state = 'available'"); n < 2 {
			t.Errorf("%d jobs look at everybody", n)
		}
		w.workThrough(away)
		if got := w.in(away); got != "Sam Zoë عمر" {
			t.Errorf("after a long time away are %q", got)
		}
		w.must(w.sandbox.DeleteContact(zoe))
		w.sandbox.Deliver(w.ctx)
		if got := w.in(s) + "," + w.in(away); got != ",Sam عمر" {
			t.Errorf("without Zoë there are %q", got)
		}
		// A new version begins empty and is worked out anew.
		away.Rules.Conditions[0].Value = "3000"
		if again := w.saved(away); again.Version != 2 || w.in(again) != "" {
			t.Errorf("version %d has %q in it", again.Version, w.in(again))
		}
		away.Rules.Conditions[0].Value = "3000"
		if same := w.saved(away); same.Version != 2 {
			t.Errorf("saving the same again made version %d", same.Version)
		}
	})
}

// What Intercom tells of a contact on a day on which it has been asked already is read when it may be asked again, and what is
// read of a company through one of its people holds for the others within the hour.
func TestNewsOfTheSameDayAreReadLater(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam, zoe, _ := w.people()
		s := w.saved(vips())
		for range 2 {
			w.must(w.sandbox.UpdateContact(sam, func(c *intercomtest.Contact) { c.Attributes["vip"] = true }))
			w.sandbox.Deliver(w.ctx)
		}
		w.profile(sam)
		if got := w.in(s); got != "" {
			t.Errorf("Intercom is asked twice on a day: %q", got)
		}
		if n := w.count("SELECT COUNT(*) FROM river_job WHERE kind = 'profile' AND state = 'scheduled'"); n != 1 {
			t.Errorf("%d jobs wait until Intercom may be asked again", n)
		}
		w.clock.Move(24 * time.Hour)
		w.profile(sam)
		if got := w.in(s); got != "Sam" {
			t.Errorf("a day later there are %q in it", got)
		}

		company := w.sandbox.AddCompany(w.tenant.Workspace, intercomtest.Company{Name: "Blue Sun", Plan: "Free"})
		for _, id := range []string{sam, zoe} {
			w.must(w.sandbox.JoinCompany(id, company.ID))
			w.clock.Move(25 * time.Hour)
			w.profile(id)
		}
		paying := vips()
		paying.Name, paying.Rules = "Paying", segment.Rules{Conditions: []segment.Condition{{Field: "plan", Operator: "is", Value: "Pro"}}}
		paying = w.saved(paying)
		w.must(w.sandbox.UpdateCompany(company.ID, func(c *intercomtest.Company) { c.Plan = "Pro" }))
		w.clock.Move(25 * time.Hour)
		w.profile(sam)
		if got := w.in(paying); got != "Sam" {
			t.Errorf("after the company began to pay there are %q in it", got)
		}
		w.workThrough(paying)
		if got := w.in(paying); got != "Sam Zoë" {
			t.Errorf("within the hour there are %q in it", got)
		}
	})
}

// A rating puts its contact into a segment, and so does being asked.
func TestSegmentsKnowRatings(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.people()
		unhappy, asked := vips(), vips()
		unhappy.Rules = segment.Rules{Conditions: []segment.Condition{{Field: "rating", Operator: "is", Value: "negative"}}}
		asked.Rules = segment.Rules{Conditions: []segment.Condition{{Field: "asked", Operator: "within_days", Value: "1"}}}
		u, a := w.saved(unhappy), w.saved(asked)
		id := w.ratedNatively(2)
		w.deliver(id)
		if got := w.in(u) + "," + w.in(a); got != "Sam," {
			t.Errorf("after a bad rating there are %q", got)
		}
		w.tap(w.ask(id), w.sam().ID, 5)
		w.sync(id)
		if got := w.in(u) + "," + w.in(a); got != ",Sam" {
			t.Errorf("after a good one there are %q", got)
		}
	})
}

// By hand all who are in it now get the message, once for each version, however often somebody presses the button.
func TestAMessageToAll(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam, zoe, omar := w.people()
		w.vip(sam, true)
		w.vip(zoe, true)
		s := w.saved(vips())
		for range 2 {
			w.must(w.app.service.SendToAll(w.ctx, w.tenant.Workspace, s.ID, jane))
			w.work(s)
		}
		for id, want := range map[string]int{sam: 1, zoe: 1, omar: 0} {
			if got := w.sandbox.Messages(id); len(got) != want {
				t.Errorf("%s got %d messages", id, len(got))
			}
		}
		got := w.sandbox.Messages(sam)[0]
		if got.Type != "inapp" || got.Admin != jane || !strings.HasPrefix(got.Body, "<p>Hello!</p><p>Tell us how &lt;we&gt; did.</p><p><b>Rate your conversation again</b></p>") ||
			strings.Count(got.Body, baseURL+"/r/") != 5 {
			t.Errorf("the message is %+v", got)
		}
		m := w.messages(s)[0]
		requests, err := w.tenant.RequestsOf(w.ctx, m.ConversationID)
		w.must(err)
		if len(requests) != 1 || requests[0].ID != m.RequestID || requests[0].Method != models.ByMessage || requests[0].State != rating.Sent ||
			requests[0].ContactID != m.ContactID || requests[0].AskedBy != jane || requests[0].Automatic || requests[0].SentAt == nil {
			t.Errorf("the requests are %+v", requests)
		}
		w.sync(m.ConversationID) // Intercom has the conversation
		// The next version is a new message.
		s.Rules.Conditions = append(s.Rules.Conditions, segment.Condition{Field: "role", Operator: "is", Value: "user"})
		s = w.saved(s)
		w.work(s)
		if n := len(w.sandbox.Messages(sam)); n != 2 {
			t.Errorf("by the second version Sam has %d messages", n)
		}
	})
}

// Who enters gets the message by itself, once; who was in before does not, nor does who enters while it is off.
func TestEnteringSendsOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam, zoe, omar := w.people()
		w.vip(sam, true)
		auto := vips()
		auto.Automatic = true
		s := w.saved(auto)
		w.deliverMessages(s)
		for range 3 {
			w.vip(zoe, true)
			w.workThrough(s)
			w.deliverMessages(s)
			w.vip(zoe, false)
		}
		w.must(w.app.service.SetSegment(w.ctx, w.tenant.Workspace, s.ID, false, false))
		w.vip(omar, true)
		w.must(w.app.service.SetSegment(w.ctx, w.tenant.Workspace, s.ID, true, false))
		w.workThrough(s)
		w.deliverMessages(s)
		for id, want := range map[string]int{sam: 0, zoe: 1, omar: 0} {
			if got := len(w.sandbox.Messages(id)); got != want {
				t.Errorf("%s got %d messages, want %d", id, got, want)
			}
		}
		if m := w.messages(s)[0]; !m.Automatic || m.State != models.MessageSent {
			t.Errorf("the message is %+v", m)
		}
	})
}

// Two workers, replays and a restart: still one message for each.
func TestManyWorkersSendOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.stopQueue()
		sam, zoe, omar := w.people()
		auto := vips()
		auto.Automatic = true
		s := w.saved(auto)
		for _, id := range []string{sam, zoe, omar} {
			w.must(w.sandbox.UpdateContact(id, func(c *intercomtest.Contact) { c.Attributes["vip"] = true }))
		}
		w.clock.Move(25 * time.Hour)
		var wg sync.WaitGroup
		for range 4 {
			for _, id := range []string{sam, zoe, omar} {
				wg.Go(func() {
					if err := w.app.service.Profile(w.ctx, jobs.Profile{Workspace: w.tenant.Workspace, Contact: id}); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Go(func() {
				if err := w.app.service.Members(w.ctx, jobs.Members{Workspace: w.tenant.Workspace, Segment: s.ID, Version: s.Version}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for range 4 {
			wg.Go(func() {
				if err := w.app.service.Fill(w.ctx, jobs.Fill{Workspace: w.tenant.Workspace, Segment: s.ID, Version: s.Version, By: jane}); err != nil {
					t.Error(err)
				}
			})
			for _, m := range w.messages(s) {
				wg.Go(func() {
					if err := w.message(m.ID); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		w.restart("RERATE_ADDR", "127.0.0.1:0") // its queue works through all that is left
		w.until("everybody has a message", func() bool {
			return len(w.sandbox.Messages(sam))+len(w.sandbox.Messages(zoe))+len(w.sandbox.Messages(omar)) >= 3
		})
		w.stopQueue()
		w.clock.Move(time.Hour)
		w.deliverMessages(s)
		for _, id := range []string{sam, zoe, omar} {
			if got := len(w.sandbox.Messages(id)); got != 1 {
				t.Errorf("%s got %d messages", id, got)
			}
		}
	})
}

// While one worker looks at everybody, another learns that Sam is a VIP now: he stays in.
func TestWhoEntersMeanwhileStaysIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.Postgres) // SQLite has one writer at a time
	w.stopQueue()
	sam, _, _ := w.people()
	s := w.saved(vips())
	pool, err := w.app.store.SQL()
	w.must(err)
	other, err := pool.BeginTx(w.ctx, nil)
	w.must(err)
	defer func() { _ = other.Rollback() }()
	do := func(statement string, args ...any) {
		_, err := other.ExecContext(w.ctx, statement, args...)
		w.must(err)
	}
	do("LOCK TABLE segment_members")
	looked := make(chan error)
	go func() {
		looked <- w.app.service.Members(w.ctx, jobs.Members{Workspace: w.tenant.Workspace, Segment: s.ID, Version: s.Version})
	}()
	w.within(patience, "the worker waits for the members", func() bool {
		return w.number(`SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND relation = 'segment_members'::regclass
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`) > 0
	})
	do(`UPDATE contacts SET attributes = '{"vip": true}' WHERE id = $1`, sam)
	do("INSERT INTO segment_members (workspace_id, segment_id, contact_id, entered_at) VALUES ($1, $2, $3, now())", w.tenant.Workspace, s.ID, sam)
	w.must(other.Commit())
	w.must(<-looked)
	if got := w.in(s); got != "Sam" {
		t.Errorf("in the segment are %q", got)
	}
}

// Whom a message must not reach is passed over with the reason, and tried again by hand once it may.
func TestWhoIsNotSentTo(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(w *world, sam string)
		channel models.MessageChannel
		why     string
		mend    func(w *world, sam string)
	}{
		"test mode": {
			prepare: func(w *world, _ string) { w.set(func(s *models.Settings) { s.TestMode = true }) }, why: "Test mode is on and this is no test contact.",
			mend: func(w *world, _ string) {
				w.set(func(s *models.Settings) { s.TestContacts = []string{"sam@example.com"} })
			},
		},
		"suppression": {
			prepare: func(w *world, _ string) {
				w.set(func(s *models.Settings) { s.Ask.SuppressionDays = 30 })
				w.ask(w.solved())
				w.sync(w.sandbox.ConversationsOf(w.sam().ID)[0].ID)
			}, why: "The customer was asked not long ago.",
			mend: func(w *world, _ string) { w.clock.Move(31 * 24 * time.Hour) },
		},
		"unsubscribed": {
			prepare: func(w *world, sam string) {
				w.must(w.sandbox.UpdateContact(sam, func(c *intercomtest.Contact) { c.Unsubscribed = true }))
				w.vip(sam, true)
			}, channel: models.ByEmail, why: "The contact does not want e-mails, or none arrive.",
		},
		"no address": {
			prepare: func(w *world, sam string) {
				w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.SaveContact(models.Contact{ID: sam}) }))
				if _, err := w.exec("UPDATE contacts SET email = '' WHERE id = '" + sam + "'"); err != nil {
					w.t.Fatal(err)
				}
			}, channel: models.ByEmail, why: "The contact has no e-mail address.",
		},
		"archived": {
			prepare: func(w *world, sam string) {
				w.must(w.sandbox.ArchiveContact(sam))
				w.sandbox.Deliver(w.ctx)
			}, why: "The contact is not there any more.",
		},
		"left": {
			prepare: func(w *world, sam string) { w.vip(sam, false) }, why: "The contact left the segment before it was sent.",
			mend: func(w *world, sam string) { w.vip(sam, true) },
		},
		"deleted segment": {
			prepare: func(w *world, _ string) {
				all, err := w.tenant.Segments(w.ctx)
				w.must(err)
				w.must(w.app.service.DeleteSegment(w.ctx, w.tenant.Workspace, all[0].ID))
			}, why: "The segment was deleted before it was sent.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				sam, _, _ := w.people()
				w.vip(sam, true)
				s := vips()
				if c.channel == models.ByEmail {
					s.Channel, s.Subject = models.ByEmail, "How was it?"
				}
				s = w.saved(s)
				w.must(w.app.service.Fill(w.ctx, jobs.Fill{Workspace: w.tenant.Workspace, Segment: s.ID, Version: s.Version, By: jane}))
				c.prepare(w, sam)
				w.deliverMessages(s)
				if m := w.messages(s)[0]; m.State != models.MessageSkipped || m.Detail != c.why || m.DoneAt == nil {
					t.Fatalf("the message is %+v", m)
				}
				if c.mend == nil {
					return
				}
				c.mend(w, sam)
				w.work(s)
				if n := len(w.sandbox.Messages(sam)); n != 1 {
					t.Errorf("afterwards Sam has %d messages: %+v", n, w.messages(s))
				}
			})
		})
	}
}

// However Intercom fails, the message is sent once and never twice.
func TestMessagesThroughFailures(t *testing.T) {
	for name, c := range map[string]struct {
		fault intercomtest.Fault
		first models.MessageState // after the first attempt
	}{
		"down":             {intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusServiceUnavailable}, models.MessageBegun},
		"down, after work": {intercomtest.Fault{Kind: intercomtest.Fail, AfterWork: true}, models.MessageBegun},
		"reset":            {intercomtest.Fault{Kind: intercomtest.Reset}, models.MessageBegun},
		"reset after work": {intercomtest.Fault{Kind: intercomtest.Reset, AfterWork: true}, models.MessageBegun},
		"limited":          {intercomtest.Fault{Kind: intercomtest.RateLimit}, models.MessageWaiting},
		"refused":          {intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusForbidden}, models.MessageFailed},
		"not yet known":    {intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusNotFound}, models.MessageFailed},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				sam, _, _ := w.people()
				w.vip(sam, true)
				s := w.saved(vips())
				w.must(w.app.service.Fill(w.ctx, jobs.Fill{Workspace: w.tenant.Workspace, Segment: s.ID, Version: s.Version, By: jane}))
				c.fault.Path, c.fault.Times = "/messages", 1
				w.sandbox.Misbehave(c.fault)
				id := w.messages(s)[0].ID
				err := w.message(id)
				if m := w.messages(s)[0]; m.State != c.first || m.Detail == "" || (c.first == models.MessageFailed) != (err == nil) {
					t.Fatalf("after the first attempt %+v, %v", m, err)
				}
				if c.first == models.MessageFailed {
					_, err := w.app.service.RetryMessage(w.ctx, w.tenant.Workspace, id)
					w.must(err)
				}
				for range 30 { // minutes
					w.clock.Move(time.Minute)
					var later jobs.Later
					if err := w.message(id); err != nil && !errors.As(err, &later) {
						t.Fatal(err)
					}
				}
				if got := w.outcomes(s); got != "sent" || len(w.sandbox.Messages(sam)) != 1 {
					t.Errorf("in the end it is %s, and Sam has %d messages", got, len(w.sandbox.Messages(sam)))
				}
				if n := w.count("SELECT COUNT(*) FROM requests WHERE method = 'message'"); n != 1 {
					t.Errorf("there are %d requests", n)
				}
			}, func(o *intercomtest.Options) { o.Quirks.SearchLag = 5 * time.Minute })
		})
	}
}

// A worker that dies in the middle of an attempt leaves a message that is looked for before it is sent again.
func TestAWorkerDiesWhileItSends(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam, _, _ := w.people()
		w.vip(sam, true)
		s := w.saved(vips())
		w.work(s)
		// As if the answer had never been stored: the message is in Intercom, the attempt is open.
		m := w.messages(s)[0]
		if _, err := w.exec("UPDATE segment_messages SET state = 'begun', conversation_id = '', message_id = '', done_at = NULL"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.exec("DELETE FROM requests"); err != nil {
			t.Fatal(err)
		}
		w.clock.Move(5 * time.Minute)
		w.must(w.app.service.CatchUp(w.ctx, jobs.CatchUp{}))
		w.must(w.message(m.ID))
		if got := w.messages(s)[0]; got.State != models.MessageSent || got.ConversationID != m.ConversationID || len(w.sandbox.Messages(sam)) != 1 {
			t.Errorf("the message is %+v, and Sam has %d", got, len(w.sandbox.Messages(sam)))
		}
		if n := w.count(fmt.Sprintf("SELECT COUNT(*) FROM requests WHERE id = '%s'", m.RequestID)); n != 1 {
			t.Errorf("there are %d requests", n)
		}
	})
}

// Nothing is sent during a pause; afterwards all that waited is.
func TestAPauseHoldsMessagesBack(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam, _, _ := w.people()
		w.vip(sam, true)
		s := w.saved(vips())
		w.must(w.app.service.SetSegment(w.ctx, w.tenant.Workspace, s.ID, false, true))
		w.work(s)
		w.clock.Move(time.Hour)
		w.must(w.app.service.CatchUp(w.ctx, jobs.CatchUp{}))
		if got := w.outcomes(s); got != "waiting" || len(w.sandbox.Messages(sam)) != 0 {
			t.Errorf("during the pause it is %s", got)
		}
		w.must(w.app.service.SetSegment(w.ctx, w.tenant.Workspace, s.ID, false, false))
		w.must(w.app.service.Release(w.ctx, jobs.Release{Workspace: w.tenant.Workspace, Segment: s.ID}))
		if n := w.count("SELECT COUNT(*) FROM river_job WHERE kind = 'message'"); n != 1 {
			t.Errorf("%d jobs send the message", n)
		}
		w.deliverMessages(s)
		if got := w.outcomes(s); got != "sent" {
			t.Errorf("after the pause it is %s", got)
		}
	})
}

// A test ask is marked, so that its rating is in no figure.
func TestAMessageInTestMode(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam, _, _ := w.people()
		w.vip(sam, true)
		w.set(func(s *models.Settings) { s.TestMode, s.TestContacts = true, []string{sam} })
		s := w.saved(vips())
		w.work(s)
		if n := w.count("SELECT COUNT(*) FROM requests WHERE method = 'message' AND test"); n != 1 {
			t.Errorf("%d requests are marked", n)
		}
	})
}

// The whole way with the queue at work: an event in Intercom, the contact enters, gets an e-mail.
func TestTheQueueSendsToWhoEnters(t *testing.T) {
	eachWorld(t, func(w *world) {
		auto := vips()
		auto.Automatic, auto.Channel, auto.Subject = true, models.ByEmail, "How was it?"
		w.saved(auto)
		sam := w.sam().ID
		w.must(w.sandbox.UpdateContact(sam, func(c *intercomtest.Contact) { c.Attributes["vip"] = true }))
		w.solvedKnown()
		w.until("Sam has the e-mail", func() bool { return len(w.sandbox.Messages(sam)) == 1 })
		if got := w.sandbox.Messages(sam)[0]; got.Type != "email" || got.Subject != "How was it?" || got.Conversation == "" {
			t.Errorf("the message is %+v", got)
		}
	})
}
