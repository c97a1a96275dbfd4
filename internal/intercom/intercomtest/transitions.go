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
	c.Parts = append(c.Parts, p)
	added := &c.Parts[len(c.Parts)-1]
	c.figures.add(added)
	s.touch(c)
	return added
}

// setState changes the state before the part that says so is added. until is the end of a snooze.
func (s *Server) setState(c *Conversation, state string, until time.Time) {
	sp := s.spaces[c.Workspace]
	delete(sp.snoozed, c.ID)
	if state == "snoozed" {
		sp.snoozed[c.ID] = true
	}
	c.State, c.SnoozedUntil = state, until
}

func (s *Server) adminReplied(c *Conversation, a *Admin, body string, with Part) *Part {
	if c.State == "closed" && s.opts.Quirks.AdminCommentReopens {
		s.setState(c, "open", time.Time{})
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
	s.setState(c, "closed", time.Time{})
	c.WaitingSince = time.Time{}
	p := s.addPart(c, Part{Type: "close", Body: body, Author: by, AppPackageCode: app})
	if by.Type == "admin" || !s.opts.Quirks.BotCloseIsSilent {
		s.tellConversation(c, "conversation.admin.closed", p)
	}
	s.beginWorkflow(c, p)
	return p
}

func (s *Server) opened(c *Conversation, by Author, app string) *Part {
	topic := "conversation.admin.opened"
	if c.State == "snoozed" {
		topic = "conversation.admin.unsnoozed"
	}
	if c.State == "open" {
		return &Part{}
	}
	s.setState(c, "open", time.Time{})
	p := s.addPart(c, Part{Type: "open", Author: by, AppPackageCode: app})
	s.tellConversation(c, topic, p)
	return p
}

func (s *Server) snoozed(c *Conversation, a *Admin, until time.Time, app string) *Part {
	s.setState(c, "snoozed", until.UTC())
	p := s.addPart(c, Part{Type: "snoozed", Author: adminAuthor(a), AppPackageCode: app})
	s.tellConversation(c, "conversation.admin.snoozed", p)
	return p
}

// assigned gives a conversation to an admin, a team or the bot; without an id it takes it from the admin or the team. It opens a closed
// conversation, as the description's example of assign_and_reopen shows.
func (s *Server) assigned(c *Conversation, by Author, to Ref, body, app string) *Part {
	kind, topic := "assignment", "conversation.admin.assigned"
	if c.State == "closed" && to.ID != "" {
		kind, topic = "assign_and_reopen", "conversation.admin.open.assigned"
		s.setState(c, "open", time.Time{})
	}
	if to.Type == "team" {
		c.Team = to.ID
	} else {
		c.Assignee = to.ID
	}
	p := Part{Type: kind, Body: body, Author: by, AppPackageCode: app}
	if to.ID != "" {
		p.AssignedTo = &to
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

// tagged puts a tag on one message, or with no part on the conversation as a whole, which is its newest part for Intercom. The
// conversation has every tag of its parts.
func (s *Server) tagged(c *Conversation, part *Part, t *Tag, by Ref) Tag {
	if n := len(c.Parts); part == nil && n > 0 {
		part = &c.Parts[n-1]
	}
	added := Tag{ID: t.ID, Name: t.Name, AppliedAt: s.now(), AppliedBy: by}
	on := func(list []Tag) int { return slices.IndexFunc(list, func(have Tag) bool { return have.ID == t.ID }) }
	if i := on(c.Tags); i >= 0 {
		added = c.Tags[i]
		if part == nil || on(part.Tags) >= 0 || slices.ContainsFunc(c.Parts, func(p Part) bool { return on(p.Tags) >= 0 }) {
			return added
		}
	} else {
		c.Tags = append(c.Tags, added)
	}
	if part != nil {
		part.Tags = append(part.Tags, added)
	}
	s.touch(c)
	s.tellTagged(c, part, added)
	return added
}

// untagged takes a tag off a conversation and all its messages; no webhook tells of it. It says whether the tag was there.
func (s *Server) untagged(c *Conversation, tag string) bool {
	is := func(t Tag) bool { return t.ID == tag }
	if !slices.ContainsFunc(c.Tags, is) {
		return false
	}
	c.Tags = slices.DeleteFunc(c.Tags, is)
	for i := range c.Parts {
		c.Parts[i].Tags = slices.DeleteFunc(c.Parts[i].Tags, is)
	}
	s.touch(c)
	return true
}

// setAttribute writes one value; each change leaves a part by the bot, as Intercom shows them.
func (s *Server) setAttribute(c *Conversation, name string, value any, app string) {
	before, now := c.Attributes[name], value
	if fmt.Sprint(before) == fmt.Sprint(now) {
		return
	}
	if c.Attributes == nil {
		c.Attributes = map[string]any{}
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
