package models

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Company is a company of contacts, as Intercom knows it.
type Company struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // Intercom's
	ExternalID  string // the operator's own
	Name        string
	Plan        string
	Size        int
	Attributes  map[string]any `gorm:"serializer:json"` // as a contact's
	UpdatedAt   time.Time
}

// BeforeCreate is GORM's hook: no attributes are an empty object, never NULL.
func (c *Contact) BeforeCreate(*gorm.DB) error {
	if c.Attributes == nil {
		c.Attributes = map[string]any{}
	}
	return nil
}

// ContactCompany says that a contact belongs to a company.
type ContactCompany struct {
	WorkspaceID string `gorm:"primaryKey"`
	ContactID   string `gorm:"primaryKey"`
	CompanyID   string `gorm:"primaryKey"`
}

// ContactEvent says how often a contact did something, and when last.
type ContactEvent struct {
	WorkspaceID string `gorm:"primaryKey"`
	ContactID   string `gorm:"primaryKey"`
	Name        string `gorm:"primaryKey"`
	Count       int
	LastAt      *time.Time
}

// Profile is everything that Intercom knows of a contact. Companies and events that are nil stay as they are.
type Profile struct {
	Contact   Contact
	Companies []Company
	Events    []ContactEvent
}

// The bounds of a profile; what is beyond them is left out. Intercom itself allows 250 custom attributes.
const (
	maxAttributes = 250
	maxAttribute  = 500 // characters of a name or a text
	maxCompanies  = 50
	maxEvents     = 50
)

// ClaimProfile takes the right to ask Intercom for everything about a contact, for as long as lasts. It answers false
// for a contact that is erased, or of whom somebody else asks just now, or has asked since a day.
func (tx *Tx) ClaimProfile(contact string, lasts time.Duration) (bool, error) {
	result := tx.rows().Model(&Contact{}).
		Where("id = ? AND erased_at IS NULL AND (profile_next_at IS NULL OR profile_next_at <= ?)", contact, tx.Now).
		UpdateColumn("profile_next_at", tx.Now.Add(lasts))
	return result.RowsAffected == 1, result.Error
}

// ProfilesDue picks the contacts of whom Intercom may be asked now.
func (tx *Tx) ProfilesDue(contacts []string) ([]string, error) {
	var due []string
	err := tx.rows().Model(&Contact{}).
		Where("id IN ? AND erased_at IS NULL AND (profile_next_at IS NULL OR profile_next_at <= ?)", contacts, tx.Now).
		Order("id").Pluck("id", &due).Error
	return due, err
}

// ReleaseProfile gives the right back, so that Intercom may be asked again at the given time.
func (tx *Tx) ReleaseProfile(contact string, next time.Time) error {
	return tx.rows().Model(&Contact{}).Where("id = ?", contact).UpdateColumn("profile_next_at", next).Error
}

// SaveProfile stores what Intercom knows of a contact. Of an erased contact nothing is stored again. Where Intercom says
// nothing of the name or the e-mail address, what is known stays.
func (tx *Tx) SaveProfile(p Profile) error {
	known, err := one[Contact](lockForUpdate(tx.rows().Where("id = ?", p.Contact.ID)))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if known.ErasedAt != nil {
		return nil
	}
	if err := tx.SaveContact(p.Contact); err != nil {
		return err
	}
	c := p.Contact
	c.Location = short(c.Location)
	c.Attributes, c.ProfileAt, c.MergedInto, c.GoneAt = boundAttributes(c.Attributes), &tx.Now, "", nil
	if err := tx.rows().Model(&Contact{}).Where("id = ?", c.ID).
		Select("locale", "location", "signed_up_at", "last_seen_at", "unsubscribed", "attributes", "profile_at", "merged_into", "gone_at").
		UpdateColumns(&c).Error; err != nil {
		return err
	}
	if p.Companies != nil {
		if err := tx.saveCompanies(c.ID, p.Companies); err != nil {
			return err
		}
	}
	if p.Events != nil {
		return tx.saveContactEvents(c.ID, p.Events)
	}
	return nil
}

func (tx *Tx) saveCompanies(contact string, companies []Company) error {
	companies = companies[:min(len(companies), maxCompanies)]
	slices.SortFunc(companies, func(a, b Company) int { return strings.Compare(a.ID, b.ID) }) // so that nobody waits in a circle
	var ids []string
	for _, company := range companies {
		company.WorkspaceID, company.UpdatedAt, company.Attributes = tx.Workspace, tx.Now, boundAttributes(company.Attributes)
		if err := tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&company).Error; err != nil {
			return err
		}
		link := ContactCompany{WorkspaceID: tx.Workspace, ContactID: contact, CompanyID: company.ID}
		if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&link).Error; err != nil {
			return err
		}
		ids = append(ids, company.ID)
	}
	return tx.leaveCompanies(contact, ids...)
}

