package intercomtest

import (
	"encoding/json"
	"slices"
	"strconv"
)

// companyJSON is the company model (description 2.16, schema company).
type companyJSON struct {
	Type             string         `json:"type"`
	ID               string         `json:"id"`
	CompanyID        string         `json:"company_id"`
	AppID            string         `json:"app_id"`
	Name             string         `json:"name"`
	Plan             map[string]any `json:"plan"`
	RemoteCreatedAt  int64          `json:"remote_created_at"`
	CreatedAt        int64          `json:"created_at"`
	UpdatedAt        int64          `json:"updated_at"`
	LastRequestAt    int64          `json:"last_request_at"`
	Size             *int           `json:"size,omitempty"`
	Website          *string        `json:"website,omitempty"`
	Industry         *string        `json:"industry,omitempty"`
	MonthlySpend     int            `json:"monthly_spend"`
	SessionCount     int            `json:"session_count"`
	UserCount        int            `json:"user_count"`
	Tags             map[string]any `json:"tags"`
	Segments         map[string]any `json:"segments"`
	CustomAttributes map[string]any `json:"custom_attributes"`
}

// companyJSON needs the lock.
func (s *Server) companyJSON(c *Company) companyJSON {
	out := companyJSON{
		Type: "company", ID: c.ID, CompanyID: c.ExternalID, AppID: c.Workspace, Name: c.Name, Plan: map[string]any{},
		RemoteCreatedAt: c.CreatedAt.Unix(), CreatedAt: c.CreatedAt.Unix(), UpdatedAt: c.UpdatedAt.Unix(), LastRequestAt: c.UpdatedAt.Unix(),
		Website: orNull(c.Website), Industry: orNull(c.Industry), MonthlySpend: c.MonthlySpend,
		Tags: map[string]any{"type": "tag.list", "tags": []any{}}, Segments: map[string]any{"type": "segment.list", "segments": []any{}},
		CustomAttributes: copyCompany(c).Attributes,
	}
	if c.Plan != "" {
		out.Plan = map[string]any{"type": "plan", "id": c.Plan, "name": c.Plan}
	}
	if c.Size > 0 {
		out.Size = &c.Size
	}
	for _, who := range s.contacts {
		if slices.Contains(who.Companies, c.ID) {
			out.UserCount++
		}
	}
	return out
}

func (s *Server) getCompany(in *restRequest) (any, error) {
	c := in.sp.company(in.r.PathValue("id"))
	if c == nil {
		return nil, companyNotFound()
	}
	return s.companyJSON(c), nil
}

// listCompanies is a page of all companies, or with company_id one company.
func (s *Server) listCompanies(in *restRequest) (any, error) {
	q := in.r.URL.Query()
	if own := q.Get("company_id"); own != "" {
		for _, c := range in.sp.companies {
			if c.ExternalID == own {
				return s.companyJSON(c), nil
			}
		}
		return nil, companyNotFound()
	}
	perPage, page := atoi(q.Get("per_page"), 15), atoi(q.Get("page"), 1)
	total := len(in.sp.companies)
	from := min((page-1)*perPage, total)
	list := []companyJSON{}
	for _, c := range in.sp.companies[from:min(from+perPage, total)] {
		list = append(list, s.companyJSON(c))
	}
	pages := map[string]any{"type": "pages", "page": page, "per_page": perPage, "total_pages": (total + perPage - 1) / perPage, "next": nil}
	if from+perPage < total {
		pages["next"] = map[string]any{"page": page + 1, "starting_after": strconv.Itoa(page + 1)}
	}
	return map[string]any{"type": "list", "data": list, "total_count": total, "pages": pages}, nil
}

