package rating_test

import (
	"testing"
	"time"

	"rerate/internal/rating"
)

func TestDoubts(t *testing.T) {
	// A person who reads, without anything odd around.
	calm := rating.Evidence{After: 5 * time.Second, Choices: 1, Options: 5}
	with := func(change func(*rating.Evidence)) rating.Evidence {
		e := calm
		change(&e)
		return e
	}
	for name, c := range map[string]struct {
		rating.Evidence
		none, script, step rating.Doubt // without proof, with the script's, with the second step
	}{
		"calm":                {calm, rating.Unproven, "", ""},
		"at the moment":       {with(func(e *rating.Evidence) { e.After = rating.Moment }), rating.Unproven, "", ""},
		"just before it":      {with(func(e *rating.Evidence) { e.After = rating.Moment - 1 }), rating.Hurried, rating.Hurried, rating.Hurried},
		"before the page":     {with(func(e *rating.Evidence) { e.After = -time.Hour }), rating.Hurried, rating.Hurried, rating.Hurried},
		"trapped":             {with(func(e *rating.Evidence) { e.Trapped = true }), rating.Trapped, rating.Trapped, rating.Trapped},
		"trapped and hurried": {with(func(e *rating.Evidence) { e.Trapped, e.After = true, 0 }), rating.Trapped, rating.Trapped, rating.Trapped},
		"two of five":         {with(func(e *rating.Evidence) { e.Choices = 2 }), rating.Unproven, "", ""},
		"three of five":       {with(func(e *rating.Evidence) { e.Choices = 3 }), rating.Several, "", rating.Several},
		"two of two":          {with(func(e *rating.Evidence) { e.Choices, e.Options = 2, 2 }), rating.Several, "", rating.Several},
		"swept":               {with(func(e *rating.Evidence) { e.Swept = true }), rating.Swept, "", rating.Swept},
		"swept and several":   {with(func(e *rating.Evidence) { e.Swept, e.Choices = true, 5 }), rating.Several, "", rating.Several},
		"answered":            {with(func(e *rating.Evidence) { e.Answered = true }), rating.Outrun, "", ""},
		"answered and swept":  {with(func(e *rating.Evidence) { e.Answered, e.Swept = true, true }), rating.Swept, "", rating.Swept},
	} {
		for proof, want := range map[rating.Proof]rating.Doubt{rating.NoProof: c.none, rating.ByScript: c.script, rating.ByStep: c.step} {
			c.Proof = proof
			if got := c.Doubt(); got != want {
				t.Errorf("%s with proof %d: %q, want %q", name, proof, got, want)
			}
		}
	}
}
