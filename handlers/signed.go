package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"rerate/internal/intercom"
	"rerate/internal/survey"
)

// verifier is one of Intercom's two signatures.
type verifier struct {
	header string
	verify func(secrets []string, header http.Header, body []byte) error
}

var (
	bodySignature = verifier{intercom.BodySignatureHeader, intercom.VerifyBody}
	hubSignature  = verifier{intercom.HubSignatureHeader, intercom.VerifyHub}
)

// errNotSigned says that Intercom did not send the request. The answer says nothing more.
var errNotSigned = echo.NewHTTPError(http.StatusUnauthorized)

// signed refuses a request without exactly one signature before its body is read, so that a large one costs nothing.
func (s *site) signed(v verifier) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			answerAs(c, asJSON)
			if len(c.Request().Header[v.header]) != 1 {
				s.Calls.WrongSignature(s.Now())
				return errNotSigned
			}
			return next(c)
		}
	}
}

// readSigned reads the body and checks its signature. Only then is anything in it looked at, and errors are
// answered in the way that the caller understands.
func (s *site) readSigned(v verifier, as answer) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			// A call's usual length is made room for at once; what the caller says of a longer one is not believed.
			read := bytes.NewBuffer(make([]byte, 0, bytes.MinRead+max(0, min(c.Request().ContentLength, 8<<10))))
			if _, err := read.ReadFrom(c.Request().Body); err != nil {
				return err
			}
			body := read.Bytes()
			if err := v.verify(s.config.ClientSecrets, c.Request().Header, body); err != nil {
				s.Calls.WrongSignature(s.Now())
				return errNotSigned.WithInternal(err)
			}
			answerAs(c, as)
			c.Set(bodyKey, body)
			return next(c)
		}
	}
}

const bodyKey = "signed body"

// signedBody is the body whose signature was checked.
func signedBody(c echo.Context) []byte {
	body, _ := c.Get(bodyKey).([]byte)
	return body
}

// call decodes a signed body strictly, hands it to a use-case and answers with what that returns.
func call[In, Out any](decode func([]byte) (In, error), do func(context.Context, In) (Out, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		in, err := decode(signedBody(c))
		if err != nil {
			return unreadable(err)
		}
		identify(c, in)
		out, err := do(c.Request().Context(), in)
		if err != nil {
			return err
		}
		return sendJSON(c, http.StatusOK, out)
	}
}

// unreadable is the error for a signed body that is not what its address takes.
func unreadable(cause error) error {
	return survey.Error{Code: survey.Invalid, Sentence: "The request is not one that this address takes.", Cause: cause}
}

// sendJSON writes the whole answer at once, so that a value that cannot be written is an error and not half an answer.
// What a card writes is sent as it is: encoding/json would check and copy it once more.
func sendJSON(c echo.Context, status int, value any) error {
	marshal := func() ([]byte, error) { return json.Marshal(value) }
	if card, ok := value.(json.Marshaler); ok {
		marshal = card.MarshalJSON
	}
	body, err := marshal()
	if err != nil {
		return err
	}
	return c.JSONBlob(status, body)
}
