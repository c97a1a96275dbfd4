package intercomtest

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
)

// searchConversations is POST /conversations/search: newest change first, pages by cursor.
func (s *Server) searchConversations(in *restRequest) (any, error) {
	var body struct {
		Query      json.RawMessage `json:"query"`
		Pagination struct {
			PerPage       int    `json:"per_page"`
			StartingAfter string `json:"starting_after"`
		} `json:"pagination"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	match, err := parseQuery(body.Query, 1)
	if err != nil {
		return nil, err
	}
	after, err := parseCursor(body.Pagination.StartingAfter)
	if err != nil {
		return nil, err
	}
	perPage := body.Pagination.PerPage
	if perPage == 0 {
		perPage = 20
	}
	if perPage < 1 || perPage > 150 {
		return nil, invalid("per_page must be between 1 and 150")
	}
	found := s.found(in, match)
	return s.searchPage(in, found, after, perPage), nil
}

func (s *Server) found(in *restRequest, match matcher) []*Conversation {
	indexed := s.now().Add(-s.opts.Quirks.SearchLag)
	var found []*Conversation
	for _, id := range in.sp.conversations {
		c := s.conversations[id]
		if s.opts.Quirks.SearchLag > 0 && c.UpdatedAt.After(indexed) {
			continue
		}
		if match(s, c) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b *Conversation) int { return -cursorOf(a, 0).compare(cursorOf(b, 0)) })
	return found
}

func (s *Server) searchPage(in *restRequest, found []*Conversation, after *cursor, perPage int) any {
	rest, page := found, 1
	if after != nil {
		page = after.page
		rest = slices.DeleteFunc(slices.Clone(found), func(c *Conversation) bool { return cursorOf(c, 0).compare(*after) >= 0 })
	}
	pages := map[string]any{"type": "pages", "page": page, "per_page": perPage, "total_pages": max(1, (len(found)+perPage-1)/perPage)}
	if len(rest) > perPage {
		rest = rest[:perPage]
		next := cursorOf(rest[perPage-1], page+1)
		pages["next"] = map[string]any{"per_page": perPage, "starting_after": next.String()}
	}
	list := []conversationJSON{}
	for _, c := range rest {
		list = append(list, s.restConversation(c, in.v, nil))
	}
	return map[string]any{"type": "conversation.list", "pages": pages, "total_count": len(found), "conversations": list}
}

// cursor says after which conversation the next page begins.
type cursor struct {
	updated int64 // milliseconds
	id      int64
	page    int
}

func cursorOf(c *Conversation, page int) cursor {
	id, _ := strconv.ParseInt(c.ID, 10, 64)
	return cursor{c.UpdatedAt.UnixMilli(), id, page}
}

func (c cursor) compare(other cursor) int {
	if c.updated != other.updated {
		return compareInts(c.updated, other.updated)
	}
	return compareInts(c.id, other.id)
}

func compareInts(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func (c cursor) String() string {
	return base64.StdEncoding.EncodeToString(encode([]int64{c.updated, c.id, int64(c.page)}))
}

func parseCursor(text string) (*cursor, error) {
	if text == "" {
		return nil, nil
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	var numbers []int64
	if err != nil || json.Unmarshal(raw, &numbers) != nil || len(numbers) != 3 {
		return nil, invalid("starting_after is not a cursor of this search")
	}
	return &cursor{numbers[0], numbers[1], int(numbers[2])}, nil
}
