package intercomtest

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// CanvasFault is one way in which the app seems to misbehave when it is asked for a canvas: Slow answers Delay later, Fail answers
// Status without asking the app at all.
type CanvasFault struct {
	Kind   string
	Times  int // how many calls it hits; 0 for all until Behave
	Delay  time.Duration
	Status int // of Fail; 500
}

// MisbehaveCanvas adds a fault of Canvas Kit calls; the first is used.
func (s *Server) MisbehaveCanvas(f CanvasFault) {
	s.lock()
	defer s.unlock()
	s.canvasFaults = append(s.canvasFaults, &f)
}

// CanvasFaults lists what is set now.
func (s *Server) CanvasFaults() []CanvasFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []CanvasFault
	for _, f := range s.canvasFaults {
		list = append(list, *f)
	}
	return list
}

// sufferCanvas plays a fault out. lost says that the app is not asked any more: the call is recorded as it seemed.
func (s *Server) sufferCanvas(ctx context.Context, o outgoing) (call Call, lost bool) {
	s.lock()
	if len(s.canvasFaults) == 0 {
		s.unlock()
		return Call{}, false
	}
	first := s.canvasFaults[0]
	f, behave := *first, s.behave
	if first.Times > 0 {
		if first.Times--; first.Times == 0 {
			s.canvasFaults = s.canvasFaults[1:]
		}
	}
	call = Call{At: s.now(), Kind: o.kind, Workspace: o.workspace, Method: o.method, Path: o.path, Request: o.body}
	s.unlock()

	if f.Kind == Fail {
		call.Status = f.Status
		if call.Status == 0 {
			call.Status = http.StatusInternalServerError
		}
		call.Problem = fmt.Sprintf("the app answered %d", call.Status)
		return s.record(call), true
	}
	began := time.Now()
	pause, cancel := context.WithTimeout(ctx, min(f.Delay, o.budget))
	defer cancel()
	select {
	case <-pause.Done():
	case <-behave:
	}
	if call.Took = time.Since(began); call.Took < o.budget {
		return Call{}, false
	}
	call.Problem = fmt.Sprintf("no answer within %v", o.budget)
	return s.record(call), true
}
