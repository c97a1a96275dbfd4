package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/models"
	"rerate/models/modelstest"
)

// look runs the poll once and answers the pause that it asks for, if any.
func (w *world) look() (again time.Duration) {
	w.t.Helper()
	err := w.app.service.Poll(w.ctx, jobs.Poll{Workspace: w.tenant.Workspace})
	var later jobs.Later
	if errors.As(err, &later) {
		return later.Pause
	}
	w.must(err)
	return 0
}

// lookAll runs the poll until it has come to its end.
func (w *world) lookAll() (runs int) {
	w.t.Helper()
	for runs = 1; ; runs++ {
		pause := w.look()
		if pause == 0 {
			return runs
		}
		if runs > 50 {
			w.t.Fatal("the poll never ends")
		}
		w.clock.Move(pause)
	}
}

// put lists the conversations for which a Sync was put in since syncAll or dropJobs, oldest first.
func (w *world) put() []string {
	w.t.Helper()
	db, err := w.app.store.SQL()
	w.must(err)
	rows, err := db.QueryContext(w.ctx, "SELECT args FROM river_job WHERE kind = 'sync' ORDER BY id")
	w.must(err)
	defer rows.Close()
	ids := []string{}
	for rows.Next() {
		var raw []byte
		var job jobs.Sync
		w.must(rows.Scan(&raw))
		w.must(json.Unmarshal(raw, &job))
		ids = append(ids, job.Conversation)
	}
	w.must(rows.Err())
	return ids
}

// syncAll runs every Sync that waits, and answers how many there were.
func (w *world) syncAll() int {
	w.t.Helper()
	ids := w.put()
	w.dropJobs()
	for _, id := range ids {
		w.sync(id)
	}
	return len(ids)
}

func (w *world) dropJobs() {
	w.t.Helper()
	db, err := w.app.store.SQL()
	w.must(err)
	_, err = db.ExecContext(w.ctx, "DELETE FROM river_job WHERE kind = 'sync'")
	w.must(err)
}

// searches counts the pages that were asked for.
func (w *world) searches() (n int) {
	for _, call := range w.sandbox.Calls() {
		if call.Path == "/conversations/search" {
			n++
		}
	}
	return n
}

// known is what is stored of a conversation, in short.
func (w *world) known(id string) string {
	w.t.Helper()
	c, err := w.tenant.Conversation(w.ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		return "unknown"
	}
	w.must(err)
	people, err := w.tenant.ContactsOf(w.ctx, id)
	w.must(err)
	return fmt.Sprint(w.told(id), "; remarks ", w.remarks(id), "; ", len(people), " people; channel ", c.Channel)
}

func (w *world) remarks(id string) (n int) {
	for _, r := range w.ratings(id) {
		if r.Remark != "" {
			n++
		}
	}
	return n
}

// What no webhook told, the poll finds: it alone leads to the same as all webhooks, and to nothing more when both come,
// twice or backwards.
func TestThePollFindsWhatNoWebhookTold(t *testing.T) {
	type stage struct {
		what string
		live func(w *world, id string)
	}
	stages := []stage{
		{"a close", func(*world, string) {}},
		{"a rating of Intercom's own", func(w *world, id string) {
			_, err := w.sandbox.RequestNativeRating(id)
			w.must(err)
			w.must(w.sandbox.RateNatively(id, w.sam().ID, 2, ""))
		}},
		{"another score", func(w *world, id string) { w.must(w.sandbox.RateNatively(id, w.sam().ID, 4, "")) }},
		{"a remark much later", func(w *world, id string) {
			w.clock.Move(40 * time.Hour)
			w.must(w.sandbox.RateNatively(id, w.sam().ID, 4, "Dry at last."))
		}},
		{"another close", func(w *world, id string) {
			w.customerReply(id)
			w.reply(id, tomas)
			w.step(func() error { _, err := w.sandbox.Close(id, tomas); return err })
		}},
	}
	faults := map[string]*intercomtest.WebhookFault{
		"all delivered": nil, "all lost": {Kind: intercomtest.Lose}, "twice": {Kind: intercomtest.Twice}, "backwards": {Kind: intercomtest.Backwards},
	}
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		want := map[string]string{}
		for _, name := range []string{"all delivered", "all lost", "twice", "backwards"} {
			t.Run(name, func(t *testing.T) {
				w := newWorld(t, dialect)
				w.byHand()
				w.lookAll()
				w.dropJobs()
				if fault := faults[name]; fault != nil {
					w.sandbox.MisbehaveWebhooks(*fault)
				}
				id := w.solved()
				for _, s := range stages {
					s.live(w, id)
					w.clock.Move(time.Minute)
					w.sandbox.DeliverNow(w.ctx)
					w.syncAll()
					w.clock.Move(5 * time.Minute)
					w.lookAll()
					w.syncAll()
					got := w.known(id)
					if name == "all delivered" {
						want[s.what] = got
					}
					if got != want[s.what] {
						t.Errorf("%s, after %s: %s, want %s", name, s.what, got, want[s.what])
					}
				}
				if got := want["a remark much later"]; got != "intercom 2 first, intercom 4 better; remarks 1; 1 people; channel chat" {
					t.Errorf("with all webhooks it is %s", got)
				}
				w.clock.Move(time.Hour)
				w.lookAll()
				if put := w.put(); len(put) != 0 {
					t.Errorf("%s: though nothing has changed, the poll puts in %v", name, put)
				}
			})
		}
	})
}

