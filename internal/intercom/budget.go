package intercom

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Rate limits are counted in windows of 10 seconds and told in X-RateLimit-Remaining and
// X-RateLimit-Reset, in unix seconds (docs: rate-limiting). No Retry-After is documented.
const (
	window  = 10 * time.Second
	minWait = time.Second
	maxWait = time.Minute
)

// budget is what is left of the current window. It refuses rather than sleeps: the caller's queue waits.
type budget struct {
	mu        sync.Mutex
	remaining int
	until     time.Time // end of the window; zero until Intercom told one
}

// take uses one call, or says how long none may be made.
func (b *budget) take(now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !now.Before(b.until) {
		return 0, true
	}
	if b.remaining <= 0 {
		return clampWait(b.until.Sub(now)), false
	}
	b.remaining--
	return 0, true
}

// learn reads an answer's headers and returns the end of its window, clamped.
func (b *budget) learn(now time.Time, status int, header http.Header) time.Time {
	until := windowEnd(now, header)
	remaining, err := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	limited := status == http.StatusTooManyRequests
	if limited {
		remaining = 0
	} else if err != nil {
		return until
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case !now.Before(b.until) || until.After(b.until):
		b.remaining, b.until = remaining, until
	case limited || until.Equal(b.until):
		b.remaining = min(b.remaining, remaining)
	}
	return until
}

func windowEnd(now time.Time, header http.Header) time.Time {
	reset, err := strconv.ParseInt(header.Get("X-RateLimit-Reset"), 10, 64)
	if err != nil {
		return now.Add(window)
	}
	if reset > now.Add(maxWait).Unix() {
		return now.Add(maxWait)
	}
	return now.Add(clampWait(time.Unix(reset, 0).Sub(now)))
}

func clampWait(d time.Duration) time.Duration { return min(max(d, minWait), maxWait) }
