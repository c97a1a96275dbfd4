package handlers

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
)

// answer is the form in which a caller understands an error.
type answer int

const (
	asPage       answer = iota
	asJSON              // an empty object: the status says all that Intercom uses
	asCanvas            // 200 with a card that says in plain words what is wrong
	asLiveCanvas        // the same, as the content of a live card
)

const answerKey = "answer as"

func answerAs(c echo.Context, a answer) { c.Set(answerKey, a) }

// statuses maps the codes of the use-cases.
var statuses = map[survey.Code]int{
	survey.Invalid:      http.StatusUnprocessableEntity,
	survey.NotFound:     http.StatusNotFound,
	survey.Forbidden:    http.StatusForbidden,
	survey.Conflict:     http.StatusConflict,
	survey.Unavailable:  http.StatusServiceUnavailable,
	survey.Unauthorized: http.StatusUnauthorized,
}

// statusOf maps an error to a status and the sentence that a person may read; "" leaves the status's own sentence.
func statusOf(err error) (status int, sentence string) {
	var told survey.Error
	var problems rating.Problems
	var refused *echo.HTTPError
	switch {
	case errors.As(err, &refused):
		return refused.Code, ""
	case errors.As(err, &told) && statuses[told.Code] != 0:
		return statuses[told.Code], told.Sentence
	case errors.As(err, &problems):
		return http.StatusUnprocessableEntity, problems.Error()
	case errors.Is(err, models.ErrNotFound):
		return http.StatusNotFound, ""
	case errors.Is(err, models.ErrLastAdmin):
		return http.StatusConflict, sentenceOf(err)
	case errors.Is(err, context.Canceled): // the caller went away; nobody reads the answer
		return http.StatusRequestTimeout, ""
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, ""
	}
	return http.StatusInternalServerError, ""
}

// sentenceOf turns an error's text into a sentence.
func sentenceOf(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// answerError is the one place that tells a caller of an error: as a page, as JSON, or as a card. What went wrong
// inside of us is only logged.
func (s *site) answerError(err error, c echo.Context) {
	note(c, err)
	if c.Response().Committed {
		return
	}
	status, sentence := statusOf(err)
	var failed error
	switch a, _ := c.Get(answerKey).(answer); {
	case c.Request().Method == http.MethodHead:
		failed = c.NoContent(status)
	case a == asCanvas:
		failed = sendJSON(c, http.StatusOK, map[string]any{"canvas": s.Unusable(err)})
	case a == asLiveCanvas:
		failed = sendJSON(c, http.StatusOK, map[string]any{"content": s.Unusable(err).Content})
	case a == asJSON:
		failed = sendJSON(c, status, nothing{})
	default:
		s.recognise(c)
		failed = render(c, status, views.Problem(views.ProblemProps{
			Page: s.page(c, http.StatusText(status)), Status: status, Message: sentence, ID: requestIDOf(c),
		}))
	}
	if failed != nil {
		note(c, failed)
	}
}

const noteKey = "noted error"

// note keeps an error for the request's line in the log.
func note(c echo.Context, err error) {
	before, _ := c.Get(noteKey).(error)
	c.Set(noteKey, errors.Join(before, err))
}

func noted(c echo.Context) error {
	err, _ := c.Get(noteKey).(error)
	return err
}