// What the index of Intercom shows late is found late, and not lost.
func TestThePollWaitsForALateIndex(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		id := w.ratedNatively(3)
		w.lookAll()
		if put := w.put(); len(put) != 1 || put[0] != id {
			t.Fatalf("put in are %v", put)
		}
		w.syncAll()
		quick := w.ratedNatively(1) // an hour passes
		w.sandbox.SetQuirks(intercomtest.Quirks{SearchLag: 4 * time.Minute})
		late := w.solved()
		w.lookAll()
		if put := w.put(); !slices.Equal(put, []string{quick}) {
			t.Errorf("before the index knows of %s, put in are %v, want %s", late, put, quick)
		}
		w.syncAll()
		w.clock.Move(5 * time.Minute)
		w.lookAll()
		if put := w.put(); !slices.Contains(put, late) {
			t.Errorf("once the index knows of it, put in are %v, want %s", put, late)
		}
	})
}

// bulk is a world with so many conversations closed since it was connected, of which no webhook tells.
func bulk(w *world, n int) {
	w.t.Helper()
	w.byHand()
	w.lookAll()
	w.dropJobs()
	w.clock.Move(6 * time.Hour)
	now := w.clock.Now()
	w.sandbox.AddClosed(intercomtest.DefaultWorkspace, intercomtest.Bulk{Conversations: n, From: now.Add(-3 * time.Hour), To: now.Add(-2 * time.Hour)})
	w.clock.Move(24 * time.Hour)
	w.sandbox.ForgetCalls()
}

// unseen are the closed conversations of the sandbox that have changed by now, and how many pages they fill together with
// those that are open.
func (w *world) unseen() (ids []string, pages int) {
	changed := 0
	for _, c := range w.sandbox.Conversations(intercomtest.DefaultWorkspace) {
		if c.UpdatedAt.After(w.clock.Now()) || c.UpdatedAt.Before(modelstest.Start.Add(time.Hour)) {
			continue
		}
		changed++
		if c.State == "closed" {
			ids = append(ids, c.ID)
		}
	}
	return ids, (changed + 149) / 150
}

func once(t *testing.T, got, want []string) {
	t.Helper()
	slices.Sort(got)
	if twice := len(got) - len(slices.Compact(slices.Clone(got))); twice > 0 {
		t.Errorf("%d conversations are put in twice", twice)
	}
	missing := slices.DeleteFunc(slices.Clone(want), func(id string) bool { _, found := slices.BinarySearch(got, id); return found })
	if len(missing) > 0 || len(want) == 0 {
		t.Errorf("%d conversations of %d are not put in", len(missing), len(want))
	}
}

