package views

import (
	"net/url"
	"time"

	"rerate/views/ui"
)

// SettingsProps is the settings page. Its form posts to /settings with the settings' keys as field
// names ("ask.automatic", "windows.rate_hours", …); keys go to /settings/keys (name, read_only) and
// /settings/keys/{id}/revoke, roles to /settings/teammates/{id}/role (role).
type SettingsProps struct {
	Page Page
	// Values by settings key, stored or as sent: a switch is "true" or "", a list one entry a line,
	// target a share from 0 to 1 in per cent ("90").
	Values map[string]string
	Errors map[string]string // by settings key, or "name" of the new API key, or "form"

	Keys      []APIKey
	NewKey    string // a key just made, shown this once
	Teammates []TeammateRow
}

// APIKey is one key of the management API; its secret part is never here.
type APIKey struct {
	ID, Name  string
	ReadOnly  bool
	Author    string
	CreatedAt time.Time
	Revoked   bool
}

// TeammateRow is one teammate who has signed in.
type TeammateRow struct {
	ID, Name, Email string
	Role            string // "admin" or "viewer"
	SeenAt          time.Time
	Self            bool // the one who looks
}

var roleNames = []ui.Choice{{Value: "admin", Label: "Admin"}, {Value: "viewer", Label: "Viewer"}}

// errorTitle says above the forms that nothing was done.
func (p SettingsProps) errorTitle() string {
	return "Nothing was saved: " + count(len(p.Errors), "field needs", "fields need") + " your attention."
}

// wrongs lists what was refused, in the order of the page.
func (p SettingsProps) wrongs() []ui.Wrong {
	var all []ui.Wrong
	if text := p.Errors["form"]; text != "" {
		all = append(all, ui.Wrong{Text: text})
	}
	for _, group := range settingsGroups {
		for _, s := range group.settings {
			if text := p.Errors[s.name]; text != "" {
				all = append(all, ui.Wrong{ID: s.name, Label: s.label, Text: text})
			}
		}
	}
	if text := p.Errors["name"]; text != "" {
		all = append(all, ui.Wrong{ID: "key-name", Label: "Name of the new key", Text: text})
	}
	return all
}

// unsaved marks a form that holds what was typed and refused.
func (p SettingsProps) unsaved() string {
	if len(p.Errors) > 0 {
		return "changed"
	}
	return ""
}

// may says what a key may do.
func (k APIKey) may() string {
	if k.ReadOnly {
		return "Read"
	}
	return "Read and change"
}

func (k APIKey) dialogID() string   { return "revoke-" + url.PathEscape(k.ID) }
func (k APIKey) revokePath() string { return "/settings/keys/" + url.PathEscape(k.ID) + "/revoke" }

func (t TeammateRow) rolePath() string {
	return "/settings/teammates/" + url.PathEscape(t.ID) + "/role"
}
