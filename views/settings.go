package views

import (
	"net/url"
	"strconv"
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

	AgreeTo int // days beyond which the values would erase more than the stored ones do, which somebody has to agree to; 0: no more

	DryRun  *DryRun          // what the values would have done, when somebody asked
	Unsaved bool             // the values are not the stored ones
	Changes []SettingsChange // newest first

	Keys      []APIKey
	NewKey    string // a key just made, shown this once
	Teammates []TeammateRow
	Figures   FiguresProps
}

// AgreeToErase is the name of the box that somebody ticks who agrees that what is older than so many days is erased.
func AgreeToErase(days int) string { return "erase_older_than_" + strconv.Itoa(days) }

// WouldErase says what keeping ratings for so many days would erase, and what to do about it.
func WouldErase(days int, ratings, remarks int64) string {
	older := count(int(ratings), "rating is", "ratings are") + " older than " + count(days, "day", "days")
	return older + " now, " + grouped(int(remarks)) + " with a remark. What was said in them, and by whom, is erased within a day and cannot be brought back. " +
		"Nothing is saved yet: tick the box below and save again."
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
	if len(p.Errors) > 0 || p.Unsaved {
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
