package canvas

import (
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	digits  = "0123456789"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// IsWorkspaceID says whether text can be the id of a workspace: 1 to 64 letters, digits, - or _.
func IsWorkspaceID(text string) bool { return isOf(letters+digits+"_-", 64, text) }

// IsConversationID says whether text can be the id of a conversation: 1 to 20 digits. Nothing else
// may reach a path of the REST API, where the id "last" has a meaning of its own.
func IsConversationID(text string) bool { return isOf(digits, 20, text) }

func isOf(characters string, most int, text string) bool {
	return text != "" && len(text) <= most && strings.Trim(text, characters) == ""
}

// ID is an id of Intercom's, kept as text. Most are JSON strings; some versions write numbers.
type ID string

// UnmarshalJSON reads a string, or a number digit by digit; null leaves the id empty.
func (i *ID) UnmarshalJSON(raw []byte) error { return decodeWhole(raw, i) }

// UnmarshalJSONFrom is UnmarshalJSON on the way through a document.
func (i *ID) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case '"', '0':
		token, err := dec.ReadToken()
		*i = ID(token.String())
		return err
	case 'n':
		return dec.SkipValue()
	}
	if err := dec.SkipValue(); err != nil {
		return err
	}
	return errors.New("an id must be a string or a number")
}

// conversationNumber is a conversation's id: a number in the docs' context, a string elsewhere, 15
// digits today.
type conversationNumber string

func (n *conversationNumber) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == 'n' {
		return dec.SkipValue()
	}
	var i ID
	if err := i.UnmarshalJSONFrom(dec); err != nil || !IsConversationID(string(i)) {
		return errors.New("a conversation's id must be 1 to 20 digits")
	}
	*n = conversationNumber(i)
	return nil
}
