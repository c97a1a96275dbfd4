package intercomtest

import (
	"net/http"
	"path"
	"slices"
	"time"
)

// Ways in which REST can misbehave.
const (
	Slow      = "slow"       // answers after Delay
	Hang      = "hang"       // does not answer until Behave, or until the caller gives up
	Fail      = "fail"       // answers Status with an error list
	Reset     = "reset"      // drops the connection
	RateLimit = "rate_limit" // answers 429
)

// Fault is one way in which the sandbox misbehaves towards REST calls.
type Fault struct {
	Kind      string
	Workspace string        // "" for every workspace
	Method    string        // "" for every method
	Path      string        // pattern as path.Match has it, such as /conversations/*/reply; "" for every path
	Times     int           // how many calls it hits; 0 for all until Behave
	AfterWork bool          // Slow, Hang, Fail and Reset: the work is done first, then the caller is left in doubt
	Delay     time.Duration // of Slow
	Status    int           // of Fail; 503
	Header    http.Header   // of RateLimit, to send odd rate limit headers; a name without values is left out
}

// Ways in which webhooks can misbehave.
const (
	Twice     = "twice"     // sends each twice
	Lose      = "lose"      // never sends
	Backwards = "backwards" // sends the newest first; with a Delay it gathers them for so long
	Late      = "late"      // sends Delay later
	Hold      = "hold"      // keeps them until Behave
)

// WebhookFault is one way in which webhooks misbehave.
type WebhookFault struct {
	Kind  string
	Topic string // "" for every topic
	Times int    // how many webhooks it hits; 0 for all until Behave
	Delay time.Duration
}

// Misbehave adds a fault; the first that fits a call is used.
func (s *Server) Misbehave(f Fault) {
	s.lock()
	defer s.unlock()
	s.faults = append(s.faults, &f)
}

// MisbehaveWebhooks adds a fault of webhooks.
func (s *Server) MisbehaveWebhooks(f WebhookFault) {
	s.lock()
	defer s.unlock()
	s.webhookFaults = append(s.webhookFaults, &f)
}

// Behave ends all faults and lets go of every call that hangs.
func (s *Server) Behave() {
	s.lock()
	defer s.unlock()
	s.faults, s.webhookFaults, s.canvasFaults = nil, nil, nil
	for _, n := range s.queue {
		n.held = false
		if n.attempts == 0 {
			n.dueAt = n.createdAt
		}
	}
	close(s.behave)
	s.behave = make(chan struct{})
}

// Faults lists what is set now.
func (s *Server) Faults() ([]Fault, []WebhookFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var rest []Fault
	for _, f := range s.faults {
		rest = append(rest, *f)
	}
	var hooks []WebhookFault
	for _, f := range s.webhookFaults {
		hooks = append(hooks, *f)
	}
	return rest, hooks
}

// fault takes the fault that hits this call, if any. It needs the lock.
func (s *Server) fault(workspace, method, urlPath string) *Fault {
	for i, f := range s.faults {
		fits := f.Path == ""
		if !fits {
			fits, _ = path.Match(f.Path, urlPath)
		}
		if !fits || (f.Workspace != "" && f.Workspace != workspace) || (f.Method != "" && f.Method != method) {
			continue
		}
		hit := *f
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.faults = slices.Delete(s.faults, i, i+1)
			}
		}
		return &hit
	}
	return nil
}

// misdeliver applies the webhook faults to what is about to be sent. It needs the lock.
func (s *Server) misdeliver(due []*notification) []*notification {
	var out []*notification
	backwards := false
	for _, n := range due {
		if n.held { // its fault is over, only the order may be wrong
			backwards = backwards || n.backwards
			out = append(out, n)
			continue
		}
		switch f := s.webhookFault(n.topic); f.Kind {
		case Twice:
			again := *n
			out = append(out, n, &again)
		case Lose:
		case Hold:
			n.dueAt = forever
			s.queue = append(s.queue, n)
		case Late:
			s.holdBack(n, s.now().Add(f.Delay))
		case Backwards:
			if n.backwards = true; f.Delay > 0 {
				s.holdBack(n, s.gathering(f.Delay))
				continue
			}
			backwards = true
			out = append(out, n)
		default:
			out = append(out, n)
		}
	}
	if backwards {
		slices.Reverse(out)
	}
	return out
}

// forever is when a webhook that is held back is due, until Behave says otherwise.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// holdBack puts a webhook back until a time.
func (s *Server) holdBack(n *notification, until time.Time) {
	n.held, n.dueAt = true, until
	s.queue = append(s.queue, n)
}

// gathering is when the webhooks that wait to go backwards go: all of them together, delay after the first.
func (s *Server) gathering(delay time.Duration) time.Time {
	for _, n := range s.queue {
		if n.held && n.backwards {
			return n.dueAt
		}
	}
	return s.now().Add(delay)
}

func (s *Server) webhookFault(topic string) WebhookFault {
	for i, f := range s.webhookFaults {
		if f.Topic != "" && f.Topic != topic {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				s.webhookFaults = slices.Delete(s.webhookFaults, i, i+1)
			}
		}
		return *f
	}
	return WebhookFault{}
}
