package intercom

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Calls pause after eight failures in a row, longer and longer, with one probe each time; whatever Intercom answers ends that.
func TestBreaker(t *testing.T) {
	broke := errors.New("broke")
	for name, c := range map[string]struct {
		status int
		err    error
		opens  bool
	}{
		"no answer":       {0, broke, true},
		"500":             {500, broke, true},
		"503":             {503, broke, true},
		"408":             {408, broke, true},
		"404":             {404, broke, false},
		"429":             {429, broke, false},
		"an odd answer":   {200, broke, false},
		"what we gave up": {0, context.Canceled, false},
	} {
		var b breaker
		for range tolerated {
			if _, ok := b.let(noon); !ok {
				t.Errorf("%s: held back after %d failures", name, b.failures)
			}
			b.learn(noon, c.status, c.err)
		}
		if wait, held := b.held(noon); held != c.opens || held && (wait < firstPause || wait > 2*firstPause) {
			t.Errorf("%s: held back %v for %v", name, held, wait)
		}
	}
}

func TestBreakerProbes(t *testing.T) {
	var b breaker
	broke := errors.New("broke")
	for range tolerated + 5 { // some were under way
		b.learn(noon, 0, broke)
	}
	now, pause := noon, firstPause
	for range 10 {
		if _, ok := b.let(now.Add(pause - time.Millisecond)); ok {
			t.Fatalf("a call is made before the pause of %v is over", pause)
		}
		now = now.Add(pause)
		if _, held := b.held(now); held {
			t.Fatalf("nothing is tried after the pause of %v", pause)
		}
		if _, ok := b.let(now); !ok {
			t.Fatal("there is no probe")
		}
		if _, ok := b.let(now); ok {
			t.Fatal("there is a second probe beside the first")
		}
		b.learn(now, 0, broke)
		pause = min(2*pause, longestPause)
	}
	now = now.Add(pause)
	b.let(now)
	b.learn(now, 429, broke)
	if _, ok := b.let(now); !ok || b.pause != 0 {
		t.Error("an answer does not end the pause")
	}
}
