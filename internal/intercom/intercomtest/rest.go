package intercomtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// restRequest is one call of the app, authenticated. Its handler runs under the lock.
type restRequest struct {
	r     *http.Request
	sp    *space
	admin string
	v     version
	call  *Call
	link  string // the answer's Link header
}

// restHandler returns what to encode, status(n) for an empty answer, or an *Error.
type restHandler func(*restRequest) (any, error)

type status int

// open calls need no token.
type access int

const (
	withToken access = iota
	open
)

const maxRequest = 1 << 20

// rest registers a REST call that exists from version since on.
func (s *Server) rest(pattern string, since version, h restHandler) {
	s.api(pattern, since, withToken, h)
}

func (s *Server) api(pattern string, since version, a access, h restHandler) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		body, _ := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		in := &restRequest{r: r, call: &Call{Incoming: true, Kind: KindREST, Method: r.Method, Path: r.URL.RequestURI(), Request: body}}
		if a == open {
			in.call.Kind = KindOAuth
		}
		s.answer(w, in, since, a, h)
		in.call.Took = time.Since(began)
		s.record(*in.call)
		if in.call.Status == 0 {
			panic(http.ErrAbortHandler) // drops the connection
		}
	})
}

func (s *Server) answer(w http.ResponseWriter, in *restRequest, since version, a access, h restHandler) {
	s.lock()
	in.call.At = s.now()
	err := s.admit(w, in, since, a)
	fault := s.fault(in.call.Workspace, in.r.Method, in.r.URL.Path)
	if fault == nil || fault.AfterWork {
		s.work(in, err, h)
	}
	behave := s.behave
	s.unlock()
	if fault != nil && !s.suffer(w, in, fault, behave, func() { s.lock(); s.work(in, err, h); s.unlock() }) {
		return
	}
	if in.link != "" {
		w.Header().Set("Link", in.link)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(in.call.Status)
	_, _ = w.Write(in.call.Answer) // the caller went away
}

// work runs the handler and leaves status and answer in the call. It needs the lock.
func (s *Server) work(in *restRequest, err error, h restHandler) {
	var out any
	if err == nil {
		out, err = h(in)
	}
	if err != nil {
		s.refuse(in, err)
		return
	}
	in.call.Status = http.StatusOK
	if empty, ok := out.(status); ok {
		in.call.Status = int(empty)
		return
	}
	in.call.Answer = encode(out)
}

type errorList struct {
	Type      string       `json:"type"`
	RequestID string       `json:"request_id"`
	Errors    []errorEntry `json:"errors"`
}

type errorEntry struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Field   string `json:"field,omitempty"`
}

func (s *Server) refuse(in *restRequest, err error) {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Status: http.StatusInternalServerError, Code: "server_error", Message: err.Error()}
	}
	in.call.Status, in.link = e.Status, e.Link
	in.call.Problem = e.Message
	in.call.Answer = encode(errorList{"error.list", s.ids.uuid(), []errorEntry{{e.Code, e.Message, e.Field}}})
}

// admit checks token, version and rate limit, in this order, and sets the rate limit headers, which only authenticated answers have.
func (s *Server) admit(w http.ResponseWriter, in *restRequest, since version, a access) error {
	if a == open {
		return nil
	}
	token, ok := strings.CutPrefix(in.r.Header.Get("Authorization"), "Bearer ")
	g := s.tokens[token]
	switch {
	case !ok || g == nil:
		return &Error{Status: http.StatusUnauthorized, Code: "unauthorized", Message: "Access Token Invalid"}
	case g.revoked:
		in.call.Workspace = g.workspace
		return &Error{Status: http.StatusUnauthorized, Code: "token_revoked", Message: "Access Token Revoked"}
	}
	in.sp, in.admin = s.spaces[g.workspace], g.admin
	in.call.Workspace = g.workspace
	if err := s.limit(w, in.sp); err != nil {
		return err
	}
	in.v = s.appVersion()
	if header := in.r.Header.Get("Intercom-Version"); header != "" {
		if in.v, ok = parseVersion(header); !ok {
			return &Error{Status: http.StatusBadRequest, Code: "intercom_version_invalid", Message: "The requested version could not be found"}
		}
	}
	if in.v < since {
		return &Error{Status: http.StatusBadRequest, Code: "intercom_version_invalid", Message: "Requested resource is not available in current API version."}
	}
	return nil
}

// limit counts the call in its 10-second window (…/docs/references/rest-api/errors/rate-limiting).
func (s *Server) limit(w http.ResponseWriter, sp *space) error {
	window := s.now().Truncate(10 * time.Second)
	if !window.Equal(sp.window) {
		sp.window, sp.used = window, 0
	}
	sp.used++
	h := w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.opts.RateLimit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, s.opts.RateLimit-sp.used)))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(window.Add(10*time.Second).Unix(), 10))
	if sp.used > s.opts.RateLimit {
		return s.tooMany()
	}
	return nil
}

func (s *Server) tooMany() *Error {
	return &Error{
		Status: http.StatusTooManyRequests, Code: "rate_limit_exceeded",
		Message: fmt.Sprintf("Exceeded rate limit of %d in 10_seconds", s.opts.RateLimit),
	}
}

// decode reads the call's JSON body.
func (in *restRequest) decode(v any) error {
	if err := json.Unmarshal(in.call.Request, v); err != nil {
		return &Error{Status: http.StatusBadRequest, Code: "bad_request", Message: "The body is not the JSON that this call takes: " + err.Error()}
	}
	return nil
}

// idText is an id that bodies give as a string or as a number.
type idText string

func (i *idText) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*i = idText(s)
		return nil
	}
	var n json.Number
	err := json.Unmarshal(raw, &n)
	*i = idText(n)
	return err
}
