package canvas

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Action is what happens when a component is used: Submit, URL, Sheet, or UnknownAction.
type Action interface {
	// Validate says in one sentence what Intercom would not take.
	Validate() error
}

// Submit sends the canvas's values to the app's submit address.
type Submit struct {
	Extra Extra `json:"-"`
}

// URL opens an address in a new tab.
type URL struct {
	URL   string `json:"url"`
	Extra Extra  `json:"-"`
}

// Sheet opens a page of ours in a frame over the Messenger; not available in the Inbox.
type Sheet struct {
	URL   string `json:"url"`
	Extra Extra  `json:"-"`
}

// UnknownAction is an action of a type that this package does not know, kept as it came.
type UnknownAction struct {
	Type string
	Raw  json.RawMessage
}

func decodeAction(raw json.RawMessage) (Action, error) {
	if raw == nil || string(raw) == "null" {
		return nil, nil
	}
	kind, err := typeOf(raw)
	if err != nil {
		return nil, fmt.Errorf("action: %w", err)
	}
	switch kind {
	case "submit":
		var a Submit
		err = json.Unmarshal(raw, &a)
		return a, err
	case "url":
		var a URL
		err = json.Unmarshal(raw, &a)
		return a, err
	case "sheet":
		var a Sheet
		err = json.Unmarshal(raw, &a)
		return a, err
	}
	return UnknownAction{Type: kind, Raw: raw}, nil
}

func (Submit) kind() string { return "submit" }

// MarshalJSON writes the action with its type.
func (a Submit) MarshalJSON() ([]byte, error) { return encode(a) }

// UnmarshalJSON reads the action and keeps unknown keys.
func (a *Submit) UnmarshalJSON(raw []byte) error { return decode(raw, a) }

// Validate finds nothing: a submit has no fields.
func (a Submit) Validate() error { return nil }

func (URL) kind() string { return "url" }

// MarshalJSON writes the action with its type.
func (a URL) MarshalJSON() ([]byte, error) { return encode(a) }

// UnmarshalJSON reads the action and keeps unknown keys.
func (a *URL) UnmarshalJSON(raw []byte) error { return decode(raw, a) }

// Validate wants an https address: an empty one crashes the whole card.
func (a URL) Validate() error { return actionURL(a.URL) }

func (Sheet) kind() string { return "sheet" }

// MarshalJSON writes the action with its type.
func (a Sheet) MarshalJSON() ([]byte, error) { return encode(a) }

// UnmarshalJSON reads the action and keeps unknown keys.
func (a *Sheet) UnmarshalJSON(raw []byte) error { return decode(raw, a) }

// Validate wants an https address.
func (a Sheet) Validate() error { return actionURL(a.URL) }

// MarshalJSON writes the action as it came.
func (a UnknownAction) MarshalJSON() ([]byte, error) { return a.Raw, nil }

// Validate refuses it: only documented actions may be sent.
func (a UnknownAction) Validate() error {
	return fmt.Errorf("action type %q is not one that Canvas Kit documents", a.Type)
}

func actionURL(address string) error {
	if why := urlFault(address); why != "" {
		return errors.New("action url " + why)
	}
	return nil
}
