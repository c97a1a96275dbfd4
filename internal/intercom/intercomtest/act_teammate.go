package intercomtest

import (
	"slices"
	"time"
)

// AdminReply is a teammate's message to the customer, in HTML.
func (s *Server) AdminReply(conversation, admin, html string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part {
		return s.adminReplied(c, a, safeHTML(html), Part{})
	})
}

// AdminNote is a private note, in HTML. It never opens a conversation.
func (s *Server) AdminNote(conversation, admin, html string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part {
		return s.noted(c, a, safeHTML(html), "")
	})
}

// Close closes a conversation. Closing a closed one adds nothing and tells nothing.
func (s *Server) Close(conversation, admin string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part {
		return s.closed(c, adminAuthor(a), "", "")
	})
}

// Reopen opens a closed or snoozed conversation by a teammate's hand.
func (s *Server) Reopen(conversation, admin string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part { return s.opened(c, adminAuthor(a), "") })
}

// Snooze hides a conversation until a time.
func (s *Server) Snooze(conversation, admin string, until time.Time) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part { return s.snoozed(c, a, until, "") })
}

// WakeSnoozed opens the conversations whose snooze is over.
func (s *Server) WakeSnoozed() {
	s.lock()
	defer s.unlock()
	for _, id := range s.spaceOrder {
		for _, cid := range s.spaces[id].conversations {
			c := s.conversations[cid]
			if c.State == "snoozed" && !c.SnoozedUntil.After(s.now()) {
				c.State, c.SnoozedUntil = "open", time.Time{}
				p := s.addPart(c, Part{Type: "open", Author: botAuthor(c.Workspace)})
				s.tellConversation(c, "conversation.admin.unsnoozed", p)
			}
		}
	}
}

// Assign gives a conversation to a teammate; an empty assignee takes it from everybody.
func (s *Server) Assign(conversation, admin, assignee string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part { return s.assigned(c, a, assignee, "", "") })
}

// Tag puts a tag on a conversation, making the tag if it is new.
func (s *Server) Tag(conversation, admin, name string) (Tag, error) {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return Tag{}, err
	}
	return s.tagged(c, s.tag(sp, name), Ref{"admin", admin}), nil
}

// CloseByWorkflow is a close that no teammate made.
func (s *Server) CloseByWorkflow(conversation string) (Part, error) {
	return s.byBot(conversation, func(c *Conversation) *Part { return s.closed(c, botAuthor(c.Workspace), "", "") })
}

// BotReply is a message of the bot, in HTML.
func (s *Server) BotReply(conversation, html string) (Part, error) {
	return s.byBot(conversation, func(c *Conversation) *Part {
		c.BotTookPart = true
		p := s.addPart(c, Part{Type: "comment", Body: safeHTML(html), Author: botAuthor(c.Workspace)})
		s.tellConversation(c, "conversation.operator.replied", p)
		return p
	})
}

// DeleteConversation removes a conversation and tells conversation.deleted.
func (s *Server) DeleteConversation(conversation string) error {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return err
	}
	s.forget(c, sp, false)
	return nil
}

func (s *Server) forget(c *Conversation, sp *space, retainMetrics bool) {
	delete(s.conversations, c.ID)
	sp.conversations = slices.DeleteFunc(sp.conversations, func(id string) bool { return id == c.ID })
	sp.deleted = append(sp.deleted, deletedConversation{c.ID, retainMetrics, s.now()})
	s.tell(sp.ID, "conversation.deleted", map[string]any{"type": "conversation", "conversation_id": c.ID})
}

func (s *Server) byAdmin(conversation, admin string, act func(*Conversation, *Admin) *Part) (Part, error) {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return Part{}, err
	}
	a, err := sp.admin(admin)
	if err != nil {
		return Part{}, err
	}
	return copyPart(act(c, a)), nil
}

func (s *Server) byBot(conversation string, act func(*Conversation) *Part) (Part, error) {
	s.lock()
	defer s.unlock()
	c, _, err := s.conversation(conversation)
	if err != nil {
		return Part{}, err
	}
	return copyPart(act(c)), nil
}
