package intercom

import (
	"context"
	"net/http"
)

// Query is one condition on conversations, or, with And and Or, several (POST /conversations/search).
// Fields have other names than in Conversation: conversation_rating.score, .requested_at, .replied_at.
// > and < are documented as "or equal"; queries nest two deep, with at most 15 conditions each.
type Query struct {
	Field    string `json:"field,omitempty"`
	Operator string `json:"operator"`
	Value    any    `json:"value"`
}

// And wants all conditions.
func And(all ...Query) Query { return Query{Operator: "AND", Value: all} }

// Or wants at least one condition.
func Or(some ...Query) Query { return Query{Operator: "OR", Value: some} }

// Page is one page of found conversations, without their parts.
type Page struct {
	Conversations []Conversation
	Total         int
	Next          string // cursor of the next page; empty on the last one
}

const searchPageSize = 150 // the most that Intercom gives

// SearchConversations reads one page; the cursor is empty for the first. The index lags behind by
// seconds to minutes, so let time ranges overlap.
func (c *Client) SearchConversations(ctx context.Context, query Query, cursor string) (Page, error) {
	type pagination struct {
		PerPage       int    `json:"per_page"`
		StartingAfter string `json:"starting_after,omitempty"`
	}
	in := struct {
		Query      Query      `json:"query"`
		Pagination pagination `json:"pagination"`
	}{query, pagination{searchPageSize, cursor}}
	var out struct {
		Conversations []Conversation `json:"conversations"`
		Total         int            `json:"total_count"`
		Pages         struct {
			Next struct {
				StartingAfter string `json:"starting_after"`
			} `json:"next"`
		} `json:"pages"`
	}
	err := c.do(ctx, call{
		method: http.MethodPost, path: "/conversations/search",
		reads: true, in: in, out: &out,
	})
	return Page{Conversations: out.Conversations, Total: out.Total, Next: out.Pages.Next.StartingAfter}, err
}
