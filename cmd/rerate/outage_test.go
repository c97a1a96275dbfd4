package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/models"
)

// places are the calls to Intercom that a rating leads to.
var places = []struct{ name, method, path string }{
	{"the read", http.MethodGet, "/conversations/[0-9]*"},
	{"the note", http.MethodPost, "/conversations/*/reply"},
	{"the list of attributes", http.MethodGet, "/conversations/attributes"},
	{"the attributes", http.MethodPut, "/conversations/*"},
	{"the event", http.MethodPost, "/events"},
	{"making the tag", http.MethodPost, "/tags"},
	{"the tag", http.MethodPost, "/conversations/*/tags"},
}

// mishaps are the ways in which one call can go wrong for a while.
var mishaps = []struct {
	name  string
	fault intercomtest.Fault
}{
	{"503", intercomtest.Fault{Kind: intercomtest.Fail}},
	{"500 after the work", intercomtest.Fault{Kind: intercomtest.Fail, Status: 500, AfterWork: true}},
	{"408", intercomtest.Fault{Kind: intercomtest.Fail, Status: 408}},
	{"a reset", intercomtest.Fault{Kind: intercomtest.Reset}},
	{"a reset after the work", intercomtest.Fault{Kind: intercomtest.Reset, AfterWork: true}},
	{"a hang", intercomtest.Fault{Kind: intercomtest.Hang}},
	{"a hang after the work", intercomtest.Fault{Kind: intercomtest.Hang, AfterWork: true}},
	{"429", intercomtest.Fault{Kind: intercomtest.RateLimit}},
}

// Whatever goes wrong with whichever call, in the end everything is written, and once.
func TestEverythingIsWrittenOnceAfterAMishap(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.WriteBack.Tag = "rated again" })
		w.byHand()
		w.complete(w.rerated()) // makes the attributes and the tag
		for _, place := range places {
			for _, mishap := range mishaps {
				id := w.rerated()
				fault := mishap.fault
				fault.Method, fault.Path, fault.Times = place.method, place.path, 1
				w.sandbox.Misbehave(fault)
				err := w.tryThrough(id)
				if rest, _ := w.sandbox.Faults(); len(rest) != 0 {
					t.Fatalf("%s at %s did not happen", mishap.name, place.name)
				}
				if err == nil && slices.Contains(w.states(w.ours(id).ID), models.Waiting) {
					t.Errorf("%s at %s: something waits, and the job does not ask to run again", mishap.name, place.name)
				}
				w.clock.Move(2 * time.Minute)
				w.sync(id)
				w.sync(id)
				w.complete(id)
			}
		}
	}, manyCalls)
}

// manyCalls lifts the sandbox's rate limit for tests whose clock stands still.
func manyCalls(o *intercomtest.Options) { o.RateLimit = 1_000_000 }

// rerated is a conversation with Intercom's rating 2 and ours 5, of which nothing has been written yet.
func (w *world) rerated() string {
	w.t.Helper()
	id := w.ratedNatively(2)
	w.tap(w.ask(id), w.sam().ID, 5)
	return id
}

// tryThrough runs a job, and cancels it once a call hangs.
func (w *world) tryThrough(conversation string) error {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	result := make(chan error, 1)
	go func() { result <- w.try(ctx, conversation) }()
	waiting, stop := context.WithCancel(w.ctx)
	go func() {
		if w.sandbox.Wait(waiting, func() bool { return w.sandbox.Hanging() > 0 }) == nil {
			cancel()
		}
	}()
	defer stop()
	return <-result
}

// complete wants everything written for the one rating of ours in a conversation of rerated, and nothing twice.
func (w *world) complete(conversation string) {
	w.t.Helper()
	w.sync(conversation)
	for kind, b := range w.writes(w.ours(conversation).ID) {
		if b.State != models.Done {
			w.t.Errorf("%s of conversation %s is %s: %s", kind, conversation, b.State, b.Detail)
		}
	}
	if n := len(w.sandbox.Notes(conversation)); n != 1 {
		w.t.Errorf("conversation %s has %d notes", conversation, n)
	}
	if got := fmt.Sprint(w.sandbox.Attributes(conversation)); got != "map[Counted rating:5 First rating:2 Latest rating:5 Rating change:better]" {
		w.t.Errorf("the attributes of conversation %s are %s", conversation, got)
	}
	events := 0
	for _, e := range w.sandbox.Events(w.sam().ID) {
		if e.Metadata["conversation_id"] == conversation {
			events++
		}
	}
	c, _ := w.sandbox.Conversation(conversation)
	lines, tags := 0, 0
	for _, p := range c.Parts {
		if p.Attribute != nil {
			lines++
		}
	}
	for _, tag := range c.Tags {
		if tag.Name == "rated again" {
			tags++
		}
	}
	if events != 1 || lines != 4 || tags != 1 {
		w.t.Errorf("conversation %s has %d events, %d lines on attributes, %d tags", conversation, events, lines, tags)
	}
}

