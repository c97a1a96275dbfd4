package models

import (
	"context"
	"time"

	"gorm.io/gorm"

	"rerate/internal/rating"
	"rerate/internal/segment"
)

// Known is a contact with all that a segment may ask about.
type Known struct {
	Contact Contact
	Person  segment.Person
}

// There reports whether the contact can be in a segment at all: not erased, and Intercom has it.
func (c Contact) There() bool { return c.ErasedAt == nil && c.GoneAt == nil && c.MergedInto == "" }

// reader reads the rows of one workspace, inside a transaction or outside.
type reader struct {
	workspace string
	rows      func() *gorm.DB // of the workspace
	raw       func(sql string, values ...any) *gorm.DB
	sqlite    bool
}

func (tx *Tx) reader() reader {
	return reader{tx.Workspace, tx.rows, tx.db.Raw, tx.db.Name() == "sqlite"}
}

func (t Tenant) reader(ctx context.Context) reader {
	return reader{t.Workspace, func() *gorm.DB { return t.rows(ctx) }, t.store.db.WithContext(ctx).Raw, t.store.dialect == SQLite}
}

// People reads some contacts with what a segment needs to know of them, by id.
func (tx *Tx) People(ids []string, needs segment.Needs) ([]Known, error) {
	return tx.reader().people(tx.rows().Where("id IN ?", ids), needs)
}

// PeopleAfter reads the contacts after an id, as People does.
func (t Tenant) PeopleAfter(ctx context.Context, after string, limit int, needs segment.Needs) ([]Known, error) {
	return t.reader(ctx).people(t.rows(ctx).Where("id > ?", after).Limit(limit), needs)
}

// ContactIDsAfter lists the ids of the contacts after one.
func (t Tenant) ContactIDsAfter(ctx context.Context, after string, limit int) ([]string, error) {
	var ids []string
	err := t.rows(ctx).Model(&Contact{}).Where("id > ?", after).Order("id").Limit(limit).Pluck("id", &ids).Error
	return ids, err
}

// AskedSince reports whether a contact was asked for a rating since a time: in person, or in a conversation of theirs.
func (tx *Tx) AskedSince(contact string, since time.Time) (bool, error) {
	var who segment.Person
	err := tx.reader().fillAsked([]string{contact}, map[string]*segment.Person{contact: &who})
	return who.AskedAt.After(since), err
}

func (r reader) people(query *gorm.DB, needs segment.Needs) ([]Known, error) {
	contacts, err := list[Contact](query.Order("id"))
	if err != nil || len(contacts) == 0 {
		return nil, err
	}
	ids, known := make([]string, len(contacts)), make([]Known, len(contacts))
	at := make(map[string]*segment.Person, len(contacts))
	for i, c := range contacts {
		ids[i] = c.ID
		known[i] = Known{Contact: c, Person: segment.Person{
			Role: c.Role, Locale: c.Locale, Email: c.Email, SignedUpAt: timeOf(c.SignedUpAt), LastSeenAt: timeOf(c.LastSeenAt),
			Attributes: c.Attributes,
		}}
		at[c.ID] = &known[i].Person
	}
	for _, fill := range []struct {
		needed bool
		with   func([]string, map[string]*segment.Person) error
	}{{needs.Companies, r.fillCompanies}, {needs.Events, r.fillEvents}, {needs.Rating, r.fillRatings}, {needs.Asked, r.fillAsked}} {
		if !fill.needed {
			continue
		}
		if err := fill.with(ids, at); err != nil {
			return nil, err
		}
	}
	return known, nil
}

func (r reader) fillCompanies(ids []string, at map[string]*segment.Person) error {
	all, err := companiesOf(r.rows, ids)
	for id, companies := range all {
		for _, c := range companies {
			at[id].Companies = append(at[id].Companies, segment.Company{Name: c.Name, Plan: c.Plan, Size: c.Size, Attributes: c.Attributes})
		}
	}
	return err
}

func (r reader) fillEvents(ids []string, at map[string]*segment.Person) error {
	all, err := eventsOf(r.rows, ids)
	for id, events := range all {
		at[id].Events = make(map[string]segment.Event, len(events))
		for _, e := range events {
			at[id].Events[e.Name] = segment.Event{Count: e.Count, Last: timeOf(e.LastAt)}
		}
	}
	return err
}

// talks leads from contacts to the conversations in which they take part, and on to something of these. SQLite looks the
// tables up in this order, and would go through every conversation of the workspace for each contact were it not told
// by which index.
func (r reader) talks() string {
	by := ""
	if r.sqlite {
		by = " INDEXED BY conversations_of_contact"
	}
	return " FROM contacts AS c CROSS JOIN conversation_contacts AS m" + by + " CROSS JOIN "
}

const ofTalks = ` WHERE c.workspace_id = ? AND c.id IN ? AND m.workspace_id = c.workspace_id AND m.contact_id = c.id`

// fillRatings finds the newest valid rating of each contact.
func (r reader) fillRatings(ids []string, at map[string]*segment.Person) error {
	var found []struct {
		ContactID       string
		LatestSentiment rating.Sentiment
		LatestAt        time.Time
	}
	err := r.raw(`SELECT m.contact_id, s.latest_sentiment, s.latest_at`+r.talks()+`summaries AS s`+ofTalks+
		` AND s.workspace_id = m.workspace_id AND s.conversation_id = m.conversation_id AND s.contact_id = m.contact_id`, r.workspace, ids).Scan(&found).Error
	newest := map[string]time.Time{}
	for _, f := range found {
		if !f.LatestAt.Before(newest[f.ContactID]) {
			newest[f.ContactID], at[f.ContactID].Rating = f.LatestAt, string(f.LatestSentiment)
		}
	}
	return err
}

// fillAsked finds when each contact was last asked: in person, or in a conversation in which they take part.
func (r reader) fillAsked(ids []string, at map[string]*segment.Person) error {
	var found []struct {
		ContactID string
		SentAt    *time.Time
	}
	err := r.raw(`SELECT m.contact_id, r.sent_at`+r.talks()+`requests AS r`+ofTalks+
		` AND r.workspace_id = m.workspace_id AND r.conversation_id = m.conversation_id AND COALESCE(r.contact_id, '') IN ('', m.contact_id)`, r.workspace, ids).Scan(&found).Error
	for _, f := range found {
		if f.SentAt != nil && f.SentAt.After(at[f.ContactID].AskedAt) {
			at[f.ContactID].AskedAt = f.SentAt.UTC()
		}
	}
	return err
}
