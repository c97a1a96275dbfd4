package intercomtest

import (
	"fmt"
	"slices"
	"time"
)

// The changes of a conversation, as both the methods and REST make them. All need the lock. app is the package code of the app that
// asked by REST, "" for people.

// addPart appends p with its id and time and the state that the conversation has now.
func (s *Server) addPart(c *Conversation, p Part) *Part {
	p.ID, p.At, p.State = s.ids.part(), s.now(), c.State
	c.UpdatedAt = p.At
	c.Parts = append(c.Parts, p)
	return &c.Parts[len(c.Parts)-1]
}

func (s *Server) adminReplied(c *Conversation, a *Admin, body string, with Part) *Part {
	if c.State == "closed" && s.opts.Quirks.AdminCommentReopens {
		c.State = "open"
	}
	c.WaitingSince, c.Read = time.Time{}, true
	with.Type, with.Body, with.Author = "comment", body, adminAuthor(a)
	p := s.addPart(c, with)
	s.tellConversation(c, "conversation.admin.replied", p)
	return p
}

func (s *Server) noted(c *Conversation, a *Admin, body, app string) *Part {
	p := s.addPart(c, Part{Type: "note", Body: body, Author: adminAuthor(a), AppPackageCode: app})
	s.tellConversation(c, "conversation.admin.noted", p)
	return p
}

func (s *Server) closed(c *Conversation, by Author, body, app string) *Part {
	if c.State == "closed" {
		return &Part{}
	}
	c.State, c.SnoozedUntil, c.WaitingSince = "closed", time.Time{}, time.Time{}
	p := s.addPart(c, Part{Type: "close", Body: body, Author: by, AppPackageCode: app})
	if by.Type == "admin" || !s.opts.Quirks.BotCloseIsSilent {
		s.tellConversation(c, "conversation.admin.closed", p)
	}
	return p
}

func (s *Server) opened(c *Conversation, by Author, app string) *Part {
	topic := "conversation.admin.opened"
	if c.State == "snoozed" {
		topic = "conversation.admin.unsnoozed"
	}
	c.State, c.SnoozedUntil = "open", time.Time{}
	p := s.addPart(c, Part{Type: "open", Author: by, AppPackageCode: app})
	s.tellConversation(c, topic, p)
	return p
}

func (s *Server) snoozed(c *Conversation, a *Admin, until time.Time, app string) *Part {
	c.State, c.SnoozedUntil = "snoozed", until.UTC()
	p := s.addPart(c, Part{Type: "snoozed", Author: adminAuthor(a), AppPackageCode: app})
	s.tellConversation(c, "conversation.admin.snoozed", p)
	return p
}

// assigned opens a closed conversation, as the description's example of assign_and_reopen shows.
func (s *Server) assigned(c *Conversation, a *Admin, assignee, body, app string) *Part {
	kind, topic := "assignment", "conversation.admin.assigned"
	if c.State == "closed" && assignee != "" {
		kind, topic = "assign_and_reopen", "conversation.admin.open.assigned"
		c.State = "open"
	}
	c.Assignee = assignee
	p := Part{Type: kind, Body: body, Author: adminAuthor(a), AppPackageCode: app}
	if assignee != "" {
		p.AssignedTo = &Ref{"admin", assignee}
	}
	added := s.addPart(c, p)
	s.tellConversation(c, topic, added)
	return added
}

// tag finds a tag of the workspace by its name or makes it.
func (s *Server) tag(sp *space, name string) *Tag {
	for _, t := range sp.tags {
		if t.Name == name {
			return t
		}
	}
	t := &Tag{ID: s.ids.tag(), Name: name}
	sp.tags = append(sp.tags, t)
	return t
}

func (s *Server) tagged(c *Conversation, t *Tag, by Ref) Tag {
	for _, have := range c.Tags {
		if have.ID == t.ID {
			return have
		}
	}
	added := Tag{ID: t.ID, Name: t.Name, AppliedAt: s.now(), AppliedBy: by}
	c.Tags = append(c.Tags, added)
	c.UpdatedAt = s.now()
	var part *Part
	if n := len(c.Parts); n > 0 {
		part = &c.Parts[n-1]
		part.Tags = append(part.Tags, added)
	}
	s.tellTagged(c, part, added)
	return added
}

// setAttribute writes one value; each change leaves a part by the bot, as Intercom shows them.
func (s *Server) setAttribute(c *Conversation, name string, value any, app string) {
	before, now := c.Attributes[name], value
	if fmt.Sprint(before) == fmt.Sprint(now) {
		return
	}
	c.Attributes[name] = value
	s.addPart(c, Part{
		Type: "conversation_attribute_updated_by_admin", Author: botAuthor(c.Workspace), AppPackageCode: app,
		Attribute: &AttributeChange{Name: name, Value: text(now), Previous: text(before)},
	})
}

func text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// lastWriter is whom Intercom's own rating would be about: the teammate who last wrote, else the assignee, else the bot.
func lastWriter(c *Conversation) Ref {
	for _, p := range slices.Backward(c.Parts) {
		if p.Type == "comment" && p.Author.Type == "admin" {
			return Ref{"admin", p.Author.ID}
		}
	}
	switch {
	case c.Assignee != "":
		return Ref{"admin", c.Assignee}
	case c.Source.Author.Type == "admin":
		return Ref{"admin", c.Source.Author.ID}
	default:
		return Ref{"bot", botAuthor(c.Workspace).ID}
	}
}
