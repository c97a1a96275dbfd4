package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"rerate/models"
	"rerate/views"
)

// How many companies a page of the list has, and how many people and ratings the page of a company.
const (
	companiesPerPage = 25
	peopleShown      = 12
)

// companyParams are what the page of a company is narrowed by: what figures are, but for the company.
var companyParams = slices.DeleteFunc(slices.Clone(reportParams), func(p param) bool { return p.name == "company" })

// companiesParams are what the list of companies is narrowed by besides.
var companiesParams = append(slices.Clone(companyParams), []param{
	{"q", "a part of a company's name", func(f *filter, v string) bool {
		f.rows.Search, f.shown.Search = v, v
		return isText(v)
	}},
	{"sort", "rated, people, first, counted, unhappy, recovered, again, waiting or name", func(f *filter, v string) bool {
		if f.shown.Sort = v; v == companySorts[0].name {
			f.shown.Sort = "" // the default
		}
		return slices.ContainsFunc(companySorts, func(s companySort) bool { return s.name == v })
	}},
	{"cursor", "a place that a page linked to", func(f *filter, v string) (ok bool) {
		f.shown.Cursor = v
		f.skip, ok = parseWhole(v, 1, mostCompanies)
		return ok
	}},
}...)

// mostCompanies is more than anybody's customers have.
const mostCompanies = 10_000_000

func (s *site) companiesFilterOf(c echo.Context) (filter, error) {
	f, err := s.filterBy(c, companiesParams)
	f.figures = true
	return f, err
}

// companies is the list of companies whose contacts have rated.
func (s *site) companies(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	f, err := s.companiesFilterOf(c)
	if err != nil {
		return err
	}
	if f.tidied(c, views.CompaniesPath) {
		return nil
	}
	settings := m.workspace.Settings
	table, err := f.companies(ctx, s.tenant(c), settings)
	if err != nil {
		return err
	}
	props := views.CompaniesProps{
		MinSample: settings.MinSample, Target: settings.Target, Sort: companySortBy(f.shown.Sort).name, Total: len(table.rows), All: f.companyRow(table.all),
	}
	file, first := f.shown, f.shown
	file.Cursor, first.Cursor = "", ""
	props.CSVHref = file.URL("/companies.csv")
	rows := table.rows[min(f.skip, len(table.rows)):]
	if f.skip > 0 {
		props.Skipped, props.FirstHref = f.skip, first.URL(views.CompaniesPath)
	}
	if len(rows) > companiesPerPage {
		rows = rows[:companiesPerPage]
		next := first
		next.Cursor = strconv.Itoa(f.skip + companiesPerPage)
		props.NextHref = next.URL(views.CompaniesPath)
	}
	for _, row := range rows {
		props.Rows = append(props.Rows, f.companyRow(row))
	}
	if props.Bar, err = s.companyBar(ctx, m.workspace, f, c.QueryParams()); err != nil {
		return err
	}
	props.Bar.Rows = "companies"
	if props.Empty, err = s.whyNoCompanies(ctx, m.workspace, table, len(rows)); err != nil {
		return err
	}
	props.Page = s.page(c, "Companies")
	return render(c, http.StatusOK, views.Companies(props))
}

// companyBar is the filter, but for the company.
func (s *site) companyBar(ctx context.Context, w models.Workspace, f filter, query url.Values) (views.FilterBar, error) {
	bar, err := s.filterBar(ctx, w, f, query)
	bar.Companies = nil
	return bar, err
}

// whyNoCompanies says why the list has nothing to show, where it has nothing.
func (s *site) whyNoCompanies(ctx context.Context, w models.Workspace, t companyTable, shown int) (views.Empty, error) {
	switch {
	case shown > 0:
		return views.NotEmpty, nil
	case t.before > 0:
		return views.NoneFound, nil
	}
	why, err := s.whyEmpty(ctx, w, true)
	if err != nil || why != views.NothingMatches {
		return why, err
	}
	some, err := s.Store.Tenant(w.ID).HasCompanies(ctx)
	if !some {
		why = views.NoCompanies
	}
	return why, err
}

// companiesFile is the list as a file: the same rows in the same order, all pages, and last all together.
func (s *site) companiesFile(c echo.Context) error {
	m, _ := memberOf(c)
	f, err := s.companiesFilterOf(c)
	if err != nil {
		return err
	}
	table, err := f.companies(c.Request().Context(), s.tenant(c), m.workspace.Settings)
	if err != nil {
		return err
	}
	lines := append(table.rows, table.all)
	return sendFile(c, "companies.csv", fileTable[companyRow]{
		columns: companyColumns(), cells: f.companyCells,
		read: func(_ context.Context, after *companyRow) ([]companyRow, error) {
			if after != nil {
				return nil, nil
			}
			return lines, nil
		},
	})
}

// company is the page of one company.
func (s *site) companyPage(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	f, err := s.filterBy(c, companyParams)
	if err != nil {
		return err
	}
	f.figures = true
	if f.tidied(c, views.CompanyPath(id)) {
		return nil
	}
	known, err := s.tenant(c).Company(ctx, id)
	if err != nil {
		return err
	}
	mine := f.of(id)
	props := views.CompanyProps{
		Name: nameOf(known.Name, known.ID), Plan: known.Plan, Size: known.Size, ID: known.ID, ExternalID: known.ExternalID, ReadAt: known.UpdatedAt,
		Attributes: attributes(known.Attributes), ListHref: f.of("").shown.URL(views.CompaniesPath), RatingsHref: mine.list().URL("/ratings"),
	}
	report := &props.Report
	report.MinSample, report.Target, report.Path = m.workspace.Settings.MinSample, m.workspace.Settings.Target, views.CompanyPath(id)
	if report.Bar, err = s.companyBar(ctx, m.workspace, f, c.QueryParams()); err != nil {
		return err
	}
	if err := s.figures(ctx, m.workspace, mine, report); err != nil {
		return err
	}
	if err := s.overviewRows(ctx, m.workspace, mine, report); err != nil {
		return err
	}
	if err := s.companyPeople(ctx, m.workspace, mine, &props); err != nil {
		return err
	}
	nothing := report.Counted.N == 0 && report.Response.N == 0 && len(report.Newest) == 0
	if report.Empty, err = s.whyEmpty(ctx, m.workspace, nothing); err != nil {
		return err
	}
	props.Page = s.page(c, props.Name)
	return render(c, http.StatusOK, views.Company(props))
}

// companyPeople fills in the people of a company.
func (s *site) companyPeople(ctx context.Context, w models.Workspace, f filter, props *views.CompanyProps) error {
	people, all, err := s.Store.Tenant(w.ID).CompanyPeople(ctx, f.rows.Filter, peopleShown)
	props.PeopleKnown = int(all)
	for _, p := range people {
		theirs := f.list()
		theirs.Company, theirs.Contact = "", p.Contact.ID
		row := views.CompanyPerson{
			Name: nameOf(p.Contact.Name, p.Contact.Email, p.Contact.ID), Email: p.Contact.Email, Role: p.Contact.Role, Rated: int(p.Rated),
			Href: theirs.URL("/ratings"),
		}
		if p.Contact.Name == "" {
			row.Email = ""
		}
		if p.Rated > 0 {
			row.Score, row.At, row.RatingID = given(p.Latest), p.Latest.At, p.Latest.ID
		}
		props.People = append(props.People, row)
	}
	return err
}
