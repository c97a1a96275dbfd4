package canvas

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// MessengerInitialize asks for the first canvas: when a card is added to a reply, a Workflow, a
// Message or the Messenger's home, and again when a Workflow runs. It names no person.
type MessengerInitialize struct {
	WorkspaceID         string
	WorkspaceRegion     string // US, EU or AU
	Context             Context
	CardCreationOptions Values // the results of configure, or what our Inbox submit returned
}

var messengerInitialize = shape{
	kind:   "Messenger initialize",
	need:   []string{"context"},
	refuse: []string{"component_id", "current_canvas", "input_values", "sheet_values", "canvas", "conversation"},
}

// DecodeMessengerInitialize reads a body, which must be of this kind and no other.
func DecodeMessengerInitialize(body []byte) (MessengerInitialize, error) {
	r, err := messengerInitialize.read(body)
	if err != nil {
		return MessengerInitialize{}, err
	}
	if r.Admin != nil && r.CardCreationOptions == nil {
		return MessengerInitialize{}, errors.New("the body is not a Messenger initialize request: with admin and no card_creation_options it is a configure request")
	}
	return MessengerInitialize{
		WorkspaceID:         r.WorkspaceID,
		WorkspaceRegion:     r.WorkspaceRegion,
		Context:             r.Context,
		CardCreationOptions: r.CardCreationOptions,
	}, nil
}

// MessengerSubmit says that a customer used a component with a submit action.
type MessengerSubmit struct {
	WorkspaceID     string
	WorkspaceRegion string
	ComponentID     string // the used component; for a list the item
	Context         Context
	CurrentCanvas   Shown
	InputValues     InputValues
	Person          *Person // nil when the body names none
	BodyHash        string  // SHA-256 of the body in hex: the same body has the same
}

var messengerSubmit = shape{
	kind:   "Messenger submit",
	need:   []string{"component_id", "current_canvas"},
	refuse: []string{"admin", "conversation", "sheet_values", "canvas"},
}

// DecodeMessengerSubmit reads a body, which must be of this kind and no other.
func DecodeMessengerSubmit(body []byte) (MessengerSubmit, error) {
	r, err := messengerSubmit.read(body)
	if err != nil {
		return MessengerSubmit{}, err
	}
	person, err := r.person()
	hash := sha256.Sum256(body)
	return MessengerSubmit{
		BodyHash:        hex.EncodeToString(hash[:]),
		WorkspaceID:     r.WorkspaceID,
		WorkspaceRegion: r.WorkspaceRegion,
		ComponentID:     r.ComponentID,
		Context:         r.Context,
		CurrentCanvas:   r.CurrentCanvas,
		InputValues:     r.InputValues,
		Person:          person,
	}, err
}

// Live asks for the content of a live canvas, each time somebody looks at the card.
type Live struct {
	WorkspaceID     string
	WorkspaceRegion string
	Context         Context
	Canvas          Shown
	Person          *Person // who looks; nil when the body names none
}

var live = shape{
	kind:   "live canvas",
	need:   []string{"canvas"},
	refuse: []string{"component_id", "current_canvas", "input_values", "sheet_values", "admin", "conversation"},
}

// DecodeLive reads a body, which must be of this kind and no other.
func DecodeLive(body []byte) (Live, error) {
	r, err := live.read(body)
	if err != nil {
		return Live{}, err
	}
	person, err := r.person()
	return Live{
		WorkspaceID:     r.WorkspaceID,
		WorkspaceRegion: r.WorkspaceRegion,
		Context:         r.Context,
		Canvas:          r.Canvas,
		Person:          person,
	}, err
}

// Configure lets a teammate set a card up before it is added. The first request has no ComponentID.
type Configure struct {
	WorkspaceID     string
	WorkspaceRegion string
	Admin           Admin
	Context         Context
	ComponentID     string
	CurrentCanvas   Shown
	InputValues     InputValues
}

var configure = shape{
	kind:   "configure",
	need:   []string{"admin", "context"},
	refuse: []string{"conversation", "sheet_values", "canvas", "card_creation_options"},
}

// DecodeConfigure reads a body, which must be of this kind and no other.
func DecodeConfigure(body []byte) (Configure, error) {
	r, err := configure.read(body)
	if err != nil {
		return Configure{}, err
	}
	if r.ComponentID != "" && r.CurrentCanvas.content == nil {
		return Configure{}, errors.New("the configure request has a component_id and no current_canvas")
	}
	return Configure{
		WorkspaceID:     r.WorkspaceID,
		WorkspaceRegion: r.WorkspaceRegion,
		Admin:           *r.Admin,
		Context:         r.Context,
		ComponentID:     r.ComponentID,
		CurrentCanvas:   r.CurrentCanvas,
		InputValues:     r.InputValues,
	}, nil
}
