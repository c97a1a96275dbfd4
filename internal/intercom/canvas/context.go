package canvas

import (
	"cmp"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Where a Messenger card is shown (docs: canvas-kit, context). LocationOperator means Workflows.
// Inbox requests were seen with a location too, so it does not tell the Inbox from the Messenger.
const (
	LocationHome         = "home"
	LocationConversation = "conversation"
	LocationMessage      = "message"
	LocationOperator     = "operator"
)

// Context says where a card is shown. Which fields are set depends on the location; ConversationID
// is empty while a card is being put into a Workflow, a Message or the Messenger's home.
type Context struct {
	ConversationID   string
	Location         string
	Locale           string // the Messenger's language, such as en or pt-BR
	ActionColour     string
	BackgroundColour string
	Referrer         string // address of the page with the Messenger
}

// UnmarshalJSONFrom reads both spellings of the colours: the field table says colour, the examples color.
func (c *Context) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var v struct {
		ConversationID   conversationNumber `json:"conversation_id"`
		Location         string             `json:"location"`
		Locale           string             `json:"locale"`
		ActionColour     string             `json:"messenger_action_colour"`
		ActionColor      string             `json:"messenger_action_color"`
		BackgroundColour string             `json:"messenger_background_colour"`
		BackgroundColor  string             `json:"messenger_background_color"`
		Referrer         string             `json:"referrer"`
	}
	if err := decodeFrom(dec, &v, nil); err != nil {
		return fmt.Errorf("context: %w", err)
	}
	*c = Context{
		ConversationID:   string(v.ConversationID),
		Location:         v.Location,
		Locale:           v.Locale,
		ActionColour:     cmp.Or(v.ActionColour, v.ActionColor),
		BackgroundColour: cmp.Or(v.BackgroundColour, v.BackgroundColor),
		Referrer:         v.Referrer,
	}
	return nil
}