// One run reads no more than its pages, remembers how far it came, and the next one goes on there, also in another
// process: each page is read once, each conversation put in once.
func TestThePollHasBoundsAndGoesOn(t *testing.T) {
	eachWorld(t, func(w *world) {
		bulk(w, 1700)
		want, pages := w.unseen()
		if pause := w.look(); pause == 0 {
			t.Error("one run has read everything")
		}
		if got := w.searches(); got != 10 {
			t.Errorf("one run has read %d pages, want 10", got)
		}
		if _, err := w.tenant.Poll(w.ctx); err != nil {
			t.Errorf("how far it came is not stored: %v", err)
		}
		w.restart("RERATE_ADDR", "127.0.0.1:0")
		w.byHand()
		w.lookAll()
		if got := w.searches(); got != pages {
			t.Errorf("%d pages were read in all, want %d", got, pages)
		}
		once(t, w.put(), want)
		if _, err := w.tenant.Poll(w.ctx); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("a look that has ended is still there: %v", err)
		}
		workspace, err := w.tenant.Get(w.ctx)
		w.must(err)
		if workspace.PolledUntil == nil || w.clock.Now().Sub(*workspace.PolledUntil) > time.Hour {
			t.Errorf("polled until %v", workspace.PolledUntil)
		}
	})
}

// When Intercom asks to wait, refuses, breaks down or forgets where the list was, nothing is lost and nothing read in vain.
func TestThePollThroughTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		fault intercomtest.Fault
		retry bool // the queue tries again by itself
		more  int  // pages asked for than there are
	}{
		"a rate limit":         {intercomtest.Fault{Kind: intercomtest.RateLimit}, false, 1},
		"an outage":            {intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusServiceUnavailable}, true, 1},
		"a broken connection":  {intercomtest.Fault{Kind: intercomtest.Reset}, true, 1},
		"a place that is gone": {intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusBadRequest}, false, 11},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				bulk(w, 1700) // more pages than one run reads
				want, pages := w.unseen()
				if pause := w.look(); pause == 0 {
					t.Fatal("one run has read everything")
				}
				c.fault.Path, c.fault.Times = "/conversations/search", 1
				w.sandbox.Misbehave(c.fault)
				err := w.app.service.Poll(w.ctx, jobs.Poll{Workspace: w.tenant.Workspace})
				var later jobs.Later
				if err == nil || errors.As(err, &later) == c.retry {
					t.Errorf("the poll says %v", err)
				}
				w.clock.Move(time.Minute)
				w.lookAll()
				if got := w.searches(); got != pages+c.more {
					t.Errorf("%d pages were asked for, want %d", got, pages+c.more)
				}
				once(t, w.put(), want)
			})
		})
	}
}

// A workspace that is not connected is left alone, and one whose access is refused is told so; nobody else suffers.
func TestWhoIsPolled(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.lookAll()
		db, err := w.app.store.SQL()
		w.must(err)
		polls := func() (n int) {
			w.t.Helper()
			w.must(w.app.service.PollAll(w.ctx, jobs.PollAll{}))
			w.must(db.QueryRowContext(w.ctx, "SELECT COUNT(*) FROM river_job WHERE kind = 'poll' AND state <> 'completed'").Scan(&n))
			return n
		}
		for range 3 {
			if n := polls(); n != 1 {
				t.Errorf("%d polls wait, want 1", n)
			}
		}
		w.sandbox.Revoke(w.tenant.Workspace)
		w.look()
		workspace, err := w.tenant.Get(w.ctx)
		w.must(err)
		if workspace.TokenInvalidAt == nil {
			t.Error("nobody is told that Intercom refuses the access")
		}
		w.sandbox.ForgetCalls()
		w.look()
		if n := w.searches(); n != 0 {
			t.Errorf("%d pages were read without access", n)
		}
		_, err = db.ExecContext(w.ctx, "DELETE FROM river_job WHERE kind = 'poll'")
		w.must(err)
		if n := polls(); n != 0 {
			t.Errorf("%d polls are put in of a workspace without access", n)
		}
	})
}

