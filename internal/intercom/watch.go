package intercom

import (
	"errors"
	"regexp"
	"strings"
	"time"
)

// Made is one call of the REST API that was made. It tells what was called, never what was said.
type Made struct {
	At           time.Time
	Took         time.Duration
	Kind         string // "GET conversations", "POST note", …: the method and what it is about
	Path         string // method and path, with {id} in place of ids
	Conversation string // the conversation in the path, if there is one
	Status       int    // 0 when no answer came
	Err          error  // what the caller was told
}

// Watch has every call that this client makes from now on told to see, which must not wait for anything. A call that
// the client holds back, since nothing is left of the rate limit, is none. Set it before the client is used.
func (c *Client) Watch(see func(Made)) { c.see = see }

// made tells of a call that began at the given time.
func (c *Client) made(k call, began time.Time, status int, err error) {
	if c.see == nil {
		return
	}
	path, conversation := pattern(k.path)
	kind := k.method + " " + strings.Trim(strings.ReplaceAll(path, "/{id}", ""), "/")
	if r, ok := k.in.(reply); ok {
		kind = k.method + " " + r.MessageType
	}
	c.see(Made{
		At: began, Took: c.now().Sub(began), Kind: kind, Path: k.method + " " + path, Conversation: conversation,
		Status: status, Err: err,
	})
}

// anID is what stands for an id in a path: none of the words in Intercom's paths has a digit.
var anID = regexp.MustCompile(`^[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*$`)

// pattern takes the ids out of a path, and the query, and answers the conversation that the path names.
func pattern(path string) (shape, conversation string) {
	path, _, _ = strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if !anID.MatchString(part) {
			continue
		}
		if i > 0 && parts[i-1] == "conversations" {
			conversation = part
		}
		parts[i] = "{id}"
	}
	return strings.Join(parts, "/"), conversation
}

// Plain says why a call failed in one sentence for the people of the workspace. It holds nothing that Intercom quotes
// from what was sent, but Intercom's own code.
func Plain(err error) string {
	var failed *Error
	if !errors.As(err, &failed) {
		return "The call could not be made."
	}
	switch _, limited := failed.RateLimited(); {
	case failed.Status == 0:
		return "Intercom did not answer in time, or the connection broke."
	case failed.Cause != nil:
		return "Intercom's answer was cut off or is not what it documents."
	case limited:
		return "Intercom's limit of calls was used up; it is tried again when the limit is over."
	case failed.Unauthorized():
		return "Intercom refuses our access: somebody has to sign in with Intercom again." + failed.code()
	case failed.Status == 403:
		return "Intercom does not allow this: the app lacks a permission, or the plan does not include it." + failed.code()
	case failed.NotFound():
		return "Intercom knows no such thing, or not any more." + failed.code()
	case failed.Gone():
		return "The contact was merged into another one." + failed.code()
	case failed.Status >= 500:
		return "Intercom broke down or is being worked on." + failed.code()
	}
	return "Intercom did not take what was sent." + failed.code()
}

// plainCode is what Intercom's codes look like.
var plainCode = regexp.MustCompile(`^[a-z_]{1,64}$`)

// code is Intercom's code as a half sentence, where it is one.
func (e *Error) code() string {
	if !plainCode.MatchString(e.Code) {
		return ""
	}
	return " Its code: " + e.Code + "."
}
