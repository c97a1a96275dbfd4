package canvas

import "encoding/json"

// InboxInitialize asks for the canvas beside a conversation: when the app is added to the
// conversation details, and each time a teammate moves to another conversation or participant.
// In a group conversation each participant has one request.
type InboxInitialize struct {
	WorkspaceID     string
	WorkspaceRegion string
	Admin           Admin
	ConversationID  string
	Conversation    json.RawMessage // Intercom's conversation model
	Person          *Person         // nil when the body names none
}

var inboxInitialize = shape{
	kind:   "Inbox initialize",
	need:   []string{"admin", "conversation"},
	refuse: []string{"component_id", "current_canvas", "input_values", "sheet_values", "canvas"},
}

// DecodeInboxInitialize reads a body, which must be of this kind and no other.
func DecodeInboxInitialize(body []byte) (InboxInitialize, error) {
	r, err := inboxInitialize.read(body)
	if err != nil {
		return InboxInitialize{}, err
	}
	person, err := r.person()
	return InboxInitialize{
		WorkspaceID:     r.WorkspaceID,
		WorkspaceRegion: r.WorkspaceRegion,
		Admin:           *r.Admin,
		ConversationID:  r.Conversation.id,
		Conversation:    r.Conversation.raw,
		Person:          person,
	}, err
}

// InboxSubmit says that a teammate used a component beside a conversation.
type InboxSubmit struct {
	WorkspaceID     string
	WorkspaceRegion string
	ComponentID     string
	Admin           Admin
	ConversationID  string
	Conversation    json.RawMessage
	CurrentCanvas   Shown
	InputValues     InputValues
	Person          *Person // nil when the body names none
}

var inboxSubmit = shape{
	kind:   "Inbox submit",
	need:   []string{"component_id", "current_canvas", "admin", "conversation"},
	refuse: []string{"sheet_values", "canvas"},
}

// DecodeInboxSubmit reads a body, which must be of this kind and no other.
func DecodeInboxSubmit(body []byte) (InboxSubmit, error) {
	r, err := inboxSubmit.read(body)
	if err != nil {
		return InboxSubmit{}, err
	}
	person, err := r.person()
	return InboxSubmit{
		WorkspaceID:     r.WorkspaceID,
		WorkspaceRegion: r.WorkspaceRegion,
		ComponentID:     r.ComponentID,
		Admin:           *r.Admin,
		ConversationID:  r.Conversation.id,
		Conversation:    r.Conversation.raw,
		CurrentCanvas:   r.CurrentCanvas,
		InputValues:     r.InputValues,
		Person:          person,
	}, err
}
