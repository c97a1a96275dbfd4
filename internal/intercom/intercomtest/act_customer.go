package intercomtest

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Start describes a new conversation. Contact and Text are needed, the rest has defaults.
type Start struct {
	Contact     string
	Others      []string // further contacts: a group conversation
	Text        string   // plain text of a customer, HTML of an admin
	Channel     string   // source.type: "conversation" (the Messenger), email, whatsapp …
	Subject     string
	URL         string
	Admin       string // set: an admin began it (delivered_as admin_initiated)
	Bot         bool   // a workflow began it (delivered_as operator_initiated); Text is HTML
	DeliveredAs string // customer_initiated, or admin_initiated when Admin is set
	Tags        []string
}

// NewConversation starts a conversation and tells conversation.user.created, or conversation.admin.single.created.
func (s *Server) NewConversation(n Start) (Conversation, error) {
	s.lock()
	defer s.unlock()
	contact := s.contacts[n.Contact]
	if contact == nil {
		return Conversation{}, notFound("User Not Found")
	}
	sp := s.spaces[contact.Workspace]
	now := s.now()
	c := &Conversation{
		Contacts: append([]string{contact.ID}, n.Others...),
		Source: Source{
			ID: s.ids.source(), Type: cmp.Or(n.Channel, "conversation"), DeliveredAs: cmp.Or(n.DeliveredAs, "customer_initiated"),
			Subject: n.Subject, URL: n.URL, Body: paragraph(n.Text), Author: contactAuthor(contact),
		},
	}
	topic := "conversation.user.created"
	switch {
	case n.Bot:
		c.Source.Author, c.Source.Body, c.BotTookPart = botAuthor(sp.ID), safeHTML(n.Text), true
		c.Source.DeliveredAs, topic = cmp.Or(n.DeliveredAs, "operator_initiated"), ""
	case n.Admin == "":
		c.WaitingSince, contact.SeenAt = now, now
	default:
		admin, err := sp.admin(n.Admin)
		if err != nil {
			return Conversation{}, err
		}
		c.Source.Author, c.Source.Body = adminAuthor(admin), safeHTML(n.Text)
		c.Source.DeliveredAs = cmp.Or(n.DeliveredAs, "admin_initiated")
		topic = "conversation.admin.single.created"
	}
	for _, name := range n.Tags {
		c.Tags = append(c.Tags, Tag{ID: s.tag(sp, name).ID, Name: name, AppliedAt: now})
	}
	s.begin(sp, c)
	if topic != "" { // no topic is documented for what a workflow begins
		s.tellConversation(c, topic, nil)
	}
	return copyConversation(c), nil
}

// begin takes a new conversation into the workspace.
func (s *Server) begin(sp *space, c *Conversation) {
	c.ID, c.Workspace, c.State = s.ids.conversation(), sp.ID, "open"
	c.CreatedAt = s.now()
	c.order, _ = strconv.ParseInt(c.ID, 10, 64)
	c.figures.begin(c)
	s.conversations[c.ID] = c
	sp.conversations = append(sp.conversations, c.ID)
	for _, id := range c.Contacts {
		sp.talks[id] = append(sp.talks[id], c.ID)
	}
	s.touch(c)
}

// touch notes that a conversation has changed now, which puts it first in lists and searches.
func (s *Server) touch(c *Conversation) {
	c.UpdatedAt = s.now()
	s.spaces[c.Workspace].index.touched(c)
}

// CustomerReply is a customer's message. On a closed conversation it opens it: the part's type is then "open".
func (s *Server) CustomerReply(conversation, contact, text string) (Part, error) {
	return s.customerPart(conversation, contact, paragraph(text), "")
}

// QuickReplies are the buttons that the customer can take now: those of the newest message, if it has any.
func (s *Server) QuickReplies(conversation string) []QuickReply {
	c, _ := s.Conversation(conversation)
	for _, p := range slices.Backward(c.Parts) {
		if len(p.QuickReplies) > 0 {
			return p.QuickReplies
		}
		if p.Body != "" && p.Type != "note" {
			return nil
		}
	}
	return nil
}

// TakeQuickReply is a customer's tap on a button of the newest quick_reply part; it counts as a reply with the button's text.
func (s *Server) TakeQuickReply(conversation, contact, uuid string) (Part, error) {
	c, ok := s.Conversation(conversation)
	if !ok {
		return Part{}, notFound("Conversation not found")
	}
	for _, p := range slices.Backward(c.Parts) {
		for _, q := range p.QuickReplies {
			if q.UUID == uuid {
				return s.customerPart(conversation, contact, paragraph(q.Text), uuid)
			}
		}
	}
	return Part{}, notFound("Quick reply option not found")
}

