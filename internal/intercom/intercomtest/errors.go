package intercomtest

import "net/http"

// Error is Intercom's refusal: the HTTP status and the entry of its error list.
type Error struct {
	Status  int
	Code    string
	Message string
	Field   string
	Link    string // the Link header of a merged contact
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

func notFound(message string) *Error {
	return &Error{Status: http.StatusNotFound, Code: "not_found", Message: message}
}

func invalid(message string) *Error {
	return &Error{Status: http.StatusBadRequest, Code: "parameter_invalid", Message: message}
}

func missing(message string) *Error {
	return &Error{Status: http.StatusBadRequest, Code: "parameter_not_found", Message: message}
}

func unprocessable(message string) *Error {
	return &Error{Status: http.StatusUnprocessableEntity, Code: "parameter_invalid", Message: message}
}
