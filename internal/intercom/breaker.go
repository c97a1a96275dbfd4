package intercom

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// When Intercom fails again and again for a workspace, its calls pause: for a few seconds first, twice as long each time
// that a probe fails too, and never longer than two minutes, so that work goes on soon after Intercom is back.
const (
	tolerated    = 8 // failures in a row
	firstPause   = 5 * time.Second
	longestPause = 2 * time.Minute
)

// breaker holds back the calls of a workspace while Intercom does not answer them.
type breaker struct {
	mu sync.Mutex
	trouble
}

// trouble is what a breaker knows; its zero value is none.
type trouble struct {
	failures int // in a row
	since    time.Time
	pause    time.Duration // 0: calls are made
	until    time.Time
	probing  bool // a call is let through after a pause, and its outcome is not known yet
}

// let reports whether a call may be made, or says how long none may. Once a pause is over one call is let through as a
// probe; until its outcome is known the others wait for one more pause, since it may hang as long as the last ones did.
func (b *breaker) let(now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pause == 0 {
		return 0, true
	}
	if now.Before(b.until) {
		return b.wait(now), false
	}
	b.until, b.probing = now.Add(b.pause), true
	return 0, true
}

// held is let without a probe: it says how long no call may be made, or answers false.
func (b *breaker) held(now time.Time) (wait time.Duration, held bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pause == 0 || !now.Before(b.until) {
		return 0, false
	}
	return b.wait(now), true
}

// wait spreads those who come back over one more pause, so that they do not come all at once.
func (t *trouble) wait(now time.Time) time.Duration {
	return max(t.until.Sub(now), minWait) + rand.N(t.pause+1) //nolint:gosec // spreading load needs no secrecy
}

// learn takes the outcome of a call: its status, 0 where there was no answer, and the error that the caller is told.
func (b *breaker) learn(now time.Time, status int, err error) {
	if errors.Is(err, context.Canceled) {
		return // we gave up, which says nothing of Intercom
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if status != 0 && status != http.StatusRequestTimeout && status < http.StatusInternalServerError {
		b.trouble = trouble{}
		return
	}
	b.failed(now)
}

func (t *trouble) failed(now time.Time) {
	if t.failures++; t.failures == 1 {
		t.since = now
	}
	switch {
	case t.pause == 0 && t.failures >= tolerated:
		t.pause = firstPause
	case t.probing:
		t.pause = min(2*t.pause, longestPause)
	default:
		return // a call that began before the pause
	}
	t.until, t.probing = now.Add(t.pause), false
}

// Trouble is what a workspace's calls have run into.
type Trouble struct {
	Failures int       // in a row
	Since    time.Time // the first of them
	Until    time.Time // the next call is made then
}

// Trouble reports whether the workspace's calls are paused because Intercom failed again and again.
func (c *Client) Trouble() (Trouble, bool) {
	c.breaker.mu.Lock()
	defer c.breaker.mu.Unlock()
	t := c.breaker.trouble
	return Trouble{Failures: t.failures, Since: t.since, Until: t.until}, t.pause > 0
}

// TryNow ends a pause for the next call, which tells whether Intercom is back.
func (c *Client) TryNow() {
	c.breaker.mu.Lock()
	defer c.breaker.mu.Unlock()
	c.breaker.until = time.Time{}
}

// Held says how long no call can be made, or answers false: work that would begin with one need not begin.
func (c *Client) Held() (wait time.Duration, held bool) {
	now := c.now()
	if wait, held := c.breaker.held(now); held {
		return wait, true
	}
	return c.budget.held(now)
}
