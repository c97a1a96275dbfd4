package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rerate/models"
)

// resolve looks up what the filter names: what is gone, and what may mean several things, does not narrow, and the page
// says so.
func (f *filter) resolve(ctx context.Context, tenant models.Tenant) error {
	if f.shown.Days == allTime {
		first, err := tenant.FirstDay(ctx, f.rows.Range)
		if err != nil {
			return err
		}
		f.rows.Range.From = first
	}
	if err := f.resolveSegment(ctx, tenant); err != nil {
		return err
	}
	if err := f.resolveWording(ctx, tenant); err != nil {
		return err
	}
	return f.resolveCompany(ctx, tenant)
}

func (f *filter) resolveSegment(ctx context.Context, tenant models.Tenant) error {
	id := f.rows.Segment
	if id == "" {
		return nil
	}
	_, err := tenant.Segment(ctx, id)
	if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	f.rows.Segment, f.shown.Segment = "", ""
	f.ignore("segment", id, "there is no such segment")
	return nil
}

func (f *filter) resolveWording(ctx context.Context, tenant models.Tenant) error {
	version := f.rows.Wording
	if version == 0 {
		return nil
	}
	found, err := tenant.WordingsBefore(ctx, version+1, 1)
	if err != nil || len(found) == 1 && found[0].Version == version {
		return err
	}
	f.ignore("wording", f.shown.Wording, "there is no such version")
	f.rows.Wording, f.shown.Wording = 0, ""
	return nil
}

// mostMeant is how many companies are named where one is not meant clearly.
const mostMeant = 4

// resolveCompany takes a company's id, its name, or a part of the name that only one has.
func (f *filter) resolveCompany(ctx context.Context, tenant models.Tenant) error {
	text := f.rows.Company
	if text == "" {
		return nil
	}
	found, err := tenant.FindCompanies(ctx, text, mostMeant+1)
	if err != nil {
		return err
	}
	if len(found) == 1 {
		return f.takeCompany(ctx, tenant, found[0])
	}
	f.rows.Company, f.shown.Company, f.company.name = "", "", ""
	f.ignore("company", text, whichCompany(found))
	return nil
}

// takeCompany narrows to a company. A field that shows it has its name, or its id where another has the same name.
func (f *filter) takeCompany(ctx context.Context, tenant models.Tenant, c models.Company) error {
	f.rows.Company, f.shown.Company = c.ID, c.ID
	f.company = company{name: nameOf(c.Name, c.ID), typed: c.ID}
	if c.Name == "" {
		return nil
	}
	namesakes, err := tenant.FindCompanies(ctx, c.Name, 2)
	if len(namesakes) == 1 && namesakes[0].ID == c.ID {
		f.company.typed = c.Name
	}
	return err
}

func whichCompany(found []models.Company) string {
	if len(found) == 0 {
		return "no company has this id, or this in its name"
	}
	names := make([]string, min(len(found), mostMeant))
	for i := range names {
		names[i] = fmt.Sprintf("%s (%s)", shown(found[i].Name), shown(found[i].ID))
	}
	sentence := "it may be " + strings.Join(names, ", ")
	if len(found) > mostMeant {
		sentence += " or another"
	}
	return sentence + "; give the whole name or the id in brackets"
}
