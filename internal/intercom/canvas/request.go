package canvas

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// request holds every documented key of every request; the public types pick theirs from it.
type request struct {
	WorkspaceID         string                `json:"workspace_id"`
	WorkspaceRegion     string                `json:"workspace_region"`
	ComponentID         string                `json:"component_id"`
	Admin               *Admin                `json:"admin"`
	Context             Context               `json:"context"`
	Conversation        requestedConversation `json:"conversation"`
	Contact             *Person               `json:"contact"`
	Customer            *Person               `json:"customer"`
	User                json.RawMessage       `json:"user"` // a person, in an open-sheet request a string
	CardCreationOptions Values                `json:"card_creation_options"`
	InputValues         InputValues           `json:"input_values"`
	SheetValues         Values                `json:"sheet_values"`
	CurrentCanvas       Shown                 `json:"current_canvas"`
	Canvas              Shown                 `json:"canvas"`
	Topic               string                `json:"topic"` // only webhooks have one
}

// shape says which keys make a body a request of one kind. The signature covers the body alone, not
// the address, so a body that was signed for one address can be sent to another.
type shape struct {
	kind   string
	need   []string
	refuse []string
}

// read decodes a body strictly and checks that it is of this shape.
func (s shape) read(body []byte) (request, error) {
	var r request
	present := make([]string, 0, 16)
	if err := decodeStrict(body, &r, &present); err != nil {
		return request{}, err
	}
	has := func(key string) bool { return slices.Contains(present, key) }
	for _, key := range append([]string{"workspace_id"}, s.need...) {
		if !has(key) {
			return request{}, fmt.Errorf("the body is not a %s request: it has no %s", s.kind, key)
		}
	}
	for _, key := range append([]string{"topic"}, s.refuse...) {
		if has(key) {
			return request{}, fmt.Errorf("the body is not a %s request: it has %s", s.kind, key)
		}
	}
	return r, r.checkIdentity(has)
}

func (r request) checkIdentity(has func(string) bool) error {
	switch {
	case !IsWorkspaceID(r.WorkspaceID):
		return errors.New("workspace_id must be 1 to 64 letters, digits, - or _")
	case has("component_id") && r.ComponentID == "":
		return errors.New("component_id must not be empty")
	case has("conversation") && r.Conversation.id == "":
		return errors.New("conversation has no id")
	case has("admin") && r.Admin.ID == "":
		return errors.New("admin has no id")
	}
	in, about := r.Context.ConversationID, r.Conversation.id
	if in != "" && about != "" && in != about {
		return fmt.Errorf("context names the conversation %s and conversation names %s", in, about)
	}
	return nil
}

// person is the customer: contact, else customer, else user. The pages and versions of Canvas Kit
// disagree on the key (docs: canvas-kit; changelog of 1.3), so the first one present counts.
func (r request) person() (*Person, error) {
	if r.Contact != nil {
		return r.Contact, nil
	}
	if r.Customer != nil {
		return r.Customer, nil
	}
	if r.User == nil || string(r.User) == "null" {
		return nil, nil
	}
	p := new(Person)
	if err := decodeWhole(r.User, p); err != nil {
		return nil, fmt.Errorf("user: %w", err)
	}
	return p, nil
}

// requestedConversation is the conversation of an Inbox request, whole and unread but for its id.
type requestedConversation struct {
	id  string
	raw json.RawMessage
}

func (c *requestedConversation) UnmarshalJSON(raw []byte) error {
	var v struct {
		ID conversationNumber `json:"id"`
	}
	if err := decode(raw, &v); err != nil {
		return fmt.Errorf("conversation: %w", err)
	}
	c.id, c.raw = string(v.ID), slices.Clone(raw)
	return nil
}

// InputValues are the answers on a canvas by component id. A single-select, dropdown, input or
// textarea gives one string, a checkbox the ids of its ticked options.
type InputValues map[string][]string

// UnmarshalJSONFrom reads strings and lists of strings; null is no answer.
func (v *InputValues) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if kind := dec.PeekKind(); kind != '{' && kind != 'n' {
		return errors.New("input_values must be an object")
	}
	*v = InputValues{}
	return eachMember(dec, func(key []byte) error {
		id := string(key)
		switch dec.PeekKind() {
		case '"':
			one, err := dec.ReadToken()
			(*v)[id] = []string{one.String()}
			return err
		case 'n':
			return dec.SkipValue()
		}
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		var many []string
		if json.Unmarshal(raw, &many) != nil {
			return fmt.Errorf("input_values: %q must be a string or a list of strings", id)
		}
		(*v)[id] = many
		return nil
	})
}

// Get returns the first answer of a component, or "".
func (v InputValues) Get(id string) string {
	if len(v[id]) == 0 {
		return ""
	}
	return v[id][0]
}