func (s *Server) customerPart(conversation, contact, body, quickReply string) (Part, error) {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return Part{}, err
	}
	who, err := s.contact(sp, contact)
	if err != nil {
		return Part{}, err
	}
	return copyPart(s.customerReplied(c, who, body, quickReply, "")), nil
}

func (s *Server) customerReplied(c *Conversation, who *Contact, body, quickReply, app string) *Part {
	kind, opens := "comment", quickReply == "" || !s.opts.Quirks.QuickReplyKeepsClosed
	if c.State == "closed" && opens {
		kind = "open"
	}
	if !slices.Contains(c.Contacts, who.ID) {
		s.join(c, who.ID)
	}
	if opens || c.State != "closed" {
		s.setState(c, "open", time.Time{})
	}
	c.Read = false
	who.SeenAt = s.now()
	if c.WaitingSince.IsZero() {
		c.WaitingSince = s.now()
	}
	p := s.addPart(c, Part{Type: kind, Body: body, Author: contactAuthor(who), QuickReplyID: quickReply, AppPackageCode: app})
	s.tellConversation(c, "conversation.user.replied", p)
	return p
}

// AddToConversation makes a group of a conversation.
func (s *Server) AddToConversation(conversation, contact string) error {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return err
	}
	who, err := s.contact(sp, contact)
	if err != nil {
		return err
	}
	if slices.Contains(c.Contacts, who.ID) {
		return nil
	}
	s.join(c, who.ID)
	s.touch(c)
	s.tellConversation(c, "conversation.contact.attached", nil)
	return nil
}

// RemoveFromConversation takes a contact out of a group conversation and tells conversation.contact.detached. The last one stays.
func (s *Server) RemoveFromConversation(conversation, contact string) error {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return err
	}
	at := slices.Index(c.Contacts, contact)
	if at < 0 || len(c.Contacts) == 1 {
		return invalid("The contact is not in this conversation, or is its only one")
	}
	c.Contacts = slices.Delete(c.Contacts, at, at+1)
	sp.talks[contact] = slices.DeleteFunc(sp.talks[contact], func(id string) bool { return id == c.ID })
	s.touch(c)
	s.tellConversation(c, "conversation.contact.detached", nil)
	return nil
}

func (s *Server) join(c *Conversation, contact string) {
	c.Contacts = append(c.Contacts, contact)
	sp := s.spaces[c.Workspace]
	sp.talks[contact] = append(sp.talks[contact], c.ID)
}

// DeleteContact forgets a customer and tells contact.deleted.
func (s *Server) DeleteContact(id string) error {
	return s.changeContact(id, "contact.deleted", map[string]any{"deleted": true}, func(c *Contact) { c.Deleted = true })
}

// ArchiveContact tells contact.archived.
func (s *Server) ArchiveContact(id string) error {
	return s.changeContact(id, "contact.archived", map[string]any{"archived": true}, func(c *Contact) { c.Archived = true })
}

// UnarchiveContact tells contact.unarchive.
func (s *Server) UnarchiveContact(id string) error {
	return s.changeContact(id, "contact.unarchive", map[string]any{"archived": false}, func(c *Contact) { c.Archived = false })
}

// MergeContact makes from a part of into: reading from answers 410 afterwards, its conversations are into's.
func (s *Server) MergeContact(from, into string) error {
	s.lock()
	defer s.unlock()
	source, target := s.contacts[from], s.contacts[into]
	if source == nil || target == nil || source.Workspace != target.Workspace {
		return notFound("User Not Found")
	}
	source.MergedInto = into
	sp := s.spaces[source.Workspace]
	for _, id := range sp.talks[from] {
		c := s.conversations[id]
		at := slices.Index(c.Contacts, from)
		if slices.Contains(c.Contacts, into) {
			c.Contacts = slices.Delete(c.Contacts, at, at+1)
			continue
		}
		c.Contacts[at] = into
		sp.talks[into] = append(sp.talks[into], id)
	}
	delete(sp.talks, from)
	sp.index.version++
	s.tell(source.Workspace, "contact.merged", map[string]any{
		"type": "contact", "id": target.ID, "external_id": target.ExternalID, "merged_from": Ref{"contact", from},
	})
	return nil
}

func (s *Server) changeContact(id, topic string, item map[string]any, change func(*Contact)) error {
	s.lock()
	defer s.unlock()
	c := s.contacts[id]
	if c == nil {
		return notFound("User Not Found")
	}
	change(c)
	c.UpdatedAt = s.now()
	item["type"], item["id"], item["external_id"] = "contact", c.ID, c.ExternalID
	s.tell(c.Workspace, topic, item)
	return nil
}
