package intercom

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Conversation reads a conversation with its newest 500 parts (GET /conversations/{id}). Bodies are HTML.
func (c *Client) Conversation(ctx context.Context, id string) (Conversation, error) {
	path, err := conversationPath(id, "")
	if err != nil {
		return Conversation{}, err
	}
	var conv Conversation
	err = c.do(ctx, call{method: http.MethodGet, path: path, out: &conv})
	return conv, err
}

// RatingRequestedAt is when Intercom asked for its own rating the last time, answered or not; zero for never. Only
// versions before 2.15 show a request that waits for its answer.
func (c *Client) RatingRequestedAt(ctx context.Context, id string) (time.Time, error) {
	path, err := conversationPath(id, "")
	if err != nil {
		return time.Time{}, err
	}
	var conv Conversation
	err = c.do(ctx, call{method: http.MethodGet, path: path, version: versionRequests, out: &conv})
	return conv.RatingRequestedAt, err
}

// reply is the body of POST /conversations/{id}/reply and /parts.
type reply struct {
	MessageType  string             `json:"message_type"`
	Type         string             `json:"type"`
	AdminID      string             `json:"admin_id"`
	Body         string             `json:"body,omitempty"`
	ReplyOptions []QuickReplyOption `json:"reply_options,omitempty"`
}

// Note adds a private note as a teammate; html may hold headings, lists, b and a. A note does not
// reopen a conversation. It answers with the part that Intercom made.
func (c *Client) Note(ctx context.Context, conversation, adminID, html string) (Part, error) {
	return c.reply(ctx, conversation, reply{MessageType: "note", AdminID: adminID, Body: html})
}

// Comment answers the customer as a teammate, in the conversation's channel.
func (c *Client) Comment(ctx context.Context, conversation, adminID, html string) (Part, error) {
	return c.reply(ctx, conversation, reply{MessageType: "comment", AdminID: adminID, Body: html})
}

// QuickReply offers buttons in the Messenger. It takes no text: send a Comment before it. The answer
// comes as a comment of the contact, and very likely reopens a closed conversation.
func (c *Client) QuickReply(ctx context.Context, conversation, adminID string, options []QuickReplyOption) (Part, error) {
	return c.reply(ctx, conversation, reply{MessageType: "quick_reply", AdminID: adminID, ReplyOptions: options})
}

func (c *Client) reply(ctx context.Context, conversation string, r reply) (Part, error) {
	path, err := conversationPath(conversation, "/reply")
	if err != nil {
		return Part{}, err
	}
	r.Type = "admin"
	var conv Conversation // with just the new part
	if err := c.do(ctx, call{method: http.MethodPost, path: path, in: r, out: &conv}); err != nil {
		return Part{}, err
	}
	if len(conv.Parts) == 0 {
		return Part{}, nil
	}
	return conv.Parts[len(conv.Parts)-1], nil
}

// CloseConversation closes a conversation as a teammate (POST /conversations/{id}/parts).
func (c *Client) CloseConversation(ctx context.Context, conversation, adminID string) error {
	path, err := conversationPath(conversation, "/parts")
	if err != nil {
		return err
	}
	return c.do(ctx, call{
		method: http.MethodPost, path: path,
		in: reply{MessageType: "close", Type: "admin", AdminID: adminID},
	})
}

// TagConversation puts a tag on a conversation as a teammate (POST /conversations/{id}/tags).
func (c *Client) TagConversation(ctx context.Context, conversation, tagID, adminID string) error {
	path, err := conversationPath(conversation, "/tags")
	if err != nil {
		return err
	}
	in := map[string]string{"id": tagID, "admin_id": adminID}
	return c.do(ctx, call{method: http.MethodPost, path: path, in: in})
}

// CreateTag makes a tag, or finds the one with this name (POST /tags).
func (c *Client) CreateTag(ctx context.Context, name string) (Tag, error) {
	var tag Tag
	in := map[string]string{"name": name}
	err := c.do(ctx, call{method: http.MethodPost, path: "/tags", in: in, out: &tag})
	return tag, err
}

// RateConversation answers Intercom's newest rating request for the contact who got it, 1 to 5
// (POST /conversations/{id}/rating, API 2.17). It cannot make a request: without an open one, or
// after a remark, it fails, and that says nothing against our own rating.
func (c *Client) RateConversation(ctx context.Context, conversation, contactID string, score int, remark string) error {
	path, err := conversationPath(conversation, "/rating")
	if err != nil {
		return err
	}
	if score < 1 || score > 5 {
		return errors.New("Intercom's own rating must be 1 to 5")
	}
	in := struct {
		ContactID string `json:"intercom_user_id"`
		Score     int    `json:"rating"`
		Remark    string `json:"remark,omitempty"`
	}{contactID, score, remark}
	return c.do(ctx, call{method: http.MethodPost, path: path, version: versionRating, in: in})
}
