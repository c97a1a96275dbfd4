package intercomtest

import "time"

// Workspace is one Intercom workspace: the tenant. ID is what /me calls app.id_code.
type Workspace struct {
	ID                   string
	Name                 string
	Region               string // US, EU or AU
	TimeZone             string // IANA name
	IdentityVerification bool
	CreatedAt            time.Time
}

// Admin is a teammate of a workspace. IDs have 7 digits.
type Admin struct {
	ID            string
	Name          string
	Email         string
	EmailVerified bool
	JobTitle      string
	Away          bool
	InboxSeat     bool
}

// Contact is a customer: a user (signed in, has an ExternalID) or a lead. IDs have 24 hex digits.
type Contact struct {
	ID         string
	Workspace  string
	Role       string // user or lead
	ExternalID string // a lead's is made up by Intercom
	Name       string
	Email      string // "" when unknown
	Phone      string
	Locale     string   // two letters, sent as context.locale
	Company    string   // the name of the first company, for the Inbox
	Companies  []string // ids (see AddCompany and JoinCompany)
	Country    string
	City       string
	Attributes map[string]any
	CreatedAt  time.Time
	UpdatedAt  time.Time
	SeenAt     time.Time
	// Unsubscribed wants no e-mails.
	Unsubscribed bool

	Archived   bool
	Deleted    bool
	MergedInto string // the contact that took this one's place: reading this one answers 410
}

// Author wrote a part: Type is admin, user, lead or bot.
type Author struct {
	Type  string `json:"type"`
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Ref points at an admin, a team or a contact.
type Ref struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Tag is a tag of the workspace. IDs have 7 digits.
type Tag struct {
	ID        string
	Name      string
	AppliedAt time.Time // when it was put on the conversation
	AppliedBy Ref
}

// AttributeDefinition is a conversation attribute that exists in the workspace. A value can be written only to one that exists.
type AttributeDefinition struct {
	ID          int
	Name        string
	Type        string // string, integer, decimal, boolean, datetime, list
	Description string
	Options     []string // of a list
	Multiline   bool
	CreatedAt   time.Time
	CreatedBy   string // admin id
}

// DataAttribute is a contact attribute made through /data_attributes.
type DataAttribute struct {
	ID          int
	Name        string
	Model       string // contact or company
	Type        string // string, integer, float, boolean, date
	Description string
	Options     []string
	CreatedAt   time.Time
	CreatedBy   string
}

// Event is a data event that an app sent about a contact.
type Event struct {
	Name      string
	Contact   string
	CreatedAt time.Time
	Metadata  map[string]any
}
