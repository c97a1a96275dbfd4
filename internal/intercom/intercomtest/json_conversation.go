package intercomtest

import (
	"maps"
	"strconv"
	"time"
)

// conversationJSON is the conversation model (description 2.16, schema conversation; captures of 2026 for webhooks). Fields whose form
// changes with the version or with Quirks are any.
type conversationJSON struct {
	Type                string         `json:"type"`
	ID                  string         `json:"id"`
	CreatedAt           int64          `json:"created_at"`
	UpdatedAt           int64          `json:"updated_at"`
	WaitingSince        *int64         `json:"waiting_since"`
	SnoozedUntil        *int64         `json:"snoozed_until"`
	Source              sourceJSON     `json:"source"`
	Contacts            contactList    `json:"contacts"`
	FirstContactReply   *firstReply    `json:"first_contact_reply"`
	AdminAssigneeID     *int64         `json:"admin_assignee_id"`
	TeamAssigneeID      *int64         `json:"team_assignee_id"`
	Open                bool           `json:"open"`
	State               string         `json:"state"`
	Read                bool           `json:"read"`
	Tags                tagList        `json:"tags"`
	Priority            string         `json:"priority"`
	SLAApplied          any            `json:"sla_applied"`
	Statistics          any            `json:"statistics"`
	Rating              any            `json:"conversation_rating,omitzero"`
	Teammates           any            `json:"teammates"`
	Title               string         `json:"title"`
	CustomAttributes    map[string]any `json:"custom_attributes"`
	Topics              topicList      `json:"topics"`
	Ticket              any            `json:"ticket"`
	LinkedObjects       linkedObjects  `json:"linked_objects"`
	AIAgent             any            `json:"ai_agent"`
	AIAgentParticipated bool           `json:"ai_agent_participated"`
	Channel             *channelJSON   `json:"channel,omitempty"`
	Parts               *partList      `json:"conversation_parts,omitempty"`
	TagsAdded           *tagList       `json:"tags_added,omitempty"`
}

type sourceJSON struct {
	Type        string  `json:"type"`
	ID          string  `json:"id"`
	DeliveredAs string  `json:"delivered_as"`
	Subject     string  `json:"subject"`
	Body        string  `json:"body"`
	Author      Author  `json:"author"`
	Attachments []any   `json:"attachments"`
	URL         *string `json:"url"`
	Redacted    bool    `json:"redacted"`
}

type contactList struct {
	Type     string       `json:"type"`
	Contacts []contactRef `json:"contacts"`
}

type contactRef struct {
	Type       string  `json:"type"`
	ID         string  `json:"id"`
	ExternalID *string `json:"external_id"`
}

type firstReply struct {
	CreatedAt int64   `json:"created_at"`
	Type      string  `json:"type"`
	URL       *string `json:"url"`
}

type tagList struct {
	Type string    `json:"type"`
	Tags []tagJSON `json:"tags"`
}

type tagJSON struct {
	Type      string `json:"type"`
	ID        string `json:"id"`
	Name      string `json:"name"`
	AppliedAt *int64 `json:"applied_at,omitempty"`
	AppliedBy *Ref   `json:"applied_by,omitempty"`
}

type topicList struct {
	Type       string `json:"type"`
	Topics     []any  `json:"topics"`
	TotalCount int    `json:"total_count"`
}

type linkedObjects struct {
	Type       string `json:"type"`
	Data       []any  `json:"data"`
	TotalCount int    `json:"total_count"`
	HasMore    bool   `json:"has_more"`
}

type channelJSON struct {
	Initial string `json:"initial"`
	Current string `json:"current"`
}

// ratingJSON is conversation_rating; all fields are null where a request waits for its answer.
type ratingJSON struct {
	Rating    *int        `json:"rating"`
	Remark    *string     `json:"remark"`
	CreatedAt *int64      `json:"created_at"`
	UpdatedAt *int64      `json:"updated_at"`
	Contact   *contactRef `json:"contact"`
	Teammate  *Ref        `json:"teammate"`
}

// restConversation is the model as REST shows it to v, with the given parts, or without any for lists. It needs the lock.
func (s *Server) restConversation(c *Conversation, v version, parts *partList) conversationJSON {
	out := conversationJSON{
		Type: "conversation", ID: c.ID, CreatedAt: c.CreatedAt.Unix(), UpdatedAt: c.UpdatedAt.Unix(),
		WaitingSince: unixOrNull(c.WaitingSince), SnoozedUntil: unixOrNull(c.SnoozedUntil), Source: sourceOf(c), Contacts: s.contactsOf(c),
		FirstContactReply: firstReplyOf(c), AdminAssigneeID: idOrNull(c.Assignee, v), TeamAssigneeID: idOrNull(c.Team, v),
		Open: c.State != "closed", State: c.State, Read: c.Read, Tags: tagsOf(c.Tags), Priority: priorityOf(c, v),
		Rating: s.ratingOf(c, v), Teammates: s.teammatesOf(c), Title: c.Title, CustomAttributes: customAttributes(c),
		Topics: topicList{"topic.list", []any{}, 0}, LinkedObjects: linkedObjects{Type: "list", Data: []any{}}, AIAgentParticipated: c.BotTookPart, Parts: parts,
	}
	if !s.opts.Quirks.NullStatistics {
		out.Statistics = statisticsOf(c, unixStamp)
	}
	if v >= version216 {
		channel := channelOf(c.Source.Type)
		out.Channel = &channelJSON{channel, channel}
	}
	return out
}

