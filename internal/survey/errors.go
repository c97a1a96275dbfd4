package survey

// Code is the kind of an Error; handlers turn it into a status.
type Code string

// The codes.
const (
	Invalid      Code = "invalid"      // what was sent cannot be honoured
	NotFound     Code = "not_found"    // there is no such thing in this workspace
	Forbidden    Code = "forbidden"    // the person may not do this
	Conflict     Code = "conflict"     // it contradicts what is stored
	Unavailable  Code = "unavailable"  // Intercom or the database does not answer; try again
	Unauthorized Code = "unauthorized" // Intercom refuses; sign in again
)

// Error is a failure that a person is told of in one sentence.
type Error struct {
	Code     Code
	Sentence string
	Cause    error // logged, never shown
}

// Error is the sentence, with the cause for logs.
func (e Error) Error() string {
	if e.Cause == nil {
		return e.Sentence
	}
	return e.Sentence + " (" + e.Cause.Error() + ")"
}

// Unwrap is the cause.
func (e Error) Unwrap() error { return e.Cause }