// leaveCompanies takes a contact out of every company but some, and forgets the companies that nobody belongs to any more.
func (tx *Tx) leaveCompanies(contact string, but ...string) error {
	var left []string
	links := func() *gorm.DB {
		query := tx.rows().Model(&ContactCompany{}).Where("contact_id = ?", contact)
		if len(but) > 0 {
			query = query.Where("company_id NOT IN ?", but)
		}
		return query
	}
	if err := links().Pluck("company_id", &left).Error; err != nil || len(left) == 0 {
		return err
	}
	if err := links().Delete(&ContactCompany{}).Error; err != nil {
		return err
	}
	return tx.rows().Where("id IN ?", left).Where(`NOT EXISTS (SELECT 1 FROM contact_companies AS link
		WHERE link.workspace_id = companies.workspace_id AND link.company_id = companies.id)`).Delete(&Company{}).Error
}

func (tx *Tx) saveContactEvents(contact string, events []ContactEvent) error {
	if err := tx.rows().Where("contact_id = ?", contact).Delete(&ContactEvent{}).Error; err != nil {
		return err
	}
	events = slices.Clone(events)
	slices.SortFunc(events, func(a, b ContactEvent) int { return timeOf(b.LastAt).Compare(timeOf(a.LastAt)) }) // the newest are kept
	seen := map[string]bool{}
	for _, event := range events {
		if event.Name = short(event.Name); event.Name == "" || seen[event.Name] || len(seen) == maxEvents {
			continue
		}
		seen[event.Name] = true
		event.WorkspaceID, event.ContactID = tx.Workspace, contact
		if err := tx.db.Create(&event).Error; err != nil {
			return err
		}
	}
	return nil
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// boundAttributes keeps as many attributes as are stored, the first by name.
func boundAttributes(all map[string]any) map[string]any {
	kept := map[string]any{}
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names[:min(len(names), maxAttributes)] {
		switch value := all[name].(type) {
		case string:
			kept[short(name)] = short(value)
		case float64, bool:
			kept[short(name)] = value
		}
	}
	return kept
}

// short cuts a text to what is stored, and takes out what PostgreSQL cannot store.
func short(text string) string {
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
	if runes := []rune(text); len(runes) > maxAttribute {
		return string(runes[:maxAttribute])
	}
	return text
}

// forgetProfile removes what belongs to the profile of a contact beside the contact's own row.
func (tx *Tx) forgetProfile(contact string) error {
	for _, row := range []any{&ContactEvent{}, &SegmentMember{}} {
		if err := tx.rows().Where("contact_id = ?", contact).Delete(row).Error; err != nil {
			return err
		}
	}
	if err := tx.skipMessagesTo(contact); err != nil {
		return err
	}
	return tx.leaveCompanies(contact)
}

// ContactGone remembers that Intercom has no such contact any more, or that it was merged into another one, and forgets
// its profile. Name, address and remarks stay until Intercom reports the contact as deleted. It answers false for a contact
// that is not known.
func (tx *Tx) ContactGone(contact, mergedInto string) (bool, error) {
	gone := Contact{Attributes: map[string]any{}, MergedInto: mergedInto, GoneAt: &tx.Now, ProfileAt: &tx.Now}
	result := tx.rows().Model(&Contact{}).Where("id = ? AND erased_at IS NULL", contact).
		Select("locale", "location", "signed_up_at", "last_seen_at", "attributes", "profile_at", "merged_into", "gone_at").
		UpdateColumns(&gone)
	if result.Error != nil || result.RowsAffected == 0 {
		return false, result.Error
	}
	return true, tx.forgetProfile(contact)
}

// CompaniesOf reads the companies of some contacts, by contact, each list by name.
func (t Tenant) CompaniesOf(ctx context.Context, contacts ...string) (map[string][]Company, error) {
	return companiesOf(func() *gorm.DB { return t.rows(ctx) }, contacts)
}

func companiesOf(rows func() *gorm.DB, contacts []string) (map[string][]Company, error) {
	links, err := list[ContactCompany](rows().Where("contact_id IN ?", contacts))
	if err != nil || len(links) == 0 {
		return nil, err
	}
	ids := make([]string, len(links))
	for i, link := range links {
		ids[i] = link.CompanyID
	}
	companies, err := list[Company](rows().Where("id IN ?", ids).Order("name, id"))
	if err != nil {
		return nil, err
	}
	members := map[string][]string{} // by company
	for _, link := range links {
		members[link.CompanyID] = append(members[link.CompanyID], link.ContactID)
	}
	byContact := map[string][]Company{}
	for _, company := range companies {
		for _, contact := range members[company.ID] {
			byContact[contact] = append(byContact[contact], company)
		}
	}
	return byContact, nil
}

// EventsOf reads what some contacts did, by contact, the newest first.
func (t Tenant) EventsOf(ctx context.Context, contacts ...string) (map[string][]ContactEvent, error) {
	return eventsOf(func() *gorm.DB { return t.rows(ctx) }, contacts)
}

func eventsOf(rows func() *gorm.DB, contacts []string) (map[string][]ContactEvent, error) {
	all, err := list[ContactEvent](rows().Where("contact_id IN ?", contacts).Order("last_at IS NULL, last_at DESC, name"))
	if err != nil {
		return nil, err
	}
	byContact := map[string][]ContactEvent{}
	for _, event := range all {
		byContact[event.ContactID] = append(byContact[event.ContactID], event)
	}
	return byContact, nil
}
