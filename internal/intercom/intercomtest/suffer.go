package intercomtest

import (
	"net/http"
	"time"
)

// suffer plays a fault out. It returns whether the prepared answer is to be sent; work does what was left undone.
func (s *Server) suffer(w http.ResponseWriter, in *restRequest, f *Fault, behave chan struct{}, work func()) bool {
	if !f.AfterWork {
		in.call.Status = 0
	}
	switch f.Kind {
	case Slow:
		wait(in.r, f.Delay, behave)
	case Hang:
		s.hang(+1)
		wait(in.r, 0, behave)
		s.hang(-1)
		if in.r.Context().Err() != nil {
			in.call.Status, in.call.Answer, in.call.Problem = 0, nil, "the sandbox hung until the caller gave up"
			return false
		}
	case Reset:
		in.call.Status, in.call.Answer, in.call.Problem = 0, nil, "the sandbox dropped the connection"
		return false
	case RateLimit:
		for name, values := range f.Header {
			w.Header()[http.CanonicalHeaderKey(name)] = values
		}
		s.injected(in, s.tooMany())
		return true
	default:
		code := f.Status
		if code == 0 {
			code = http.StatusServiceUnavailable
		}
		s.injected(in, &Error{Status: code, Code: "service_unavailable", Message: "The sandbox was told to fail."})
		return true
	}
	if !f.AfterWork {
		work()
	}
	return true
}

func (s *Server) hang(by int) {
	s.lock()
	defer s.unlock()
	s.hanging += by
}

// Hanging counts the calls that hang at this moment.
func (s *Server) Hanging() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hanging
}

func (s *Server) injected(in *restRequest, e *Error) {
	s.lock()
	defer s.unlock()
	s.refuse(in, e)
}

// wait ends with the delay (0: never), with Behave, or when the caller goes away.
func wait(r *http.Request, delay time.Duration, behave chan struct{}) {
	var over <-chan time.Time
	if delay > 0 {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-over:
	case <-behave:
	case <-r.Context().Done():
	}
}
