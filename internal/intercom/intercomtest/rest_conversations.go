package intercomtest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// find returns the conversation of the path if it is the caller's.
func (s *Server) find(in *restRequest) (*Conversation, error) {
	c := s.conversations[in.r.PathValue("id")]
	if c == nil || c.Workspace != in.sp.ID {
		return nil, notFound("Conversation not found")
	}
	return c, nil
}

func (s *Server) getConversation(in *restRequest) (any, error) {
	c, err := s.find(in)
	if err != nil {
		return nil, err
	}
	return s.shown(in, c, partsOf(c.Parts)), nil
}

// shown is a conversation as the caller's version and display_as want it.
func (s *Server) shown(in *restRequest, c *Conversation, parts *partList) conversationJSON {
	out := s.restConversation(c, in.v, parts)
	if in.r.URL.Query().Get("display_as") == "plaintext" {
		out.toPlainText()
	}
	return out
}

// withPart is the answer to a reply: the conversation with the new part alone.
func (s *Server) withPart(in *restRequest, c *Conversation, p *Part) conversationJSON {
	list := []Part{}
	if p.ID != "" {
		list = append(list, *p)
	}
	return s.shown(in, c, partsOf(list))
}

func (s *Server) putConversation(in *restRequest) (any, error) {
	c, err := s.find(in)
	if err != nil {
		return nil, err
	}
	var body struct {
		Read             *bool          `json:"read"`
		Title            *string        `json:"title"`
		CustomAttributes map[string]any `json:"custom_attributes"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(body.CustomAttributes))
	for _, name := range names {
		if err := in.sp.checkAttribute(name, body.CustomAttributes[name]); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		s.setAttribute(c, name, body.CustomAttributes[name], s.opts.ClientID)
	}
	if body.Read != nil {
		c.Read = *body.Read
	}
	if body.Title != nil {
		c.Title = *body.Title
	}
	if body.Read != nil || body.Title != nil {
		s.touch(c)
	}
	return s.shown(in, c, partsOf(c.Parts)), nil
}

func (s *Server) deleteConversation(in *restRequest) (any, error) {
	c, err := s.find(in)
	if err != nil {
		return nil, err
	}
	s.forget(c, in.sp, in.r.URL.Query().Get("retain_metrics") == "true")
	return map[string]any{"id": c.ID, "object": "conversation", "deleted": true}, nil
}

func (s *Server) listDeleted(in *restRequest) (any, error) {
	type deleted struct {
		Type            string `json:"type"`
		ID              string `json:"id"`
		MetricsRetained bool   `json:"metrics_retained"`
		DeletedAt       int64  `json:"deleted_at"`
	}
	perPage, page := atoi(in.r.URL.Query().Get("per_page"), 20), atoi(in.r.URL.Query().Get("page"), 1)
	total := len(in.sp.deleted)
	pages := map[string]any{"type": "pages", "page": page, "per_page": perPage, "total_pages": (total + perPage - 1) / perPage, "next": nil}
	list := []deleted{}
	for i := total - 1 - (page-1)*perPage; i >= 0 && len(list) < perPage; i-- {
		d := in.sp.deleted[i]
		list = append(list, deleted{"conversation", d.id, d.metricsRetained, d.at.Unix()})
	}
	if page*perPage < total {
		pages["next"] = fmt.Sprintf("%s/conversations/deleted?per_page=%d&order=desc&page=%d", s.opts.BaseURL, perPage, page+1)
	}
	return map[string]any{"type": "conversations.list", "conversations": list, "total_count": total, "pages": pages}, nil
}

func atoi(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil && n > 0 && n <= 1000 {
		return n
	}
	return otherwise
}

func (s *Server) postRating(in *restRequest) (any, error) {
	c, err := s.find(in)
	if err != nil {
		return nil, err
	}
	var body struct {
		IntercomUserID string `json:"intercom_user_id"`
		Rating         int    `json:"rating"`
		Remark         string `json:"remark"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	if _, err := s.contact(in.sp, body.IntercomUserID); err != nil {
		return nil, err
	}
	if err := s.rated(c, body.IntercomUserID, body.Rating, body.Remark); err != nil {
		return nil, err
	}
	return s.ratingJSON(c.Ratings[len(c.Ratings)-1]), nil
}

func (s *Server) postConversationTag(in *restRequest) (any, error) {
	c, err := s.find(in)
	if err != nil {
		return nil, err
	}
	var body struct {
		ID      idText `json:"id"`
		AdminID idText `json:"admin_id"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	if _, err := in.sp.admin(string(body.AdminID)); err != nil {
		return nil, err
	}
	for _, t := range in.sp.tags {
		if t.ID == string(body.ID) {
			return tagOf(s.tagged(c, nil, t, Ref{"admin", string(body.AdminID)})), nil
		}
	}
	return nil, tagNotFound()
}

func (s *Server) deleteConversationTag(in *restRequest) (any, error) {
	c, err := s.find(in)
	if err != nil {
		return nil, err
	}
	for _, t := range c.Tags {
		if t.ID == in.r.PathValue("tag") {
			s.untagged(c, t.ID)
			return tagOf(t), nil
		}
	}
	return nil, tagNotFound()
}

func tagNotFound() *Error {
	return &Error{Status: http.StatusNotFound, Code: "tag_not_found", Message: "Tag not found"}
}

func (s *Server) listTags(in *restRequest) (any, error) {
	list := []tagJSON{}
	for _, t := range in.sp.tags {
		list = append(list, tagOf(*t))
	}
	return map[string]any{"type": "list", "data": list}, nil
}

func (s *Server) postTag(in *restRequest) (any, error) {
	var body struct {
		Name string `json:"name"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	if body.Name == "" {
		return nil, invalid("Tag name is required")
	}
	return tagOf(*s.tag(in.sp, body.Name)), nil
}
