package canvas

import (
	"encoding/json"
	"errors"
	"regexp"
)

var (
	workspaceID    = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	conversationID = regexp.MustCompile(`^[0-9]{1,20}$`)
)

// IsWorkspaceID says whether text can be the id of a workspace: 1 to 64 letters, digits, - or _.
func IsWorkspaceID(text string) bool { return workspaceID.MatchString(text) }

// IsConversationID says whether text can be the id of a conversation: 1 to 20 digits. Nothing else
// may reach a path of the REST API, where the id "last" has a meaning of its own.
func IsConversationID(text string) bool { return conversationID.MatchString(text) }

// ID is an id of Intercom's, kept as text. Most are JSON strings; some versions write numbers.
type ID string

// UnmarshalJSON reads a string, or a number digit by digit; null leaves the id empty.
func (i *ID) UnmarshalJSON(raw []byte) error {
	var text *string
	if err := json.Unmarshal(raw, &text); err == nil {
		if text != nil {
			*i = ID(*text)
		}
		return nil
	}
	var number json.Number
	if err := json.Unmarshal(raw, &number); err != nil {
		return errors.New("an id must be a string or a number")
	}
	*i = ID(number.String())
	return nil
}

// conversationNumber is a conversation's id: a number in the docs' context, a string elsewhere, 15
// digits today.
type conversationNumber string

func (n *conversationNumber) UnmarshalJSON(raw []byte) error {
	if string(raw) == "null" {
		return nil
	}
	var i ID
	if err := json.Unmarshal(raw, &i); err != nil || !IsConversationID(string(i)) {
		return errors.New("a conversation's id must be 1 to 20 digits")
	}
	*n = conversationNumber(i)
	return nil
}
