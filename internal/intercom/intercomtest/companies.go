package intercomtest

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Team is a group of teammates to whom conversations are given. IDs have 6 digits.
type Team struct {
	ID     string
	Name   string
	Admins []string
}

// AddTeam makes a team; an empty ID is made up.
func (s *Server) AddTeam(workspace string, t Team) Team {
	s.lock()
	defer s.unlock()
	sp := s.mustSpace(workspace)
	if t.ID == "" {
		t.ID = fmt.Sprint(814000 + s.ids.small())
	}
	sp.teams = append(sp.teams, &t)
	return t
}

// Teams lists a workspace's teams.
func (s *Server) Teams(workspace string) []Team {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Team
	if sp := s.spaces[workspace]; sp != nil {
		for _, t := range sp.teams {
			list = append(list, *t)
		}
	}
	return list
}

// Company is an organisation to which contacts belong. IDs have 24 hex digits.
type Company struct {
	ID           string
	Workspace    string
	ExternalID   string // company_id: the customer's own id
	Name         string
	Plan         string
	Industry     string
	Website      string
	Size         int
	MonthlySpend int
	Attributes   map[string]any
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// AddCompany makes a company; empty IDs are made up.
func (s *Server) AddCompany(workspace string, c Company) Company {
	s.lock()
	defer s.unlock()
	sp := s.mustSpace(workspace)
	now := s.now()
	if c.ID == "" {
		c.ID = s.ids.contact(now)
	}
	c.ExternalID = cmp.Or(c.ExternalID, "company-"+c.ID[len(c.ID)-6:])
	c.Workspace, c.UpdatedAt = workspace, now
	if c.CreatedAt.IsZero() {
		c.CreatedAt = now
	}
	if c.Attributes == nil {
		c.Attributes = map[string]any{}
	}
	sp.companies = append(sp.companies, &c)
	return copyCompany(&c)
}

// UpdateCompany changes a company and tells company.updated.
func (s *Server) UpdateCompany(id string, change func(*Company)) error {
	s.lock()
	defer s.unlock()
	for _, sp := range s.spaces {
		if c := sp.company(id); c != nil {
			change(c)
			c.ID, c.UpdatedAt = id, s.now()
			s.tell(sp.ID, "company.updated", s.companyJSON(c))
			return nil
		}
	}
	return companyNotFound()
}

// JoinCompany makes a contact a member of a company. The first company's name is what the Inbox shows.
func (s *Server) JoinCompany(contact, company string) error {
	s.lock()
	defer s.unlock()
	who := s.contacts[contact]
	if who == nil {
		return notFound("User Not Found")
	}
	c := s.spaces[who.Workspace].company(company)
	if c == nil {
		return companyNotFound()
	}
	if !slices.Contains(who.Companies, company) {
		who.Companies = append(who.Companies, company)
		who.Company = cmp.Or(who.Company, c.Name)
		who.UpdatedAt = s.now()
	}
	return nil
}

// Companies lists a workspace's companies.
func (s *Server) Companies(workspace string) []Company {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Company
	if sp := s.spaces[workspace]; sp != nil {
		for _, c := range sp.companies {
			list = append(list, copyCompany(c))
		}
	}
	return list
}

// UpdateContact changes a contact as the customer's own site would, and tells contact.user.updated or contact.lead.updated with the
// whole contact.
func (s *Server) UpdateContact(id string, change func(*Contact)) error {
	s.lock()
	defer s.unlock()
	c := s.contacts[id]
	if c == nil || c.Deleted || c.MergedInto != "" {
		return notFound("User Not Found")
	}
	change(c)
	c.ID, c.UpdatedAt = id, s.now()
	s.tell(c.Workspace, "contact."+c.Role+".updated", s.contactJSON(c))
	return nil
}

// TrackEvent is a data event about a contact from the customer's own site; it tells event.created.
func (s *Server) TrackEvent(contact, name string, metadata map[string]any) error {
	s.lock()
	defer s.unlock()
	c := s.contacts[contact]
	if c == nil || c.Deleted || c.MergedInto != "" {
		return notFound("User Not Found")
	}
	sp := s.spaces[c.Workspace]
	e := Event{Name: name, Contact: contact, CreatedAt: s.now(), Metadata: metadata}
	sp.events = append(sp.events, e)
	s.tell(sp.ID, "event.created", s.eventJSON(e))
	return nil
}

func (sp *space) company(id string) *Company {
	i := slices.IndexFunc(sp.companies, func(c *Company) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return sp.companies[i]
}

func companyNotFound() *Error {
	return &Error{Status: 404, Code: "company_not_found", Message: "Company Not Found"}
}
