package intercomtest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Intercom signs webhooks with SHA-1
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// bodySignature is X-Body-Signature: bare hex HMAC-SHA256 (developers.intercom.com/docs/canvas-kit, "Signing notifications").
func bodySignature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hexDigits(mac.Sum(nil))
}

// hubSignature is X-Hub-Signature: HMAC-SHA1 with its prefix (…/docs/webhooks/webhook-notifications).
func hubSignature(secret string, body []byte) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write(body)
	return "sha1=" + hexDigits(mac.Sum(nil))
}

// encode writes JSON with <, > and non-ASCII text as they are: whoever encodes again before checking a signature gets it wrong.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("intercomtest: cannot encode %T: %v", v, err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// outgoing is one call to the app, before it is made.
type outgoing struct {
	kind, workspace, method, url, path string
	header                             map[string]string
	body                               []byte
	budget                             time.Duration
	topic                              string
	attempt                            int
}

const (
	maxAnswer    = 1 << 20
	maxCalls     = 10000    // older ones are forgotten: the demo may run for weeks
	maxCallBytes = 64 << 20 // of all their bodies
)

// send makes the call without the lock and records it. How long it took is real time: the budget is about a real program.
func (s *Server) send(ctx context.Context, o outgoing) Call {
	s.mu.Lock()
	call := Call{
		At: s.now(), Kind: o.kind, Workspace: o.workspace, Method: o.method, Path: o.path, Request: o.body, Topic: o.topic, Attempt: o.attempt,
	}
	client := *s.opts.HTTPClient
	s.mu.Unlock()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Timeout = 0

	ctx, cancel := context.WithTimeout(ctx, o.budget)
	defer cancel()
	began := time.Now()
	status, answer, err := exchange(ctx, &client, o)
	call.Took, call.Status, call.Answer = time.Since(began), status, answer
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		call.Problem = fmt.Sprintf("no answer within %v", o.budget)
	case err != nil:
		call.Problem = "no answer: " + err.Error()
	case status < 200 || status > 299:
		call.Problem = fmt.Sprintf("the app answered %d", status)
	}
	return s.record(call)
}

func exchange(ctx context.Context, client *http.Client, o outgoing) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, o.method, o.url, bytes.NewReader(o.body))
	if err != nil {
		return 0, nil, err
	}
	for k, v := range o.header {
		req.Header.Set(k, v)
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return res.StatusCode, answer, err
}

func (s *Server) record(call Call) Call {
	s.lock()
	defer s.unlock()
	call.Number = 1
	if n := len(s.calls); n > 0 {
		call.Number = s.calls[n-1].Number + 1
	}
	s.calls = append(s.calls, call)
	s.callBytes += len(call.Request) + len(call.Answer)
	if len(s.calls) > maxCalls || s.callBytes > maxCallBytes {
		s.forgetOldCalls()
	}
	return call
}

// forgetOldCalls makes some room, so that not every call has to.
func (s *Server) forgetOldCalls() {
	n := 0
	for n < len(s.calls)-1 && (len(s.calls)-n > maxCalls*9/10 || s.callBytes > maxCallBytes*9/10) {
		s.callBytes -= len(s.calls[n].Request) + len(s.calls[n].Answer)
		n++
	}
	s.calls = slices.Delete(s.calls, 0, n)
}

// signed are the headers of Canvas Kit calls, the uninstall notice and the health check.
func (s *Server) signed(body []byte) map[string]string {
	return map[string]string{
		"Content-Type": "application/json", "Accept": "application/json", "X-Sandbox-Intercom": "1",
		"X-Body-Signature": bodySignature(s.opts.ClientSecret, body),
	}
}
