package intercomtest

import (
	"fmt"
	"slices"
)

// All of these need the lock.

// mustSpace is for test set-up, where a wrong id is a bug in the test.
func (s *Server) mustSpace(id string) *space {
	sp := s.spaces[id]
	if sp == nil {
		panic(fmt.Sprintf("intercomtest: no workspace %q: add it with AddWorkspace", id))
	}
	return sp
}

func (s *Server) conversation(id string) (*Conversation, *space, error) {
	c := s.conversations[id]
	if c == nil {
		return nil, nil, notFound("Conversation not found")
	}
	return c, s.spaces[c.Workspace], nil
}

func (sp *space) admin(id string) (*Admin, error) {
	for _, a := range sp.admins {
		if a.ID == id {
			return a, nil
		}
	}
	return nil, &Error{Status: 404, Code: "admin_not_found", Message: "Admin not found"}
}

func (s *Server) contact(sp *space, id string) (*Contact, error) {
	c := s.contacts[id]
	if c == nil || c.Workspace != sp.ID || c.Deleted {
		return nil, notFound("User Not Found")
	}
	if c.MergedInto != "" {
		return nil, &Error{
			Status: 410, Code: "contact_merged", Message: "The contact was merged into another one",
			Link: fmt.Sprintf("</contacts/%s>; rel=\"canonical\"", c.MergedInto),
		}
	}
	return c, nil
}

// contactBy finds a contact as REST bodies name one: by Intercom's id, by the customer's own id of a user, or by e-mail address.
func (s *Server) contactBy(sp *space, id, userID, email string) (*Contact, error) {
	if id != "" {
		return s.contact(sp, id)
	}
	for _, cid := range sp.contacts {
		c := s.contacts[cid]
		if c.Deleted || c.MergedInto != "" || c.Role != "user" {
			continue
		}
		if (userID != "" && c.ExternalID == userID) || (userID == "" && email != "" && c.Email == email) {
			return c, nil
		}
	}
	return nil, notFound("User Not Found")
}

func (sp *space) team(id string) *Team {
	i := slices.IndexFunc(sp.teams, func(t *Team) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return sp.teams[i]
}

func (sp *space) attribute(name string) *AttributeDefinition {
	i := slices.IndexFunc(sp.attributes, func(d *AttributeDefinition) bool { return d.Name == name })
	if i < 0 {
		return nil
	}
	return sp.attributes[i]
}

// BotID is the bot's: it can be an assignee, and is in no list of admins.
const BotID = "278"

func adminAuthor(a *Admin) Author { return Author{"admin", a.ID, a.Name, a.Email} }

func contactAuthor(c *Contact) Author { return Author{c.Role, c.ID, c.Name, c.Email} }

func botAuthor(workspace string) Author {
	return Author{"bot", BotID, "Operator", "operator+" + workspace + "@intercom.io"}
}