// webhookConversation is the model as webhooks carry it: times of the statistics in ISO 8601, only the part that caused the event, and
// plain text from version 2.15.
func (s *Server) webhookConversation(c *Conversation, p *Part) conversationJSON {
	v := s.appVersion()
	list := &partList{Type: "conversation_part.list", Parts: []partJSON{}}
	if p != nil && p.ID != "" {
		list.Parts, list.TotalCount = append(list.Parts, partOf(p)), 1
	}
	out := s.restConversation(c, v, list)
	if !s.opts.Quirks.NullStatistics {
		out.Statistics = statisticsOf(c, isoStamp)
	}
	if v >= version215 {
		out.toPlainText()
	}
	return out
}

func (c *conversationJSON) toPlainText() {
	c.Source.Body, c.Source.Subject = plainText(c.Source.Body), plainText(c.Source.Subject)
	if c.Parts == nil {
		return
	}
	for i := range c.Parts.Parts {
		if body := c.Parts.Parts[i].Body; body != nil {
			plain := plainText(*body)
			c.Parts.Parts[i].Body = &plain
		}
	}
}

// customAttributes are the workspace's own and those that Intercom keeps by itself.
func customAttributes(c *Conversation) map[string]any {
	all := map[string]any{"Has attachments": false, "Imported via standalone": false, "Copilot used": false}
	maps.Copy(all, c.Attributes)
	return all
}

func sourceOf(c *Conversation) sourceJSON {
	return sourceJSON{
		Type: c.Source.Type, ID: c.Source.ID, DeliveredAs: c.Source.DeliveredAs, Subject: c.Source.Subject, Body: c.Source.Body,
		Author: c.Source.Author, Attachments: []any{}, URL: orNull(c.Source.URL),
	}
}

func (s *Server) contactsOf(c *Conversation) contactList {
	list := contactList{Type: "contact.list", Contacts: []contactRef{}}
	for _, id := range c.Contacts {
		list.Contacts = append(list.Contacts, *s.contactRef(id))
	}
	return list
}

func (s *Server) contactRef(id string) *contactRef {
	ref := contactRef{Type: "contact", ID: id}
	if c := s.contacts[id]; c != nil {
		ref.ExternalID = orNull(c.ExternalID)
	}
	return &ref
}

func firstReplyOf(c *Conversation) *firstReply {
	at, ok := firstContactReply(c)
	if !ok {
		return nil
	}
	return &firstReply{at.Unix(), c.Source.Type, orNull(c.Source.URL)}
}

// idOrNull is an assignee: nobody is null before 2.16 and 0 from it on.
func idOrNull(id string, v version) *int64 {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil && v < version216 {
		return nil
	}
	return &n
}

func priorityOf(c *Conversation, v version) string {
	switch {
	case v >= version216 && c.Priority:
		return "high"
	case v >= version216:
		return "none"
	case c.Priority:
		return "priority"
	default:
		return "not_priority"
	}
}

func channelOf(source string) string {
	if source == "conversation" || source == "push" {
		return "messenger"
	}
	return source
}

// ratingOf follows the version and Quirks.EmptyRating. nil encodes as null; a zero any would be left out, so null is a typed nil.
func (s *Server) ratingOf(c *Conversation, v version) any {
	r, ok := shownRating(c, v)
	switch {
	case !ok && s.opts.Quirks.EmptyRating == "absent":
		return nil
	case !ok && s.opts.Quirks.EmptyRating == "fields":
		return &ratingJSON{}
	case !ok:
		return (*ratingJSON)(nil)
	}
	return s.ratingJSON(r)
}

func (s *Server) ratingJSON(r NativeRating) *ratingJSON {
	out := &ratingJSON{CreatedAt: unixOrNull(r.RequestedAt), Contact: s.contactRef(r.Contact), Teammate: &r.Teammate, UpdatedAt: unixOrNull(r.AnsweredAt)}
	if r.Score > 0 {
		out.Rating, out.Remark = &r.Score, orNull(r.Remark)
	}
	return out
}

// teammatesOf lists who wrote at least one part; null when nobody did.
func (s *Server) teammatesOf(c *Conversation) any {
	refs := []Ref{}
	seen := map[string]bool{}
	for _, p := range c.Parts {
		if p.Author.Type == "admin" && !seen[p.Author.ID] {
			seen[p.Author.ID] = true
			refs = append(refs, Ref{"admin", p.Author.ID})
		}
	}
	if len(refs) == 0 {
		return nil
	}
	key := "admins"
	if s.opts.Quirks.TeammatesKey {
		key = "teammates"
	}
	return map[string]any{"type": "admin.list", key: refs}
}

func tagsOf(tags []Tag) tagList {
	list := tagList{Type: "tag.list", Tags: []tagJSON{}}
	for _, t := range tags {
		list.Tags = append(list.Tags, tagOf(t))
	}
	return list
}

func tagOf(t Tag) tagJSON {
	out := tagJSON{Type: "tag", ID: t.ID, Name: t.Name, AppliedAt: unixOrNull(t.AppliedAt)}
	if t.AppliedBy.ID != "" {
		out.AppliedBy = &t.AppliedBy
	}
	return out
}

func unixStamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

func isoStamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
