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

// callsOfJob is about what one rating takes; those who are held back come again at a pace that leaves room for that.
const callsOfJob = 8

// longestWait is how far those who are held back are spread.
const longestWait = 10 * time.Minute

// budget is what is left of the current window. It refuses rather than sleeps: the caller's queue waits.
type budget struct {
	mu        sync.Mutex
	remaining int
	limit     int       // of the whole window; 0 until Intercom told it
	until     time.Time // end of the window; zero until Intercom told one
	flying    int       // calls whose answer is not known yet: of those Intercom's count may not know
	waiting   int       // who have been held back and come again, about
}

// take uses one call, or says how long none may be made. Who was let through says later by land that it is over.
func (b *budget) take(now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.roll(now)
	if now.Before(b.until) {
		if b.remaining <= 0 {
			return b.wait(now), false
		}
		b.remaining--
	}
	b.flying++
	return 0, true
}

func (b *budget) land() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flying--
}

// held is take without using a call.
func (b *budget) held(now time.Time) (wait time.Duration, held bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.roll(now)
	if !now.Before(b.until) || b.remaining > 0 {
		return 0, false
	}
	return b.wait(now), true
}

// roll begins the next window, as long as the last one, so that those who waited for it do not all find it empty before
// the first answer tells what is left. It needs the lock.
func (b *budget) roll(now time.Time) {
	if now.Before(b.until) || b.limit <= 0 || b.until.IsZero() {
		return
	}
	passed := now.Sub(b.until)/window + 1
	b.until = b.until.Add(passed * window)
	b.remaining = b.limit - b.flying
	b.waiting = max(0, b.waiting-b.jobs()*int(min(passed, 1000)))
}

// jobs is how many jobs a window is enough for.
func (b *budget) jobs() int { return max(1, b.limit/callsOfJob) }

// wait is until the window ends, or one of the windows after it when there are more who wait than it is enough for.
func (b *budget) wait(now time.Time) time.Duration {
	wait := clampWait(b.until.Sub(now))
	if b.limit > 0 {
		wait += window * time.Duration(b.waiting/b.jobs())
		b.waiting++
	}
	return min(wait, longestWait)
}

// spare reports whether more than a third of the window is left, or says how long it lasts.
func (b *budget) spare(now time.Time) (wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !now.Before(b.until) || b.remaining*3 > b.limit {
		return 0, true
	}
	return clampWait(b.until.Sub(now)), false
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
	if limit, err := strconv.Atoi(header.Get("X-RateLimit-Limit")); err == nil {
		b.limit = limit
	}
	switch {
	case !now.Before(b.until) || until.After(b.until):
		b.remaining, b.until = remaining-max(0, b.flying-1), until
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
	switch {
	case reset > now.Add(maxWait).Unix():
		return now.Add(maxWait)
	case reset <= now.Unix():
		return now.Add(minWait)
	}
	return time.Unix(reset, 0)
}

func clampWait(d time.Duration) time.Duration { return min(max(d, minWait), maxWait) }