// A workspace without our attributes: making them is cut off again and again.
func TestAttributesAreMadeInSpiteOfMishaps(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.WriteBack.Tag = "rated again" })
		w.byHand()
		id := w.rerated()
		for _, fault := range []intercomtest.Fault{{Kind: intercomtest.Fail}, {Kind: intercomtest.Reset}, {Kind: intercomtest.Reset, AfterWork: true}} {
			fault.Method, fault.Path, fault.Times = http.MethodPost, "/conversations/attributes", 2
			w.sandbox.Misbehave(fault)
		}
		for range 3 {
			_ = w.try(w.ctx, id)
		}
		w.complete(id)
		if n := len(w.sandbox.AttributeDefinitions(intercomtest.DefaultWorkspace)); n != 4 {
			t.Errorf("the workspace has %d attributes", n)
		}
	})
}

// Two conversations of a workspace without our attributes at once: both find them missing.
func TestAttributesThatAnotherJobMadeFirst(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.WriteBack.Tag = "rated again" })
		w.stopQueue()
		slow, quick := w.rerated(), w.rerated()
		w.sandbox.Misbehave(intercomtest.Fault{
			Kind: intercomtest.Hang, AfterWork: true, Times: 1, Method: http.MethodGet, Path: "/conversations/attributes",
		})
		result := make(chan error, 1)
		go func() { result <- w.try(w.ctx, slow) }()
		w.until("the slow job has its list", func() bool { return w.sandbox.Hanging() > 0 })
		w.complete(quick)
		w.sandbox.Behave()
		if err := <-result; err != nil {
			t.Logf("the slow job: %v", err)
		}
		w.complete(slow)
	})
}

// The queue itself tries again until Intercom is back.
func TestAnOutageEndsByItself(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.WriteBack.Tag = "rated again" })
		before := w.ratedNatively(2)
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail})
		w.sandbox.ForgetCalls()
		w.tap(w.ask(before), w.sam().ID, 5)
		w.until("two attempts have failed", func() bool {
			failed := 0
			for _, c := range w.sandbox.Calls() {
				if c.Incoming && c.Status == http.StatusServiceUnavailable {
					failed++
				}
			}
			return failed > 1
		})
		w.sandbox.Behave()
		w.notes(before, 1)
		w.complete(before)
	})
}

func TestOddRateLimitHeaders(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.WriteBack.Tag = "rated again" })
		w.byHand()
		for name, header := range map[string]http.Header{
			"no headers":        {"X-Ratelimit-Limit": nil, "X-Ratelimit-Remaining": nil, "X-Ratelimit-Reset": nil},
			"no numbers":        {"X-Ratelimit-Remaining": {"many"}, "X-Ratelimit-Reset": {"soon"}},
			"a reset long ago":  {"X-Ratelimit-Reset": {"1"}},
			"a reset in years":  {"X-Ratelimit-Reset": {"99999999999"}},
			"a negative reset":  {"X-Ratelimit-Reset": {"-5"}},
			"something left":    {"X-Ratelimit-Remaining": {"500"}},
			"a limit of none":   {"X-Ratelimit-Limit": {"0"}, "X-Ratelimit-Remaining": {"-1"}},
			"a reset in millis": {"X-Ratelimit-Reset": {fmt.Sprint(w.clock.Now().UnixMilli())}},
		} {
			id := w.rerated()
			w.sandbox.Misbehave(intercomtest.Fault{
				Kind: intercomtest.RateLimit, Header: header, Times: 1, Method: http.MethodPost, Path: "/conversations/*/reply",
			})
			var later jobs.Later
			if err := w.try(w.ctx, id); !errors.As(err, &later) || later.Pause < time.Second || later.Pause > time.Minute {
				t.Errorf("%s: the job ends with %v", name, err)
			}
			if state := w.writes(w.ours(id).ID)[models.Note].State; state != models.Waiting {
				t.Errorf("%s: the note is %s", name, state)
			}
			w.clock.Move(time.Minute)
			w.complete(id)
		}
	})
}

// An outage of days: what was given up can be tried again by hand.
func TestAnOutageOfDaysEndsVisibly(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.set(func(s *models.Settings) { s.WriteBack.Tag = "rated again" })
		w.byHand()
		id := w.rerated()
		w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail})
		for range 3 * 24 {
			_ = w.try(w.ctx, id)
			w.clock.Move(time.Hour)
		}
		ours := w.ours(id)
		if states := w.states(ours.ID); !slices.Equal(states, []models.WriteBackState{models.Waiting}) {
			t.Errorf("within three days the write-backs are %v", states)
		}
		w.clock.Move(time.Hour)
		_ = w.try(w.ctx, id)
		if states := w.states(ours.ID); !slices.Equal(states, []models.WriteBackState{models.GaveUp}) {
			t.Errorf("after three days the write-backs are %v", states)
		}
		w.sandbox.Behave()
		w.must(w.app.service.RetryWriteBacks(w.ctx, w.tenant.Workspace, ours.ID))
		w.complete(id)
	})
}

// states are the different states of a rating's write-backs.
func (w *world) states(rating string) []models.WriteBackState {
	w.t.Helper()
	var states []models.WriteBackState
	for _, b := range w.writes(rating) {
		states = append(states, b.State)
	}
	slices.Sort(states)
	return slices.Compact(states)
}
