package intercom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rerate/internal/intercom/canvas"
)

// Contact is a customer: a user or a lead (OpenAPI 2.16, contact). A zero time or an empty text means that Intercom gave none.
type Contact struct {
	ID           string
	WorkspaceID  string
	ExternalID   string
	Role         string // user or lead
	Email        string
	Name         string
	Locale       string // language_override, else the browser's language
	Location     string // city, region and country, as far as Intercom knows them
	CreatedAt    time.Time
	SignedUpAt   time.Time
	LastSeenAt   time.Time
	Unsubscribed bool           // wants no e-mail, or none reaches them: unsubscribed, bounced, or marked as spam
	Attributes   map[string]any // custom attributes: text, float64 or bool; anything else is left out
}

// Company is a company of a contact (OpenAPI 2.16, company).
type Company struct {
	ID         string // Intercom's
	ExternalID string // the operator's own: company_id
	Name       string
	Plan       string // the plan's name
	Size       int
	Attributes map[string]any // as a contact's
}

// EventSummary says how often a contact did something (OpenAPI 2.16, data_event_summary_item).
type EventSummary struct {
	Name  string
	Count int
	First time.Time
	Last  time.Time
}

// Contact reads a contact (GET /contacts/{id}). One that was merged into another is an *Error that knows the other
// (Canonical); a deleted one is NotFound.
func (c *Client) Contact(ctx context.Context, id string) (Contact, error) {
	path, err := pathTo("/contacts/", id, "")
	if err != nil {
		return Contact{}, err
	}
	var contact Contact
	// Before 2.16 nothing is documented of merged contacts.
	err = c.do(ctx, call{method: http.MethodGet, path: path, version: versionContacts, out: &contact})
	return contact, err
}

// ContactCompanies lists the companies of a contact (GET /contacts/{id}/companies): Intercom's first page, which holds 50.
func (c *Client) ContactCompanies(ctx context.Context, id string) ([]Company, error) {
	path, err := pathTo("/contacts/", id, "/companies")
	if err != nil {
		return nil, err
	}
	var raw json.RawMessage
	if err := c.do(ctx, call{method: http.MethodGet, path: path, version: versionContacts, out: &raw}); err != nil {
		return nil, err
	}
	// The schema names the list companies, its example data.
	return list[Company](raw, "data", "companies")
}

// ContactEvents sums up what a contact did, each kind of event once (GET /events with summary). Counts reach back for ever.
func (c *Client) ContactEvents(ctx context.Context, id string) ([]EventSummary, error) {
	if !plainID.MatchString(id) {
		return nil, errors.New("the id of the contact cannot be one of Intercom's")
	}
	query := url.Values{"type": {"user"}, "intercom_user_id": {id}, "summary": {"true"}}
	var raw json.RawMessage
	err := c.do(ctx, call{method: http.MethodGet, path: "/events?" + query.Encode(), version: versionContacts, out: &raw})
	if err != nil {
		return nil, err
	}
	return list[EventSummary](raw, "events")
}

// UnmarshalJSON reads a contact; anything but the id may be null.
func (c *Contact) UnmarshalJSON(raw []byte) error {
	var v struct {
		ID              canvas.ID       `json:"id"`
		WorkspaceID     string          `json:"workspace_id"`
		ExternalID      canvas.ID       `json:"external_id"`
		Role            string          `json:"role"`
		Email           string          `json:"email"`
		Name            string          `json:"name"`
		Language        string          `json:"language_override"`
		BrowserLanguage string          `json:"browser_language"`
		CreatedAt       instant         `json:"created_at"`
		SignedUpAt      instant         `json:"signed_up_at"`
		LastSeenAt      instant         `json:"last_seen_at"`
		Unsubscribed    bool            `json:"unsubscribed_from_emails"`
		Bounced         bool            `json:"has_hard_bounced"`
		Spam            bool            `json:"marked_email_as_spam"`
		Location        place           `json:"location"`
		Attributes      json.RawMessage `json:"custom_attributes"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*c = Contact{
		ID: string(v.ID), WorkspaceID: v.WorkspaceID, ExternalID: string(v.ExternalID),
		Role: v.Role, Email: v.Email, Name: v.Name, Locale: v.Language, Location: v.Location.words(), CreatedAt: v.CreatedAt.time(),
		SignedUpAt: v.SignedUpAt.time(), LastSeenAt: v.LastSeenAt.time(), Unsubscribed: v.Unsubscribed || v.Bounced || v.Spam,
		Attributes: attributes(v.Attributes),
	}
	if c.Locale == "" {
		c.Locale = v.BrowserLanguage
	}
	return nil
}

// place is where a contact was last (OpenAPI 2.16, contact_location); each part may be null.
type place struct {
	City    string `json:"city"`
	Region  string `json:"region"`
	Country string `json:"country"`
}

// words writes a place from the smallest to the largest, what is the same only once.
func (p place) words() string {
	parts := slices.DeleteFunc([]string{p.City, p.Region, p.Country}, func(part string) bool { return part == "" })
	return strings.Join(slices.Compact(parts), ", ")
}

// attributes keeps the custom attributes that are one value; lists and references to other objects say nothing to us.
func attributes(raw json.RawMessage) map[string]any {
	var all map[string]any
	if json.Unmarshal(raw, &all) != nil {
		return nil
	}
	kept := map[string]any{}
	for name, value := range all {
		switch value.(type) {
		case string, float64, bool:
			kept[name] = value
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// UnmarshalJSON reads a company; anything but the id may be null, and a company without a plan has an empty object.
func (c *Company) UnmarshalJSON(raw []byte) error {
	var v struct {
		ID         canvas.ID       `json:"id"`
		ExternalID canvas.ID       `json:"company_id"`
		Name       string          `json:"name"`
		Plan       json.RawMessage `json:"plan"`
		Size       float64         `json:"size"`
		Attributes json.RawMessage `json:"custom_attributes"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	if v.Size < 0 || v.Size > 1<<31-1 {
		v.Size = 0
	}
	*c = Company{
		ID: string(v.ID), ExternalID: string(v.ExternalID), Name: v.Name, Plan: planName(v.Plan), Size: int(v.Size),
		Attributes: attributes(v.Attributes),
	}
	return nil
}

// planName reads a plan: an object with a name, or the name itself.
func planName(raw json.RawMessage) string {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		return name
	}
	var plan struct {
		Name string `json:"name"`
	}
	if json.Unmarshal(raw, &plan) != nil {
		return ""
	}
	return plan.Name
}

// UnmarshalJSON reads a summary of events. The description's own example has a space after the last time.
func (e *EventSummary) UnmarshalJSON(raw []byte) error {
	var v struct {
		Name  string          `json:"name"`
		Count int             `json:"count"`
		First json.RawMessage `json:"first"`
		Last  json.RawMessage `json:"last"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	first, err := looseInstant(v.First)
	if err != nil {
		return err
	}
	last, err := looseInstant(v.Last)
	if err != nil {
		return err
	}
	*e = EventSummary{Name: v.Name, Count: max(v.Count, 0), First: first, Last: last}
	return nil
}

func looseInstant(raw json.RawMessage) (time.Time, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return time.Time{}, nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		raw, _ = json.Marshal(strings.TrimSpace(text)) // a string always encodes
	}
	var at instant
	err := json.Unmarshal(raw, &at)
	return at.time(), err
}
