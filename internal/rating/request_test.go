package rating_test

import (
	"slices"
	"testing"

	"rerate/internal/rating"
)

var allStates = []rating.RequestState{
	rating.Suppressed, rating.Scheduled, rating.Cancelled, rating.Sent, rating.Seen, rating.HasRating, rating.HasRemark,
	rating.Expired, rating.Failed,
}

var allEvents = []rating.RequestEvent{
	rating.Refuse, rating.Plan, rating.Send, rating.Cancel, rating.GiveUp, rating.Look, rating.Rate, rating.Remark,
	rating.TimeOut, rating.Replace,
}

// The whole table, state by state, in the order of allEvents; "." is a step that does not happen.
func TestWhatBecomesOfARequest(t *testing.T) {
	want := map[rating.RequestState][]rating.RequestState{
		"":                {"suppressed", "scheduled", "sent", ".", ".", ".", ".", ".", ".", "."},
		rating.Suppressed: {".", ".", ".", ".", ".", ".", ".", ".", ".", "."},
		rating.Scheduled:  {".", ".", "sent", "cancelled", "failed", ".", ".", ".", ".", "."},
		rating.Cancelled:  {".", ".", ".", ".", ".", ".", ".", ".", ".", "."},
		rating.Sent:       {".", ".", ".", ".", ".", "seen", "rated", ".", "expired", "expired"},
		rating.Seen:       {".", ".", ".", ".", ".", ".", "rated", ".", "expired", "expired"},
		rating.HasRating:  {".", ".", ".", ".", ".", ".", "rated", "remarked", ".", "."},
		rating.HasRemark:  {".", ".", ".", ".", ".", ".", "remarked", "remarked", ".", "."},
		rating.Expired:    {".", ".", ".", ".", ".", ".", ".", ".", ".", "."},
		rating.Failed:     {".", "scheduled", "sent", ".", ".", ".", ".", ".", ".", "."},
	}
	for from, row := range want {
		for i, event := range allEvents {
			to, ok := from.After(event)
			if ok != (row[i] != ".") || ok && to != row[i] || !ok && to != from {
				t.Errorf("%q after %s is %q, %t; want %q", from, event, to, ok, row[i])
			}
		}
	}
	for _, step := range rating.Transitions {
		if !slices.Contains(allEvents, step.Event) || !slices.Contains(allStates, step.To) {
			t.Errorf("the table above does not know %+v", step)
		}
	}
}

// Whoever was asked and answered is never asked by the same request again, and an answer is never forgotten.
func TestAnAnswerIsFinal(t *testing.T) {
	for _, from := range []rating.RequestState{rating.HasRating, rating.HasRemark} {
		for _, event := range allEvents {
			if to, _ := from.After(event); to != rating.HasRating && to != rating.HasRemark {
				t.Errorf("%s of an answered request leads to %s", event, to)
			}
		}
	}
}

func TestEveryStateHasWords(t *testing.T) {
	for _, s := range allStates {
		if s.Words() == "" {
			t.Errorf("%s has no words", s)
		}
		if s.Open() && !s.Asked() {
			t.Errorf("%s is open and not asked", s)
		}
	}
}
