package intercomtest

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// contactField reads one field by which contacts can be searched.
type contactField struct {
	kind fieldKind
	of   func(*Contact) any
}

var contactFields = map[string]contactField{
	"id":                {txt, func(c *Contact) any { return c.ID }},
	"role":              {txt, func(c *Contact) any { return c.Role }},
	"name":              {txt, func(c *Contact) any { return c.Name }},
	"email":             {txt, func(c *Contact) any { return c.Email }},
	"phone":             {txt, func(c *Contact) any { return c.Phone }},
	"external_id":       {txt, func(c *Contact) any { return c.ExternalID }},
	"language_override": {txt, func(*Contact) any { return nil }},
	"browser_language":  {txt, func(c *Contact) any { return c.Locale }},
	"location.country":  {txt, func(c *Contact) any { return c.Country }},
	"location.city":     {txt, func(c *Contact) any { return c.City }},
	"created_at":        {date, func(c *Contact) any { return seconds(c.CreatedAt) }},
	"signed_up_at":      {date, func(c *Contact) any { return seconds(c.CreatedAt) }},
	"updated_at":        {date, func(c *Contact) any { return seconds(c.UpdatedAt) }},
	"last_seen_at":      {date, func(c *Contact) any { return seconds(c.SeenAt) }},
}

// contactFilter is the leaf of a contact search. Until version 2.17 times are compared by the day in the workspace's zone: > begins
// with the day after, < ends with the day before (description 2.16, "Searching for Timestamp Fields").
func (sp *space) contactFilter(v version) filterParser[Contact] {
	return func(field, operator string, raw json.RawMessage) (matcher[Contact], error) {
		f, ok := contactFields[field]
		if name, custom := strings.CutPrefix(field, "custom_attributes."); custom {
			f, ok = contactField{txt, func(c *Contact) any { return asText(c.Attributes[name]) }}, true
		}
		if !ok {
			return nil, invalid("'" + field + "' is not a field that contacts can be searched by")
		}
		if f.kind == date {
			return sp.dateFilter(f, field, operator, raw, v)
		}
		compare, wanted, err := parseComparison(f.kind, field, operator, raw)
		if err != nil {
			return nil, err
		}
		return func(c *Contact) bool { return compare.hit(f.of(c), wanted) }, nil
	}
}

func (sp *space) dateFilter(f contactField, field, operator string, raw json.RawMessage, v version) (matcher[Contact], error) {
	compare, wanted, err := parseComparison(number, field, operator, raw)
	if err != nil {
		return nil, err
	}
	if v >= version217 {
		return func(c *Contact) bool { return compare.hit(f.of(c), wanted) }, nil
	}
	at, ok := wanted[0].(int64)
	if !ok || !strings.Contains("=<>", operator) {
		return nil, invalid("operator '" + operator + "' does not fit the date '" + field + "'")
	}
	zone, err := time.LoadLocation(sp.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	wantedDay := dayNumber(time.Unix(at, 0).In(zone))
	return func(c *Contact) bool {
		have, ok := f.of(c).(int64)
		if !ok {
			return false
		}
		day := dayNumber(time.Unix(have, 0).In(zone))
		switch operator {
		case ">":
			return day > wantedDay
		case "<":
			return day < wantedDay
		default:
			return day == wantedDay
		}
	}, nil
}

func dayNumber(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// searchContacts is POST /contacts/search: oldest first, 50 a page unless asked otherwise; deleted and merged contacts are left out.
func (s *Server) searchContacts(in *restRequest) (any, error) {
	var body struct {
		Query      json.RawMessage `json:"query"`
		Pagination struct {
			PerPage       int    `json:"per_page"`
			StartingAfter string `json:"starting_after"`
		} `json:"pagination"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	match, err := parseQuery(body.Query, 1, in.sp.contactFilter(in.v))
	if err != nil {
		return nil, err
	}
	return s.contactPage(in, match, body.Pagination.PerPage, body.Pagination.StartingAfter)
}

// listContacts is GET /contacts.
func (s *Server) listContacts(in *restRequest) (any, error) {
	q := in.r.URL.Query()
	perPage, _ := strconv.Atoi(q.Get("per_page"))
	return s.contactPage(in, func(*Contact) bool { return true }, perPage, q.Get("starting_after"))
}

func (s *Server) contactPage(in *restRequest, match matcher[Contact], perPage int, startingAfter string) (any, error) {
	if perPage == 0 {
		perPage = 50
	}
	if perPage < 1 || perPage > 150 {
		return nil, invalid("per_page must be between 1 and 150")
	}
	from, err := strconv.Atoi("0" + startingAfter)
	if err != nil {
		return nil, invalid("starting_after is not a cursor of this search")
	}
	page, total, next := []*contactJSON{}, 0, 0
	for i, id := range in.sp.contacts {
		c := s.contacts[id]
		if c.Deleted || c.MergedInto != "" || !match(c) {
			continue
		}
		total++
		switch {
		case i < from:
		case len(page) < perPage:
			page = append(page, s.contactJSON(c))
		case next == 0:
			next = i
		}
	}
	pages := map[string]any{"type": "pages", "page": 1 + (total-len(page))/perPage*min(from, 1), "per_page": perPage, "total_pages": (total + perPage - 1) / perPage}
	if next > 0 {
		pages["next"] = map[string]any{"per_page": perPage, "starting_after": strconv.Itoa(next)}
	}
	return map[string]any{"type": "list", "data": page, "total_count": total, "pages": pages}, nil
}