// An event that comes while the job of its conversation is at work has the conversation read once more: the job may have
// read before it happened. However many come then, it is once.
func TestAnEventDuringAJobIsNotSwallowed(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.stopQueue()
		id := w.solved()
		_, err := w.sandbox.RequestNativeRating(id)
		w.must(err)
		w.sandbox.Deliver(w.ctx)
		w.syncAll()
		w.lookAll()
		w.dropJobs()
		w.sandbox.ForgetCalls()
		w.sandbox.Misbehave(intercomtest.Fault{
			Kind: intercomtest.Hang, Method: http.MethodGet, Path: "/conversations/*", AfterWork: true, Times: 1,
		})
		rate := func(score int) {
			w.t.Helper()
			w.clock.Move(time.Second)
			w.must(w.sandbox.RateNatively(id, w.sam().ID, score, ""))
			w.sandbox.Deliver(w.ctx)
		}
		rate(1)
		job := func(statement string) { // what the queue does when it begins one and when that has ended
			w.t.Helper()
			db, err := w.app.store.SQL()
			w.must(err)
			_, err = db.ExecContext(w.ctx, statement)
			w.must(err)
		}
		job("UPDATE river_job SET state = 'running' WHERE kind = 'sync'")
		result := make(chan error, 1)
		go func() { result <- w.try(w.ctx, id) }()
		w.until("the job has read the conversation", func() bool { return w.sandbox.Hanging() == 1 })
		rate(2)
		rate(3)
		if got := w.count("SELECT COUNT(*) FROM river_job WHERE kind = 'sync' AND state <> 'running'"); got != 1 {
			t.Errorf("%d jobs wait behind the one at work, want one", got)
		}
		w.sandbox.Behave()
		w.must(<-result)
		job("DELETE FROM river_job WHERE state = 'running'")
		if w.syncAll(); w.reads(id) != 2 {
			t.Errorf("the conversation is read %d times, want twice", w.reads(id))
		}
		if got := w.told(id); got != "intercom 1 first, intercom 3 better" {
			t.Errorf("stored is %q", got)
		}
	})
}

// reads counts how often a conversation was read.
func (w *world) reads(id string) (n int) {
	for _, call := range w.sandbox.Calls() {
		if call.Method == http.MethodGet && call.Path == "/conversations/"+id {
			n++
		}
	}
	return n
}

// Whoever Intercom has made one is one here, whichever news comes first.
func TestMergedContactsAreOne(t *testing.T) {
	for name, fault := range map[string]*intercomtest.WebhookFault{
		"in order": nil, "twice": {Kind: intercomtest.Twice}, "backwards": {Kind: intercomtest.Backwards},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.byHand()
				sam, zoe, omar := w.sam().ID, w.contact("zoe@example.com").ID, w.contact("omar@example.com").ID
				id := w.ratedNatively(2)
				card := w.ask(id)
				w.must(w.sandbox.AddToConversation(id, zoe))
				w.sandbox.DeliverNow(w.ctx)
				w.sync(id)
				w.tap(card, zoe, 5)
				w.syncAll()
				if got := w.told(id); got != "intercom 2 first, card 5 first" {
					t.Fatalf("before the merge: %s", got)
				}
				if fault != nil {
					w.sandbox.MisbehaveWebhooks(*fault)
				}
				w.must(w.sandbox.MergeContact(sam, omar))
				w.must(w.sandbox.MergeContact(omar, zoe))
				w.sandbox.DeliverNow(w.ctx)
				w.profiles()
				w.syncAll()
				w.sync(id)
				if got := w.told(id); got != "intercom 2 first, card 5 better" {
					t.Errorf("after the merge: %s", got)
				}
				for _, r := range w.ratings(id) {
					if r.ContactID != zoe {
						t.Errorf("a rating is still %s's", r.ContactID)
					}
				}
				people, err := w.tenant.ContactsOf(w.ctx, id)
				w.must(err)
				if !slices.Equal(people, []string{zoe}) {
					t.Errorf("taking part are %v, want %s", people, zoe)
				}
				var summary struct {
					Counted struct{ Rated int }  `json:"counted"`
					Changes struct{ Better int } `json:"changes"`
				}
				day := w.clock.Now().Format(time.DateOnly)
				w.get("/summary?from="+day+"&to="+day, &summary)
				if summary.Counted.Rated != 1 || summary.Changes.Better != 1 {
					t.Errorf("the summary is %+v", summary)
				}
			})
		})
	}
}

// profiles runs what waits to be learned of contacts.
func (w *world) profiles() {
	w.t.Helper()
	db, err := w.app.store.SQL()
	w.must(err)
	rows, err := db.QueryContext(w.ctx, "SELECT args FROM river_job WHERE kind = 'profile' AND state <> 'completed'")
	w.must(err)
	defer rows.Close()
	var all []jobs.Profile
	for rows.Next() {
		var raw []byte
		var job jobs.Profile
		w.must(rows.Scan(&raw))
		w.must(json.Unmarshal(raw, &job))
		all = append(all, job)
	}
	w.must(rows.Err())
	for _, job := range all {
		if err := w.app.service.Profile(w.ctx, job); err != nil && !strings.Contains(err.Error(), "calls that are left") {
			w.t.Fatal(err)
		}
	}
}
