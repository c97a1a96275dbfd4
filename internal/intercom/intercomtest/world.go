package intercomtest

import (
	"cmp"
	"slices"
	"strings"
)

// AddWorkspace makes a workspace; an empty ID is made up.
func (s *Server) AddWorkspace(w Workspace) Workspace {
	s.lock()
	defer s.unlock()
	b := s.ids.bytes()
	w.ID = cmp.Or(w.ID, "w"+strings.ToLower(hexDigits(b[:4])[:7]))
	w.Region = cmp.Or(w.Region, "US")
	w.TimeZone = cmp.Or(w.TimeZone, "UTC")
	if w.CreatedAt.IsZero() {
		w.CreatedAt = s.now()
	}
	s.spaces[w.ID] = &space{
		Workspace: w, talks: map[string][]string{}, snoozed: map[string]bool{}, sentEvents: map[eventKey]bool{},
		homeFor: map[string]*Card{}, drafts: map[string]*Draft{}, panels: map[string]*panel{},
	}
	s.spaceOrder = append(s.spaceOrder, w.ID)
	return w
}

// AddAdmin adds a teammate; an empty ID is made up.
func (s *Server) AddAdmin(workspace string, a Admin) Admin {
	s.lock()
	defer s.unlock()
	a.ID = cmp.Or(a.ID, s.ids.admin())
	sp := s.mustSpace(workspace)
	sp.admins = append(sp.admins, &a)
	return a
}

// AddContact adds a customer; an empty ID is made up. Role is user unless said, and a lead without ExternalID gets one.
func (s *Server) AddContact(workspace string, c Contact) Contact {
	s.lock()
	defer s.unlock()
	sp := s.mustSpace(workspace)
	now := s.now()
	c.ID = cmp.Or(c.ID, s.ids.contact(now))
	c.Role = cmp.Or(c.Role, "user")
	if c.Role == "lead" {
		c.ExternalID = cmp.Or(c.ExternalID, s.ids.uuid())
	}
	c.Locale = cmp.Or(c.Locale, "en")
	c.Workspace = workspace
	if c.CreatedAt.IsZero() {
		c.CreatedAt = now
	}
	c.UpdatedAt, c.SeenAt = c.CreatedAt, c.CreatedAt
	if c.Attributes == nil {
		c.Attributes = map[string]any{}
	}
	s.contacts[c.ID] = &c
	sp.contacts = append(sp.contacts, c.ID)
	return copyContact(&c)
}

// AddAttribute makes a conversation attribute, as an admin would in the settings.
func (s *Server) AddAttribute(workspace string, d AttributeDefinition) AttributeDefinition {
	s.lock()
	defer s.unlock()
	return *s.addAttribute(s.mustSpace(workspace), d)
}

func (s *Server) addAttribute(sp *space, d AttributeDefinition) *AttributeDefinition {
	d.ID = s.ids.small()
	d.CreatedAt = s.now()
	sp.attributes = append(sp.attributes, &d)
	return &d
}

// Workspaces lists all of them, oldest first.
func (s *Server) Workspaces() []Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Workspace
	for _, id := range s.spaceOrder {
		list = append(list, s.spaces[id].Workspace)
	}
	return list
}

// Admins lists a workspace's teammates.
func (s *Server) Admins(workspace string) []Admin {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Admin
	if sp := s.spaces[workspace]; sp != nil {
		for _, a := range sp.admins {
			list = append(list, *a)
		}
	}
	return list
}

// Contacts lists a workspace's customers, deleted and merged ones left out.
func (s *Server) Contacts(workspace string) []Contact {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Contact
	if sp := s.spaces[workspace]; sp != nil {
		for _, id := range sp.contacts {
			if c := s.contacts[id]; !c.Deleted && c.MergedInto == "" {
				list = append(list, copyContact(c))
			}
		}
	}
	return list
}

// Contact returns one customer.
func (s *Server) Contact(id string) (Contact, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contacts[id]
	if c == nil {
		return Contact{}, false
	}
	return copyContact(c), true
}

// Conversations lists a workspace's conversations, last changed first.
func (s *Server) Conversations(workspace string) []Conversation {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Conversation
	if sp := s.spaces[workspace]; sp != nil {
		for _, c := range sp.index.all() {
			list = append(list, copyConversation(c))
		}
	}
	return list
}

// Newest lists at most n conversations of a state, last changed first, and counts all of them by state.
func (s *Server) Newest(workspace, state string, n int) ([]Conversation, map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Conversation
	counts := map[string]int{}
	if sp := s.spaces[workspace]; sp != nil {
		for _, c := range sp.index.all() {
			counts[c.State]++
			if c.State == state && len(list) < n {
				list = append(list, copyConversation(c))
			}
		}
	}
	return list, counts
}

// ConversationsOf lists the conversations that a contact takes part in, last changed first.
func (s *Server) ConversationsOf(contact string) []Conversation {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contacts[contact]
	if c == nil {
		return nil
	}
	var list []Conversation
	for _, id := range s.spaces[c.Workspace].talks[contact] {
		list = append(list, copyConversation(s.conversations[id]))
	}
	slices.SortStableFunc(list, func(a, b Conversation) int { return -cursorOf(&a, 0).compare(cursorOf(&b, 0)) })
	return list
}

// Conversation returns one conversation.
func (s *Server) Conversation(id string) (Conversation, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conversations[id]
	if c == nil {
		return Conversation{}, false
	}
	return copyConversation(c), true
}

// Notes lists the private notes of a conversation, oldest first.
func (s *Server) Notes(conversation string) []Part {
	c, _ := s.Conversation(conversation)
	return slices.DeleteFunc(c.Parts, func(p Part) bool { return p.Type != "note" })
}

// Attributes are the attribute values of a conversation.
func (s *Server) Attributes(conversation string) map[string]any {
	c, _ := s.Conversation(conversation)
	return c.Attributes
}

// Events lists the data events about a contact, oldest first.
func (s *Server) Events(contact string) []Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.contacts[contact]
	if c == nil {
		return nil
	}
	var list []Event
	for _, e := range s.spaces[c.Workspace].events {
		if e.Contact == contact {
			list = append(list, e)
		}
	}
	return list
}

// AttributeDefinitions lists the conversation attributes that exist in a workspace.
func (s *Server) AttributeDefinitions(workspace string) []AttributeDefinition {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []AttributeDefinition
	if sp := s.spaces[workspace]; sp != nil {
		for _, d := range sp.attributes {
			list = append(list, *d)
		}
	}
	return list
}

// Card returns a card where it stands now.
func (s *Server) Card(id string) (Card, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.cards[id]
	if c == nil {
		return Card{}, false
	}
	return *c, true
}

// Draft returns what stands in the composer of a conversation.
func (s *Server) Draft(conversation string) (Draft, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.conversations[conversation]
	if c == nil {
		return Draft{}, false
	}
	d := s.spaces[c.Workspace].drafts[conversation]
	if d == nil {
		return Draft{}, false
	}
	return copyDraft(d), true
}

// Calls lists every HTTP exchange with the app so far, both directions.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// ForgetCalls empties the list of calls.
func (s *Server) ForgetCalls() {
	s.lock()
	defer s.unlock()
	s.calls, s.callBytes = nil, 0
}
