package canvas

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Event tells Intercom that something happened, beside the new canvas.
type Event string

// Completed lets a Workflow that waits for the card go on; it is the only documented event.
const Completed Event = "completed"

// MarshalJSON writes the event as an object with a type.
func (e Event) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Type string `json:"type"`
	}{string(e)})
}

// UnmarshalJSON reads the object.
func (e *Event) UnmarshalJSON(raw []byte) error {
	var v struct {
		Type string `json:"type"`
	}
	if err := decode(raw, &v); err != nil {
		return err
	}
	*e = Event(v.Type)
	return nil
}

func (e Event) validate() error {
	if e != "" && e != Completed {
		return fmt.Errorf("event: type must be completed, not %q", string(e))
	}
	return nil
}

// InitializeResponse answers an initialize request, of the Messenger or of the Inbox.
type InitializeResponse struct {
	Canvas Canvas `json:"canvas"`
}

// MarshalJSON writes the answer.
func (r InitializeResponse) MarshalJSON() ([]byte, error) { return encode(r) }

// Validate checks the canvas.
func (r InitializeResponse) Validate() error { return r.Canvas.Validate() }

// SubmitResponse answers a Messenger submit or a sheet submit: the canvas takes the place of the shown one.
type SubmitResponse struct {
	Canvas Canvas `json:"canvas"`
	Event  Event  `json:"event,omitzero"`
}

// MarshalJSON writes the answer.
func (r SubmitResponse) MarshalJSON() ([]byte, error) { return encode(r) }

// Validate checks the canvas and the event.
func (r SubmitResponse) Validate() error {
	if err := r.Event.validate(); err != nil {
		return err
	}
	return r.Canvas.Validate()
}

// InboxSubmitResponse answers an Inbox submit. With CardCreationOptions Intercom calls the
// Messenger's initialize with them and puts that card into the teammate's composer.
type InboxSubmitResponse struct {
	Canvas              Canvas `json:"canvas"`
	CardCreationOptions Values `json:"card_creation_options,omitzero"`
	Event               Event  `json:"event,omitzero"`
}

// MarshalJSON writes the answer.
func (r InboxSubmitResponse) MarshalJSON() ([]byte, error) { return encode(r) }

// Validate checks the canvas and the event, and that the canvas is not live, which only the Messenger has.
func (r InboxSubmitResponse) Validate() error {
	if r.Canvas.ContentURL != "" {
		return errors.New("canvas: content_url is for the Messenger only")
	}
	if err := r.Event.validate(); err != nil {
		return err
	}
	return r.Canvas.Validate()
}

// ConfigureResponse answers a configure request: either a Canvas with the next step, or Results,
// which end the configuration and come back as card creation options in initialize.
type ConfigureResponse struct {
	Canvas  *Canvas `json:"canvas,omitempty"`
	Results Values  `json:"results,omitzero"`
}

// MarshalJSON writes the answer.
func (r ConfigureResponse) MarshalJSON() ([]byte, error) { return encode(r) }

// Validate wants exactly one of the two.
func (r ConfigureResponse) Validate() error {
	if (r.Canvas == nil) == (r.Results == nil) {
		return errors.New("configure: exactly one of canvas and results must be given")
	}
	if r.Canvas == nil {
		return nil
	}
	return r.Canvas.Validate()
}

// LiveResponse answers the request for a live canvas's content.
type LiveResponse struct {
	Content Content `json:"content"`
}

// MarshalJSON writes the answer.
func (r LiveResponse) MarshalJSON() ([]byte, error) { return encode(r) }

// Validate checks the content.
func (r LiveResponse) Validate() error { return r.Content.Validate() }
