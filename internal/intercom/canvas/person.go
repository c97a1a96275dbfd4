package canvas

import (
	"cmp"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// Person is the customer of a request. Intercom warns that customers can put anything into these
// fields, so nothing here but ID proves who somebody is (docs: canvas-kit lifecycle).
type Person struct {
	Type       string // contact; user, lead or visitor in older versions
	ID         string // Intercom's id
	ExternalID string // the operator's own id; user_id in older versions
	Role       string // user or lead; empty if unknown
	Email      string
	Name       string
}

// UnmarshalJSONFrom reads the contact model of API 2 and the user model before it.
func (p *Person) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var v struct {
		Type       string `json:"type"`
		ID         ID     `json:"id"`
		ExternalID ID     `json:"external_id"`
		UserID     ID     `json:"user_id"`
		Role       string `json:"role"`
		Email      string `json:"email"`
		Name       string `json:"name"`
	}
	if err := decodeFrom(dec, &v, nil); err != nil {
		return fmt.Errorf("contact, customer or user: %w", err)
	}
	*p = Person{
		Type:       v.Type,
		ID:         string(v.ID),
		ExternalID: string(cmp.Or(v.ExternalID, v.UserID)),
		Role:       v.Role,
		Email:      v.Email,
		Name:       v.Name,
	}
	if p.Role == "" && (p.Type == "user" || p.Type == "lead") {
		p.Role = p.Type
	}
	return nil
}

// Admin is the teammate who looks at the Inbox or configures the card.
type Admin struct {
	ID    string
	Name  string
	Email string
}

// UnmarshalJSONFrom reads the admin model.
func (a *Admin) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var v struct {
		ID    ID     `json:"id"`
		Name  string `json:"name"`
		Email string `json:"email"`
	}
	if err := decodeFrom(dec, &v, nil); err != nil {
		return fmt.Errorf("admin: %w", err)
	}
	*a = Admin{ID: string(v.ID), Name: v.Name, Email: v.Email}
	return nil
}
