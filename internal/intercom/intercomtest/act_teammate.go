package intercomtest

import (
	"maps"
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

// CloseSaying closes with a last message, in HTML: "send and close". The message is the close part's body; there is no comment.
func (s *Server) CloseSaying(conversation, admin, html string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part {
		return s.closed(c, adminAuthor(a), safeHTML(html), "")
	})
}

// Reopen opens a closed conversation by a teammate's hand (conversation.admin.opened), or ends a snooze (conversation.admin.unsnoozed).
// An open one stays as it is.
func (s *Server) Reopen(conversation, admin string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part { return s.opened(c, adminAuthor(a), "") })
}

// Snooze hides a conversation until a time.
func (s *Server) Snooze(conversation, admin string, until time.Time) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part { return s.snoozed(c, a, until, "") })
}

// EndSnooze lets the time of a snooze be over now.
func (s *Server) EndSnooze(conversation string) error {
	s.lock()
	defer s.unlock()
	c, _, err := s.conversation(conversation)
	if err != nil {
		return err
	}
	if c.State != "snoozed" {
		return invalid("the conversation is not snoozed")
	}
	s.opened(c, botAuthor(c.Workspace), "")
	return nil
}

// WakeSnoozed opens the conversations whose snooze is over.
func (s *Server) WakeSnoozed() {
	s.lock()
	defer s.unlock()
	for _, id := range s.spaceOrder {
		for _, cid := range slices.Sorted(maps.Keys(s.spaces[id].snoozed)) {
			if c := s.conversations[cid]; !c.SnoozedUntil.After(s.now()) {
				s.opened(c, botAuthor(c.Workspace), "")
			}
		}
	}
}

// Assign gives a conversation to a teammate; an empty assignee takes it from everybody.
func (s *Server) Assign(conversation, admin, assignee string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part {
		return s.assigned(c, adminAuthor(a), Ref{"admin", assignee}, "", "")
	})
}

// AssignTeam gives a conversation to a team (see AddTeam); an empty one takes it from its team. The teammate stays.
func (s *Server) AssignTeam(conversation, admin, team string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part {
		return s.assigned(c, adminAuthor(a), Ref{"team", team}, "", "")
	})
}

// AssignBot gives a conversation to the bot: admin_assignee_id is then BotID, which is no id of GET /admins.
func (s *Server) AssignBot(conversation, admin string) (Part, error) {
	return s.byAdmin(conversation, admin, func(c *Conversation, a *Admin) *Part {
		return s.assigned(c, adminAuthor(a), Ref{"bot", BotID}, "", "")
	})
}

// Tag puts a tag on a conversation, making the tag if it is new, and tells conversation_part.tag.created.
func (s *Server) Tag(conversation, admin, name string) (Tag, error) {
	return s.TagMessage(conversation, "", admin, name)
}

// TagMessage puts a tag on one part of a conversation, which then has it too; an empty part is the newest one.
func (s *Server) TagMessage(conversation, part, admin, name string) (Tag, error) {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return Tag{}, err
	}
	var on *Part
	if part != "" {
		i := slices.IndexFunc(c.Parts, func(p Part) bool { return p.ID == part })
		if i < 0 {
			return Tag{}, notFound("Conversation part not found")
		}
		on = &c.Parts[i]
	}
	return s.tagged(c, on, s.tag(sp, name), Ref{"admin", admin}), nil
}

// Untag takes a tag off a conversation and its messages. Intercom has no webhook for it.
func (s *Server) Untag(conversation, name string) error {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return err
	}
	if !s.untagged(c, s.tag(sp, name).ID) {
		return tagNotFound()
	}
	return nil
}

// SetAttribute writes a conversation attribute as a teammate or a workflow would; the attribute must exist (AddAttribute).
func (s *Server) SetAttribute(conversation, name string, value any) error {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return err
	}
	if n, whole := value.(int); whole {
		value = float64(n) // as it comes out of JSON
	}
	if err := sp.checkAttribute(name, value); err != nil {
		return err
	}
	s.setAttribute(c, name, value, "")
	return nil
}

// ReopenByWorkflow is an opening that no teammate made.
func (s *Server) ReopenByWorkflow(conversation string) (Part, error) {
	return s.byBot(conversation, func(c *Conversation) *Part { return s.opened(c, botAuthor(c.Workspace), "") })
}

// AssignByWorkflow gives a conversation to a teammate by no teammate's hand.
func (s *Server) AssignByWorkflow(conversation, assignee string) (Part, error) {
	return s.byBot(conversation, func(c *Conversation) *Part {
		return s.assigned(c, botAuthor(c.Workspace), Ref{"admin", assignee}, "", "")
	})
}

// CloseByWorkflow is a close that no teammate made. Quirks.BotCloseIsSilent takes its webhook away.
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
	delete(sp.snoozed, c.ID)
	sp.index.forget(c)
	for _, contact := range c.Contacts {
		sp.talks[contact] = slices.DeleteFunc(sp.talks[contact], func(id string) bool { return id == c.ID })
	}
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
