package outgoing

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The patience with a receiver, and how much of its answer is looked at.
const (
	connectTime = 5 * time.Second
	wholeTime   = 10 * time.Second
	mostAnswer  = 64 << 10
)

// Message is one message to one address.
type Message struct {
	URL     string
	ID      string    // the same at every try
	At      time.Time // of this try
	Body    []byte    // JSON
	Secrets []string  // to sign with, the newest first; none: it is not signed
}

// Client sends messages to where its guard allows.
type Client struct {
	Guard
	secure, plain *http.Client
}

// NewClient makes a client that goes where the guard allows.
func NewClient(guard Guard) *Client {
	return &Client{Guard: guard, secure: newHTTP(guard, false), plain: newHTTP(guard, true)}
}

func newHTTP(guard Guard, plain bool) *http.Client {
	return &http.Client{
		Timeout: wholeTime,
		// A redirect would lead to an address that nobody has entered.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:       nil, // a proxy would resolve names itself, behind the guard's back
			DialContext: guard.dialer(plain).DialContext, ForceAttemptHTTP2: true, TLSHandshakeTimeout: connectTime,
			MaxIdleConnsPerHost: 1, MaxConnsPerHost: 4, IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: 32 << 10,
		},
	}
}

// Answer is what became of a try.
type Answer struct {
	Status     int           // of HTTP; 0: there was no answer
	RetryAfter time.Duration // how long the receiver asks to be left alone; 0: it does not say
	Problem    string        // why it did not work, in one sentence; empty: the message has arrived
}

// OK reports whether the message has arrived.
func (a Answer) OK() bool { return a.Problem == "" }

// Gone reports whether the receiver wants no more messages, ever.
func (a Answer) Gone() bool { return a.Status == http.StatusGone }

// Send tries once. What the receiver writes in its answer is not kept: it may repeat a customer's words.
func (c *Client) Send(ctx context.Context, m Message) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return Answer{Problem: "The address cannot be used."}, nil //nolint:nilerr // nothing of ours went wrong
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Rerate-Webhooks/1")
	if len(m.Secrets) > 0 {
		if err := signInto(request.Header, m); err != nil {
			return Answer{}, err
		}
	}
	client := c.secure
	if request.URL.Scheme == "http" {
		client = c.plain
	}
	response, err := client.Do(request)
	if err != nil {
		if cause := ctx.Err(); cause != nil {
			return Answer{}, cause // we are stopping: this says nothing of the receiver
		}
		return Answer{Problem: problemOf(err)}, nil
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, mostAnswer)) // so that the connection can be used again
	return answerOf(response), nil
}

func answerOf(r *http.Response) Answer {
	a := Answer{Status: r.StatusCode}
	switch {
	case r.StatusCode >= 200 && r.StatusCode < 300:
		return a
	case r.StatusCode >= 300 && r.StatusCode < 400:
		a.Problem = fmt.Sprintf("It answered %d, a redirect, which is not followed. Enter the address that it leads to.", r.StatusCode)
		return a
	case a.Gone():
		a.Problem = "It answered 410: it wants no more messages."
		return a
	}
	a.Problem = "It answered " + strings.TrimSpace(fmt.Sprintf("%d %s", r.StatusCode, http.StatusText(r.StatusCode))) + "."
	if seconds, err := strconv.Atoi(r.Header.Get("Retry-After")); err == nil && seconds > 0 {
		a.RetryAfter = min(time.Duration(min(seconds, 86_400))*time.Second, time.Hour)
	}
	return a
}

// problemOf says in words for the team why there was no answer. It never repeats the address, which may be a secret.
func problemOf(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var timeout net.Error
	switch {
	case errors.Is(err, ErrPrivate):
		return "The address leads into a network that is not public. Whoever runs Rerate can allow that: RERATE_PRIVATE_TARGETS."
	case errors.As(err, &dns) && dns.IsNotFound:
		return "The name in the address is not known."
	case errors.As(err, &dns):
		return "The name in the address could not be looked up."
	case errors.As(err, &certificate), errors.As(err, &unknown), errors.Is(err, http.ErrSchemeMismatch):
		return "The connection is not secure: the certificate cannot be trusted."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Nobody listens at the address: the connection was refused."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "There was no answer within ten seconds."
	}
	return "The connection broke off."
}
