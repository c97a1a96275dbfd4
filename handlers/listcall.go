package handlers

import (
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"rerate/internal/intercom"
	"rerate/internal/intercom/canvas"
	"rerate/internal/survey"
	"rerate/models"
)

// listCall puts a signed call into the list of calls, once it is answered. It stands behind the check of the signature:
// who has not signed is nobody whose calls could be listed.
func (s *site) listCall(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		began, panicked := s.Now(), true
		ctx, call := survey.Answering(c.Request().Context())
		c.SetRequest(c.Request().WithContext(ctx))
		c.Set(callKey, call)
		defer func() {
			status := c.Response().Status
			if panicked {
				status, call.Outcome, call.Reason = http.StatusInternalServerError, models.CallFailed, "Rerate broke down over this call."
			}
			if s.config.Meter != nil {
				s.config.Meter.Asked(c.Path(), string(call.Outcome), call.Repeated)
			}
			if call.Workspace == "" {
				s.Calls.Unreadable(began)
				return
			}
			s.Calls.Add(models.Call{
				WorkspaceID: call.Workspace, At: began, Direction: models.FromThem, Kind: kindOf(c), Path: c.Request().Method + " " + c.Path(),
				ConversationID: call.Conversation, Test: call.Test, Status: status, Outcome: call.Outcome, Reason: call.Reason,
				Micros: s.Now().Sub(began).Microseconds(),
			})
		}()
		if err := next(c); err != nil {
			takeDown(c, err)
			c.Error(err) // so that its status is known here
		}
		panicked = false
		return nil
	}
}

const (
	callKey      = "call"
	callTopicKey = "call topic"
)

// callOf is the call that is being answered.
func callOf(c echo.Context) *survey.Answered {
	if call, ok := c.Get(callKey).(*survey.Answered); ok {
		return call
	}
	return &survey.Answered{}
}

// kindOf names a call of Intercom's: "messenger submit", "health", or a webhook's topic.
func kindOf(c echo.Context) string {
	if topic, ok := c.Get(callTopicKey).(string); ok {
		return topic
	}
	path := strings.TrimPrefix(strings.TrimPrefix(c.Path(), "/canvas/"), "/intercom/")
	if path == "/webhooks/intercom" {
		return "webhook"
	}
	return strings.ReplaceAll(path, "/", " ")
}

// plainTopic is what the topics of webhooks look like.
var plainTopic = regexp.MustCompile(`^[a-z0-9_.]{1,64}$`)

// identify says for the list of calls whose call it is, and about what.
func identify(c echo.Context, in any) {
	call := callOf(c)
	switch in := in.(type) {
	case canvas.MessengerInitialize:
		call.Workspace, call.Conversation = in.WorkspaceID, in.Context.ConversationID
	case canvas.MessengerSubmit:
		call.Workspace, call.Conversation = in.WorkspaceID, in.Context.ConversationID
	case canvas.Configure:
		call.Workspace, call.Conversation = in.WorkspaceID, in.Context.ConversationID
	case canvas.Live:
		call.Workspace, call.Conversation = in.WorkspaceID, in.Context.ConversationID
	case canvas.InboxInitialize:
		call.Workspace, call.Conversation = in.WorkspaceID, in.ConversationID
	case canvas.InboxSubmit:
		call.Workspace, call.Conversation = in.WorkspaceID, in.ConversationID
	case intercom.Notification:
		call.Workspace = in.AppID
		call.Conversation, _ = in.ConversationID()
		if plainTopic.MatchString(in.Topic) {
			c.Set(callTopicKey, in.Topic)
		}
	case string: // uninstall and health tell the workspace alone
		call.Workspace = in
	}
}

// takeDown says for the list of calls why a call was not honoured, in words for the team.
func takeDown(c echo.Context, cause error) {
	call := callOf(c)
	var told survey.Error
	switch {
	case errors.As(cause, &told) && told.Code != survey.Unavailable:
		call.Outcome, call.Reason = models.CallRefused, told.Sentence
		if told.Code == survey.Invalid && call.Workspace == "" {
			call.Workspace, _ = intercom.WorkspaceOf(signedBody(c))
			call.Reason += " " + detailOf(told.Cause)
		}
	default:
		call.Outcome, call.Reason = models.CallFailed, "Rerate could not do what was asked; its log says why."
	}
}

// detailOf is why a signed body could not be read: in our own words and the names of its fields.
func detailOf(cause error) string {
	if cause == nil {
		return ""
	}
	return "In detail: " + shortened(cause.Error(), 200) + "."
}
