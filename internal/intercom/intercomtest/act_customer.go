package intercomtest

import (
	"cmp"
	"slices"
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
		ID: s.ids.conversation(), Workspace: sp.ID, State: "open", CreatedAt: now, UpdatedAt: now,
		Contacts: append([]string{contact.ID}, n.Others...), Attributes: map[string]any{},
		Source: Source{
			ID: s.ids.source(), Type: cmp.Or(n.Channel, "conversation"), DeliveredAs: cmp.Or(n.DeliveredAs, "customer_initiated"),
			Subject: n.Subject, URL: n.URL, Body: paragraph(n.Text), Author: contactAuthor(contact),
		},
	}
	topic := "conversation.user.created"
	if n.Admin == "" {
		c.WaitingSince = now
		contact.SeenAt = now
	} else {
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
	s.conversations[c.ID] = c
	sp.conversations = append(sp.conversations, c.ID)
	s.tellConversation(c, topic, nil)
	return copyConversation(c), nil
}

// CustomerReply is a customer's message. On a closed conversation it opens it: the part's type is then "open".
func (s *Server) CustomerReply(conversation, contact, text string) (Part, error) {
	return s.customerPart(conversation, contact, paragraph(text), "")
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
	kind := "comment"
	if c.State == "closed" {
		kind = "open"
	}
	if !slices.Contains(c.Contacts, who.ID) {
		c.Contacts = append(c.Contacts, who.ID)
	}
	c.State, c.Read = "open", false
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
	c.Contacts = append(c.Contacts, who.ID)
	c.UpdatedAt = s.now()
	s.tellConversation(c, "conversation.contact.attached", nil)
	return nil
}

// DeleteContact forgets a customer and tells contact.deleted.
func (s *Server) DeleteContact(id string) error {
	return s.changeContact(id, "contact.deleted", map[string]any{"deleted": true}, func(c *Contact) { c.Deleted = true })
}

// ArchiveContact tells contact.archived.
func (s *Server) ArchiveContact(id string) error {
	return s.changeContact(id, "contact.archived", map[string]any{"archived": true}, func(c *Contact) { c.Archived = true })
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
	for _, id := range s.spaces[source.Workspace].conversations {
		c := s.conversations[id]
		if i := slices.Index(c.Contacts, from); i >= 0 {
			c.Contacts[i] = into
		}
	}
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
