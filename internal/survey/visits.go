package survey

import (
	"sync"
	"time"

	"rerate/internal/rating"
)

// visits remembers for some seconds which links of a request were opened. Opening a link stores nothing, so this lies in
// memory only: it is one layer of several, and another process of the same installation has its own.
type visits struct {
	mu       sync.Mutex
	requests map[string][]opened
}

// opened is one opening of a link.
type opened struct {
	score int // of the link; 0 for the one that has none
	trap  bool
	at    time.Time
}

const (
	mostVisits = 30     // of one request
	mostKnown  = 10_000 // at one time
)

// note remembers that a link was opened.
func (v *visits) note(request string, now opened) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.requests == nil {
		v.requests = map[string][]opened{}
	}
	if len(v.requests) >= mostKnown {
		v.forget(now.at)
	}
	known := append(v.requests[request], now)
	v.requests[request] = known[max(0, len(known)-mostVisits):]
}

// forget drops what is too old to say anything, or everything where that is not enough.
func (v *visits) forget(now time.Time) {
	for request, known := range v.requests {
		if now.Sub(known[len(known)-1].at) > rating.Burst {
			delete(v.requests, request)
		}
	}
	if len(v.requests) >= mostKnown {
		clear(v.requests)
	}
}

// lately sums up what was opened within the last seconds: links of how many different choices, and whether one was
// among them that people cannot see.
func (v *visits) lately(request string, now time.Time) (links int, trapped bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	different := map[int]bool{}
	for _, visit := range v.requests[request] {
		if now.Sub(visit.at) <= rating.Burst {
			different[visit.score] = true
			trapped = trapped || visit.trap
		}
	}
	return len(different), trapped
}
