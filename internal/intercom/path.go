package intercom

import (
	"fmt"
	"net/url"
	"regexp"

	"rerate/internal/intercom/canvas"
)

var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// conversationPath builds the path to a conversation. Ids come from outside, and "last" is an id of
// its own to Intercom (OpenAPI 2.16, replyConversation), so only digits get in.
func conversationPath(id, rest string) (string, error) {
	if !canvas.IsConversationID(id) {
		return "", fmt.Errorf("%q cannot be the id of a conversation: it must be 1 to 20 digits", clip(id))
	}
	return "/conversations/" + url.PathEscape(id) + rest, nil
}

// pathTo builds the path to anything else that has an id.
func pathTo(before, id, after string) (string, error) {
	if !plainID.MatchString(id) {
		return "", fmt.Errorf("%q cannot be an id of Intercom's: it must be 1 to 64 letters, digits, - or _", clip(id))
	}
	return before + url.PathEscape(id) + after, nil
}
