package handlers

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
)

// refusals say what a status means where nothing more exact is known.
var refusals = map[int]string{
	http.StatusNotFound:              "There is no such address, or no such thing in this workspace.",
	http.StatusMethodNotAllowed:      "This address does not take that method; the Allow header says which it takes.",
	http.StatusRequestEntityTooLarge: "The body is too large.",
	http.StatusUnprocessableEntity:   "What was sent cannot be used; errors says why.",
	http.StatusInternalServerError:   "Something went wrong on our side. It is logged under the id in the X-Request-Id header.",
	http.StatusServiceUnavailable:    "The database does not answer in time. Please try again.",
}

// problem is what callers are told of an error: problem details, RFC 9457.
func problem(status int, detail string, errs ...*huma.ErrorDetail) *huma.ErrorModel {
	return &huma.ErrorModel{
		Title: http.StatusText(status), Status: status, Detail: cmp.Or(detail, refusals[status]), Errors: errs,
	}
}

// invalid is the problem of one field or query parameter, such as "query.from".
func invalid(location, sentence string) *huma.ErrorModel {
	return problem(http.StatusUnprocessableEntity, "", &huma.ErrorDetail{Location: location, Message: sentence})
}

// problemFrom turns any error into what callers may know of it.
func problemFrom(err error) *huma.ErrorModel {
	var told *huma.ErrorModel
	if errors.As(err, &told) {
		return told
	}
	status, sentence := statusOf(err)
	var fields rating.Problems
	if !errors.As(err, &fields) {
		return problem(status, sentence)
	}
	p := problem(status, "")
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		p.Errors = append(p.Errors, &huma.ErrorDetail{Location: "body." + field, Message: fields[field]})
	}
	return p
}

// plainProblem gives the library's own problems our words, and keeps out of them what was sent and what failed inside.
func plainProblem(_ huma.Context, _ string, answer any) (any, error) {
	p, ok := answer.(*huma.ErrorModel)
	if !ok {
		return answer, nil
	}
	if sentence := refusals[p.Status]; len(p.Errors) > 0 && sentence != "" {
		p.Detail = sentence
	}
	if p.Status >= http.StatusInternalServerError {
		p.Errors = nil
	}
	for _, e := range p.Errors {
		e.Value = nil
	}
	return p, nil
}

// answerProblems answers errors below apiRoot that no operation could answer, such as 404 and 405; pages answers all
// others.
func answerProblems(pages echo.HTTPErrorHandler) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if path := c.Request().URL.Path; path != apiRoot && !strings.HasPrefix(path, apiRoot+"/") {
			pages(err, c)
			return
		}
		note(c, err)
		if c.Response().Committed {
			return
		}
		if err := sendProblem(c, problemFrom(err)); err != nil {
			note(c, err)
		}
	}
}

func sendProblem(c echo.Context, p *huma.ErrorModel) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return c.Blob(p.Status, p.ContentType(echo.MIMEApplicationJSON), body)
}
