package models

import (
	"context"

	"gorm.io/gorm"
)

// CompanyReport is what the conversations of a company's contacts come to: Figures is what Report says under the same filter
// narrowed to the company.
type CompanyReport struct {
	Company Company // without attributes
	People  int64   // who rated
	Figures
}

// CompanyReports sums up the range for each company that has a rating in it, sorted by id. A contact may belong to several
// companies, so they do not add up to what Report says of all. A filter with a company leaves that company alone.
func (t Tenant) CompanyReports(ctx context.Context, f Filter) ([]CompanyReport, error) {
	var rows []struct {
		CompanyID   string
		CompanyName string
		Plan        string
		Size        int
		People      int64
		Figures
	}
	q := t.store.db.WithContext(ctx).Table("(?) AS s", t.summaries(ctx, f, OfLatest)).
		Joins("JOIN contact_companies AS m ON m.workspace_id = s.workspace_id AND m.contact_id = s.contact_id").
		Joins("JOIN companies AS k ON k.workspace_id = m.workspace_id AND k.id = m.company_id").
		Where("m.workspace_id = ?", t.Workspace)
	if f.Company != "" {
		q = q.Where("m.company_id = ?", f.Company)
	}
	err := q.Select("k.id AS company_id, k.name AS company_name, k.plan, k.size, COUNT(DISTINCT s.contact_id) AS people, " + counted(figures)).
		Group("k.id, k.name, k.plan, k.size").Order("k.id").Scan(&rows).Error
	reports := make([]CompanyReport, len(rows))
	for i, row := range rows {
		reports[i] = CompanyReport{
			Company: Company{WorkspaceID: t.Workspace, ID: row.CompanyID, Name: row.CompanyName, Plan: row.Plan, Size: row.Size},
			People:  row.People, Figures: row.Figures,
		}
	}
	return reports, err
}

// Company reads a company.
func (t Tenant) Company(ctx context.Context, id string) (Company, error) {
	return one[Company](t.rows(ctx).Where("id = ?", id))
}

// HasCompanies reports whether the workspace knows any company at all, for the empty pages.
func (t Tenant) HasCompanies(ctx context.Context) (bool, error) {
	var ids []string
	err := t.rows(ctx).Model(&Company{}).Limit(1).Pluck("id", &ids).Error
	return len(ids) > 0, err
}

// CompanyPerson is a contact of a company.
type CompanyPerson struct {
	Contact Contact
	Rated   int64  // conversations of the range
	Latest  Rating // the newest of them, by its latest rating; no ID where Rated is 0
}

// CompanyPeople lists contacts of the filter's company: those who rated in the range, the newest first, then the others by
// name. It also counts all of them.
func (t Tenant) CompanyPeople(ctx context.Context, f Filter, limit int) (people []CompanyPerson, all int64, err error) {
	of := func() *gorm.DB {
		return t.rows(ctx).Where("id IN (?)", t.rows(ctx).Model(&ContactCompany{}).Select("contact_id").Where("company_id = ?", f.Company))
	}
	if err := of().Model(&Contact{}).Count(&all).Error; err != nil {
		return nil, 0, err
	}
	people, err = t.companyRaters(ctx, f, limit)
	if err != nil || len(people) == limit {
		return people, all, err
	}
	rated := make([]string, len(people))
	for i, p := range people {
		rated[i] = p.Contact.ID
	}
	others := of()
	if len(rated) > 0 {
		others = others.Where("id NOT IN ?", rated)
	}
	contacts, err := list[Contact](others.Order("name = '', name, email, id").Limit(limit - len(people)))
	for _, c := range contacts {
		people = append(people, CompanyPerson{Contact: c})
	}
	return people, all, err
}

// companyRaters are the contacts with a rating under the filter.
func (t Tenant) companyRaters(ctx context.Context, f Filter, limit int) ([]CompanyPerson, error) {
	var rows []struct {
		ContactID string
		Rated     int64
	}
	if err := t.summaries(ctx, f, OfLatest).Select("contact_id, COUNT(*) AS rated").Group("contact_id").
		Order("MAX(latest_at) DESC, contact_id").Limit(limit).Scan(&rows).Error; err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ContactID
	}
	summaries, err := list[Summary](t.summaries(ctx, f, OfLatest).Where("contact_id IN ?", ids).Order("latest_at, latest_id"))
	if err != nil {
		return nil, err
	}
	newest := map[string]string{} // rating by contact
	for _, s := range summaries {
		newest[s.ContactID] = s.LatestID
	}
	latest, err := t.ratingsOfContacts(ctx, newest)
	if err != nil {
		return nil, err
	}
	contacts, err := t.Contacts(ctx, ids)
	people := make([]CompanyPerson, len(rows))
	for i, row := range rows {
		people[i] = CompanyPerson{Contact: contacts[row.ContactID], Rated: row.Rated, Latest: latest[row.ContactID]}
		people[i].Contact.ID = row.ContactID
	}
	return people, err
}

// ratingsOfContacts reads one rating of each contact.
func (t Tenant) ratingsOfContacts(ctx context.Context, ids map[string]string) (map[string]Rating, error) {
	wanted := make([]string, 0, len(ids))
	for _, id := range ids {
		wanted = append(wanted, id)
	}
	found, err := list[Rating](t.rows(ctx).Where("id IN ?", wanted))
	byContact := make(map[string]Rating, len(found))
	for _, r := range found {
		byContact[r.ContactID] = r
	}
	return byContact, err
}

// SegmentsOf lists the segments that a contact is in now, by name.
func (t Tenant) SegmentsOf(ctx context.Context, contact string) ([]Segment, error) {
	return list[Segment](t.rows(ctx).Where("deleted_at IS NULL AND id IN (?)",
		t.rows(ctx).Model(&SegmentMember{}).Select("segment_id").Where("contact_id = ?", contact)).Order("name, id"))
}