func (s *Server) listCompaniesOf(in *restRequest) (any, error) {
	who, err := s.contact(in.sp, in.r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	list := []companyJSON{}
	for _, id := range who.Companies {
		if c := in.sp.company(id); c != nil {
			list = append(list, s.companyJSON(c))
		}
	}
	// The description's schema calls the list companies, its example data: an answer has both.
	return map[string]any{
		"type": "list", "data": list, "companies": list, "total_count": len(list),
		"pages": map[string]any{"type": "pages", "next": nil, "page": 1, "per_page": 50, "total_pages": 1},
	}, nil
}

type teamJSON struct {
	Type               string  `json:"type"`
	ID                 string  `json:"id"`
	Name               string  `json:"name"`
	AdminIDs           []int64 `json:"admin_ids"`
	AssignmentLimit    *int    `json:"assignment_limit"`
	DistributionMethod string  `json:"distribution_method"`
}

func teamOf(t *Team) teamJSON {
	out := teamJSON{Type: "team", ID: t.ID, Name: t.Name, AdminIDs: []int64{}, DistributionMethod: "round_robin"}
	for _, id := range t.Admins {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			out.AdminIDs = append(out.AdminIDs, n)
		}
	}
	return out
}

func (s *Server) listTeams(in *restRequest) (any, error) {
	list := []teamJSON{}
	for _, t := range in.sp.teams {
		list = append(list, teamOf(t))
	}
	return map[string]any{"type": "team.list", "teams": list}, nil
}

func (s *Server) getTeam(in *restRequest) (any, error) {
	t := in.sp.team(in.r.PathValue("id"))
	if t == nil {
		return nil, &Error{Status: 404, Code: "team_not_found", Message: "Team not found"}
	}
	return teamOf(t), nil
}

// eventJSON is data_event.
type eventJSON struct {
	Type           string          `json:"type"`
	EventName      string          `json:"event_name"`
	CreatedAt      int64           `json:"created_at"`
	UserID         string          `json:"user_id,omitempty"`
	ID             string          `json:"id"`
	IntercomUserID string          `json:"intercom_user_id"`
	Email          string          `json:"email,omitempty"`
	Metadata       json.RawMessage `json:"metadata"`
}

// eventJSON needs the lock.
func (s *Server) eventJSON(e Event) eventJSON {
	out := eventJSON{Type: "event", EventName: e.Name, CreatedAt: e.CreatedAt.Unix(), IntercomUserID: e.Contact, Metadata: json.RawMessage("{}")}
	if who := s.contacts[e.Contact]; who != nil {
		out.UserID, out.Email = who.ExternalID, who.Email
	}
	out.ID = hexDigits([]byte(e.Name))[:min(16, 2*len(e.Name))] + "-" + strconv.FormatInt(out.CreatedAt, 10)
	if e.Metadata != nil {
		out.Metadata = encode(e.Metadata)
	}
	return out
}

// listEvents lists the events of one contact, newest first, or with summary how often each was sent. type=user is required.
func (s *Server) listEvents(in *restRequest) (any, error) {
	q := in.r.URL.Query()
	if q.Get("type") != "user" {
		return nil, invalid("type must be user")
	}
	who, err := s.contactBy(in.sp, q.Get("intercom_user_id"), q.Get("user_id"), q.Get("email"))
	if err != nil {
		return nil, err
	}
	events, summary := []any{}, map[string]map[string]any{}
	for _, e := range slices.Backward(in.sp.events) {
		if e.Contact != who.ID {
			continue
		}
		if q.Get("summary") != "true" {
			events = append(events, s.eventJSON(e))
			continue
		}
		at := e.CreatedAt.UTC().Format("2006-01-02T15:04:05.000-07:00")
		row := summary[e.Name]
		if row == nil {
			row = map[string]any{"name": e.Name, "last": at, "count": 0, "description": ""}
			summary[e.Name] = row
			events = append(events, row)
		}
		row["first"], row["count"] = at, row["count"].(int)+1
	}
	return map[string]any{
		"type": "event.summary", "events": events, "pages": map[string]any{"next": nil},
		"email": who.Email, "intercom_user_id": who.ID, "user_id": who.ExternalID,
	}, nil
}
