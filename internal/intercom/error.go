package intercom

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"time"
)

// Error is a call of the REST API that failed. Its methods say what to do next.
// Codes and the shape of the body: OpenAPI 2.16, schema error.
type Error struct {
	Method    string // of the call
	Path      string
	Status    int    // HTTP status; 0 when no answer came
	Code      string // Intercom's code, such as not_found
	Message   string // Intercom's message
	RequestID string // by which Intercom's support finds the call
	RateReset time.Time
	Cause     error // what broke the connection, if it did

	wait      time.Duration
	ambiguous bool
	canonical string
}

// Error says what happened and what to do. It never holds a token.
func (e *Error) Error() string {
	text := "Intercom did not answer"
	if e.Status != 0 {
		text = fmt.Sprintf("Intercom answered %d", e.Status)
	}
	text += fmt.Sprintf(" to %s %s", e.Method, e.Path)
	if why := cmp.Or(e.Code, e.Message); why != "" {
		text += fmt.Sprintf(" (%s: %q)", e.Code, e.Message)
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	switch {
	case e.Unauthorized():
		return text + "; connect the workspace again"
	case e.wait > 0:
		return text + fmt.Sprintf("; try again in %s", e.wait.Round(time.Second))
	case e.Temporary():
		return text + "; try again later"
	}
	return text
}

// Unwrap gives the cause, such as context.DeadlineExceeded.
func (e *Error) Unwrap() error { return e.Cause }

// Temporary says that the same call may succeed later: no or half an answer, 408, 429 or 5xx.
func (e *Error) Temporary() bool {
	return e.Status == 0 || e.Cause != nil || e.Status == http.StatusRequestTimeout ||
		e.Status == http.StatusTooManyRequests || e.Status >= http.StatusInternalServerError
}

// codePaused marks a call that was not made since Intercom failed again and again.
const codePaused = "paused"

// Paused says that the call was not made, since Intercom has failed again and again; RateLimited says how long to wait.
func (e *Error) Paused() bool { return e.Code == codePaused && e.wait > 0 }

// RateLimited says that no call may be made now, and how long to wait: Intercom's window lasts as long, at least a second and
// at most a minute, or longer where many wait for it or Intercom has failed again and again.
func (e *Error) RateLimited() (time.Duration, bool) { return e.wait, e.wait > 0 }

// Unauthorized says that the token is no longer taken: the workspace must be connected again.
func (e *Error) Unauthorized() bool { return e.Status == http.StatusUnauthorized }

// NotFound says that the thing does not exist, or not for this token.
func (e *Error) NotFound() bool { return e.Status == http.StatusNotFound }

// Gone says that the contact was merged into another (API 2.16: 410 contact_merged).
func (e *Error) Gone() bool { return e.Status == http.StatusGone }

// Canonical is the contact into which the one that was asked for was merged; empty where Intercom did not say.
func (e *Error) Canonical() string { return e.canonical }

var canonicalLink = regexp.MustCompile(`^\s*</contacts/([A-Za-z0-9_-]{1,64})>\s*;\s*rel="?canonical"?\s*$`)

// canonicalContact reads the Link header of a merged contact (OpenAPI 2.16, ShowContact).
func canonicalContact(status int, link string) string {
	found := canonicalLink.FindStringSubmatch(link)
	if status != http.StatusGone || found == nil {
		return ""
	}
	return found[1]
}

// Ambiguous says that Intercom may have done what was asked although the call failed: the connection
// broke after the request was sent, the answer was cut off, or it was a 5xx. There is no idempotency
// key, so look whether it was done before trying again. Always false for reading calls.
func (e *Error) Ambiguous() bool { return e.ambiguous }

// readErrorBody takes the first error of Intercom's list; anything else leaves the fields empty.
func (e *Error) readErrorBody(body []byte) {
	var list struct {
		RequestID string `json:"request_id"`
		Errors    []struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(body, &list) != nil {
		return
	}
	e.RequestID = clip(list.RequestID)
	if len(list.Errors) > 0 {
		e.Code, e.Message = clip(list.Errors[0].Code), clip(list.Errors[0].Message)
	}
}

// clip keeps a text of Intercom's short enough for a log line.
func clip(text string) string {
	const most = 300
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
