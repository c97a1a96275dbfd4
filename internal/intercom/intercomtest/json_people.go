package intercomtest

import (
	"strings"
	"time"
)

// adminJSON is the admin model (description 2.16, schema admin).
type adminJSON struct {
	Type             string  `json:"type"`
	ID               string  `json:"id"`
	Name             string  `json:"name"`
	Email            string  `json:"email"`
	JobTitle         string  `json:"job_title"`
	AwayModeEnabled  bool    `json:"away_mode_enabled"`
	AwayModeReassign bool    `json:"away_mode_reassign"`
	AwayReasonID     *int64  `json:"away_status_reason_id"`
	HasInboxSeat     bool    `json:"has_inbox_seat"`
	TeamIDs          []int64 `json:"team_ids"`
}

func adminOf(a *Admin) *adminJSON {
	return &adminJSON{
		Type: "admin", ID: a.ID, Name: a.Name, Email: a.Email, JobTitle: a.JobTitle, AwayModeEnabled: a.Away, HasInboxSeat: a.InboxSeat, TeamIDs: []int64{},
	}
}

// meJSON is the admin with the workspace (schema admin_with_app).
type meJSON struct {
	adminJSON
	EmailVerified bool       `json:"email_verified"`
	App           appJSON    `json:"app"`
	Avatar        avatarJSON `json:"avatar"`
}

type appJSON struct {
	Type                 string `json:"type"`
	IDCode               string `json:"id_code"`
	Name                 string `json:"name"`
	CreatedAt            int64  `json:"created_at"`
	Secure               bool   `json:"secure"`
	IdentityVerification bool   `json:"identity_verification"`
	Timezone             string `json:"timezone"`
	Region               string `json:"region"`
}

type avatarJSON struct {
	Type     string `json:"type"`
	ImageURL string `json:"image_url"`
}

func meOf(a *Admin, sp *space) meJSON {
	return meJSON{
		adminJSON: *adminOf(a), EmailVerified: a.EmailVerified, Avatar: avatarJSON{"avatar", "https://static.intercomassets.com/assets/default-avatars/admins/128.png"},
		App: appJSON{
			Type: "app", IDCode: sp.ID, Name: sp.Name, CreatedAt: sp.CreatedAt.Unix(), Secure: sp.IdentityVerification,
			IdentityVerification: sp.IdentityVerification, Timezone: sp.TimeZone, Region: sp.Region,
		},
	}
}

// contactJSON is the contact model (schema contact).
type contactJSON struct {
	Type                   string          `json:"type"`
	ID                     string          `json:"id"`
	WorkspaceID            string          `json:"workspace_id"`
	ExternalID             *string         `json:"external_id"`
	Role                   string          `json:"role"`
	Email                  string          `json:"email"`
	EmailDomain            string          `json:"email_domain,omitempty"`
	Phone                  *string         `json:"phone"`
	Name                   *string         `json:"name"`
	Avatar                 *avatarJSON     `json:"avatar"`
	OwnerID                *string         `json:"owner_id"`
	SocialProfiles         listJSON        `json:"social_profiles"`
	HasHardBounced         bool            `json:"has_hard_bounced"`
	MarkedEmailAsSpam      bool            `json:"marked_email_as_spam"`
	UnsubscribedFromEmails bool            `json:"unsubscribed_from_emails"`
	CreatedAt              int64           `json:"created_at"`
	UpdatedAt              int64           `json:"updated_at"`
	SignedUpAt             *int64          `json:"signed_up_at"`
	LastSeenAt             *int64          `json:"last_seen_at"`
	LastRepliedAt          *int64          `json:"last_replied_at"`
	LastContactedAt        *int64          `json:"last_contacted_at"`
	LanguageOverride       *string         `json:"language_override"`
	Browser                *string         `json:"browser"`
	BrowserVersion         *string         `json:"browser_version"`
	BrowserLanguage        *string         `json:"browser_language"`
	OS                     *string         `json:"os"`
	Location               locationJSON    `json:"location"`
	CustomAttributes       map[string]any  `json:"custom_attributes"`
	Tags                   addressableJSON `json:"tags"`
	Companies              addressableJSON `json:"companies"`
}

type listJSON struct {
	Type string `json:"type"`
	Data []any  `json:"data"`
}

type addressableJSON struct {
	Type       string `json:"type"`
	Data       []any  `json:"data"`
	URL        string `json:"url"`
	TotalCount int    `json:"total_count"`
	HasMore    bool   `json:"has_more"`
}

type locationJSON struct {
	Type    string  `json:"type"`
	Country *string `json:"country"`
	Region  *string `json:"region"`
	City    *string `json:"city"`

	CountryCode   *string `json:"country_code"`
	ContinentCode *string `json:"continent_code"`
}

// contactJSON needs the lock; the attributes are encoded before it is given up.
func (s *Server) contactJSON(c *Contact) *contactJSON {
	_, domain, _ := strings.Cut(c.Email, "@")
	out := &contactJSON{
		Type: "contact", ID: c.ID, WorkspaceID: c.Workspace, ExternalID: orNull(c.ExternalID), Role: c.Role, Email: c.Email, EmailDomain: domain,
		Phone: orNull(c.Phone), Name: orNull(c.Name), SocialProfiles: listJSON{"list", []any{}}, CreatedAt: c.CreatedAt.Unix(), UpdatedAt: c.UpdatedAt.Unix(),
		LastSeenAt: unixOrNull(c.SeenAt), LastRepliedAt: unixOrNull(c.SeenAt), Browser: orNull("chrome"), BrowserVersion: orNull("131.0.0.0"),
		BrowserLanguage: orNull(c.Locale), OS: orNull("Mac OS X"), Location: locationJSON{Type: "location", Country: orNull(c.Country), City: orNull(c.City)},
		CustomAttributes: copyContact(c).Attributes, UnsubscribedFromEmails: c.Unsubscribed,
		Tags:      addressableJSON{Type: "list", Data: []any{}, URL: "/contacts/" + c.ID + "/tags"},
		Companies: addressableJSON{Type: "list", Data: []any{}, URL: "/contacts/" + c.ID + "/companies"},
	}
	for _, id := range c.Companies[:min(10, len(c.Companies))] {
		out.Companies.Data = append(out.Companies.Data, map[string]any{"type": "company", "id": id, "url": "/companies/" + id})
	}
	out.Companies.TotalCount, out.Companies.HasMore = len(c.Companies), len(c.Companies) > 10
	if c.Role == "user" {
		out.SignedUpAt = unixOrNull(c.CreatedAt)
	}
	return out
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func unixOrNull(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.Unix()
	return &n
}
