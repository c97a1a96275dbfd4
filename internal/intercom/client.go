package intercom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
)

// Versions of the API, sent as Intercom-Version. From 2.15 on conversation_rating is the latest
// completed rating, before it the latest request; conversation attributes can be managed and merged
// contacts are told from 2.16 on, and native ratings written from 2.17 on (docs: changelogs).
const (
	Version           = "2.15"
	versionRequests   = "2.14"
	versionAttributes = "2.16"
	versionContacts   = "2.16"
	versionRating     = "2.17"
)

// CallTimeout is how long a call takes at most.
const CallTimeout = 10 * time.Second

const (
	maxBody      = 8 << 20 // a conversation has up to 500 parts
	maxErrorBody = 64 << 10
)

// Client makes REST calls with one workspace's token. It is safe for concurrent use. It counts the
// workspace's rate limit, so keep one client per workspace.
type Client struct {
	base    string
	token   string
	http    http.Client
	now     func() time.Time
	budget  budget
	breaker breaker
	see     func(Made) // nil: nobody watches
}

// NewClient returns a client for the API at baseURL (see APIURL). Of hc it uses the transport; it
// follows no redirects, and a call takes at most 10 seconds.
func NewClient(baseURL, token string, hc *http.Client, now func() time.Time) *Client {
	return &Client{base: strings.TrimRight(baseURL, "/"), token: token, http: bounded(hc), now: now}
}

// Spare reports whether more than a third of the workspace's calls is left in this window; if not, it says how long
// the window lasts. Work that nobody waits for asks it first, so that ratings and notes never wait for it.
func (c *Client) Spare() (wait time.Duration, ok bool) { return c.budget.spare(c.now()) }

func bounded(hc *http.Client) http.Client {
	c := http.Client{Transport: hc.Transport, Timeout: hc.Timeout}
	if c.Timeout <= 0 || c.Timeout > CallTimeout {
		c.Timeout = CallTimeout
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// call is one request: In is sent as JSON unless nil, the answer is read into out unless nil.
type call struct {
	method  string
	path    string
	version string // Version if empty
	reads   bool   // changes nothing, though it may be a POST
	in, out any
}

func (c *Client) newRequest(ctx context.Context, k call) (*http.Request, error) {
	var body io.Reader
	if k.in != nil {
		raw, err := json.Marshal(k.in)
		if err != nil {
			return nil, fmt.Errorf("the request to Intercom cannot be written as JSON: %w", err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, k.method, c.base+k.path, body)
	if err != nil {
		return nil, fmt.Errorf("the address of Intercom's API is not usable: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Intercom-Version", k.versionHeader())
	req.Header.Set("User-Agent", "rerate")
	if k.in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

func (k call) changes() bool { return !k.reads && k.method != http.MethodGet }

func (k call) versionHeader() string {
	if k.version == "" {
		return Version
	}
	return k.version
}

type untilKey struct{}

// Until has calls that change something refused from a time on, by the client's clock: whoever may write until then, and stood
// still in the meantime, does not write beside the one who has taken over. A context's own deadline ends such a call a moment after
// the process goes on, when it may be on its way.
func Until(ctx context.Context, end time.Time) context.Context {
	return context.WithValue(ctx, untilKey{}, end)
}

// errLate is the cause of a call that was not made for Until.
var errLate = errors.New("held back here: the time to write is over")

func (c *Client) late(ctx context.Context, k call) bool {
	end, bound := ctx.Value(untilKey{}).(time.Time)
	return bound && k.changes() && !c.now().Before(end)
}

// do makes the call. Its errors are *Error once the request could be made.
func (c *Client) do(ctx context.Context, k call) error {
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	req, err := c.newRequest(ctx, k)
	if err != nil {
		return err
	}
	failed := &Error{Method: k.method, Path: k.path}
	if c.late(ctx, k) {
		failed.Cause = errLate
		return failed
	}
	if wait, ok := c.breaker.let(c.now()); !ok {
		failed.Status, failed.Code = http.StatusServiceUnavailable, codePaused
		failed.Message, failed.wait = "held back here: Intercom failed again and again", wait
		return failed
	}
	if wait, ok := c.budget.take(c.now()); !ok {
		failed.Status, failed.Code = http.StatusTooManyRequests, "rate_limit_exceeded"
		failed.Message, failed.wait = "held back here: nothing is left of the window", wait
		failed.RateReset = c.now().Add(wait)
		return failed
	}
	began := c.now()
	err = c.send(req, k, failed, &sent)
	c.budget.land()
	c.breaker.learn(c.now(), failed.Status, err)
	c.made(k, began, failed.Status, err)
	return err
}

// send puts a request through and reads its answer. It fills in what is known of a failure.
func (c *Client) send(req *http.Request, k call, failed *Error, sent *atomic.Bool) error {
	changes := k.changes()
	res, err := c.http.Do(req)
	if err != nil {
		failed.Cause, failed.ambiguous = err, changes && sent.Load()
		return failed
	}
	defer res.Body.Close()
	failed.Status = res.StatusCode
	reset := c.budget.learn(c.now(), res.StatusCode, res.Header)
	if res.StatusCode < 200 || res.StatusCode > 299 {
		failed.canonical = canonicalContact(res.StatusCode, res.Header.Get("Link"))
		return c.refused(failed, res.Body, reset, changes)
	}
	if err := readAnswer(res.Body, k.out); err != nil {
		failed.Cause, failed.ambiguous = err, changes
		return failed
	}
	return nil
}

func (c *Client) refused(failed *Error, body io.Reader, reset time.Time, changes bool) error {
	// Whatever arrived of the body helps; its status is known without it.
	raw, _ := io.ReadAll(io.LimitReader(body, maxErrorBody))
	failed.readErrorBody(raw)
	if failed.Status == http.StatusTooManyRequests {
		failed.RateReset = reset
		failed.wait = clampWait(reset.Sub(c.now()))
	}
	failed.ambiguous = changes && failed.Status >= http.StatusInternalServerError
	return failed
}

func readAnswer(body io.Reader, out any) error {
	if out == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(body, maxErrorBody)) // so that the connection is used again
		return nil
	}
	raw, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return fmt.Errorf("the answer was cut off: %w", err)
	}
	if len(raw) > maxBody {
		return errors.New("the answer is larger than 8 MB")
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return fmt.Errorf("the answer is not what Intercom documents: %w", err)
	}
	return nil
}
