package intercomtest

import (
	"encoding/base64"
	"encoding/json"
	"slices"
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
	match, err := parseQuery(body.Query, 1, conversationFilter)
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
	found := s.found(in.sp, string(body.Query), match)
	return s.searchPage(in, found, after, perPage), nil
}

// search is what a query found last, kept while nothing changes: whoever walks through the pages does not pay for the whole each time.
type search struct {
	query   string
	version int
	found   []*Conversation
}

// found lists what a query finds, last changed first.
func (s *Server) found(sp *space, query string, match matcher[Conversation]) []*Conversation {
	lag := s.opts.Quirks.SearchLag
	if last := sp.lastSearch; lag == 0 && last.query == query && last.version == sp.index.version {
		return last.found
	}
	indexed := s.now().Add(-lag)
	var found []*Conversation
	for _, c := range sp.index.all() {
		if (lag == 0 || !c.UpdatedAt.After(indexed)) && match(c) {
			found = append(found, c)
		}
	}
	if lag == 0 {
		sp.lastSearch = search{query, sp.index.version, found}
	}
	return found
}

func (s *Server) searchPage(in *restRequest, found []*Conversation, after *cursor, perPage int) any {
	rest, page := found, 1
	if after != nil {
		page = after.page
		begin, _ := slices.BinarySearchFunc(found, *after, func(c *Conversation, after cursor) int {
			if cursorOf(c, 0).compare(after) >= 0 {
				return -1
			}
			return 1
		})
		rest = found[begin:]
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
	return cursor{c.UpdatedAt.UnixMilli(), c.order, page}
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
