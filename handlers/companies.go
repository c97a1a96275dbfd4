package handlers

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
)

// companyFigure is one share of what a company's customers said: its columns in files, and the rows behind it.
type companyFigure struct {
	name, part, whole string
	of                func(f models.Figures, policy rating.Policy) stats.Proportion
	rows, all         models.Outcome // of the part and of the whole; "" where there is no list of them
}

var (
	companyFirst = companyFigure{
		"first", "first_positive", "",
		func(f models.Figures, _ rating.Policy) stats.Proportion { return csatOfFigures(f, rating.CountFirst) },
		models.FirstHigh, models.AnyOutcome,
	}
	companyCounted = companyFigure{"counted", "counted_positive", "", csatOfFigures, "", models.AnyOutcome}
	companyRecover = companyFigure{
		"recovered", "recovered", "low_first",
		func(f models.Figures, _ rating.Policy) stats.Proportion {
			return proportion(f.Recovered, f.FirstNegative)
		},
		models.HasRecovered, models.FirstLow,
	}
)

// companyFigures are all of them, as files have them.
var companyFigures = []companyFigure{companyFirst, companyCounted, companyRecover}

// companySort is a way to sort companies: by a share, by the end of its interval that is sure, or by a number, the most first.
type companySort struct {
	name   string
	share  *companyFigure
	lowest bool // the share that is surely low first, by the upper end
	number func(r companyRow) int64
}

// companySorts are all of them; the first is the default.
var companySorts = []companySort{
	{name: "rated", number: func(r companyRow) int64 { return r.Rated }},
	{name: "people", number: func(r companyRow) int64 { return r.People }},
	{name: "first", share: &companyFirst},
	{name: "counted", share: &companyCounted},
	{name: "unhappy", share: &companyCounted, lowest: true},
	{name: "recovered", share: &companyRecover},
	{name: "again", number: func(r companyRow) int64 { return r.Better + r.Same + r.Worse }},
	{name: "waiting", number: func(r companyRow) int64 { return r.Waiting }},
	{name: byName, number: func(companyRow) int64 { return 0 }},
}

// companySortBy is the sort of a name, or the default.
func companySortBy(name string) companySort {
	for _, s := range companySorts {
		if s.name == name {
			return s
		}
	}
	return companySorts[0]
}

// companyRow is one row of the list of companies.
type companyRow struct {
	models.CompanyReport
	few    bool            // there is too little to rank it by
	before *models.Figures // in the range compared with; nil where nothing is
}

func (r companyRow) name() string { return nameOf(r.Company.Name, r.Company.ID) }

// companyTable is the rows as they are shown, after the search, and what all conversations of the range come to.
type companyTable struct {
	rows   []companyRow
	before int // rows before the search
	all    companyRow
}

// companies reads the figures of every company with a rating in the range.
func (f filter) companies(ctx context.Context, tenant models.Tenant, settings rating.Settings) (t companyTable, err error) {
	report, err := tenant.Report(ctx, f.rows.Filter)
	if err != nil {
		return t, err
	}
	t.all.Figures = report.Figures
	reports, err := tenant.CompanyReports(ctx, f.rows.Filter)
	if err != nil {
		return t, err
	}
	then := map[string]models.Figures{}
	if f.compared != nil {
		if then, err = f.companiesBefore(ctx, tenant, &t.all); err != nil {
			return t, err
		}
	}
	t.before = len(reports)
	for _, r := range reports {
		row := companyRow{CompanyReport: r}
		if !row.called(f.rows.Search) {
			continue
		}
		if f.compared != nil {
			before := then[r.Company.ID]
			row.before = &before
		}
		t.rows = append(t.rows, row)
	}
	sortCompanies(t.rows, companySortBy(f.shown.Sort), f.rows.Policy, settings.MinSample)
	return t, nil
}

// companiesBefore reads the range compared with: all together, and each company by id.
func (f filter) companiesBefore(ctx context.Context, tenant models.Tenant, all *companyRow) (map[string]models.Figures, error) {
	narrow := f.rows.Filter
	narrow.Range = *f.compared
	report, err := tenant.Report(ctx, narrow)
	if err != nil {
		return nil, err
	}
	all.before = &report.Figures
	reports, err := tenant.CompanyReports(ctx, narrow)
	byID := make(map[string]models.Figures, len(reports))
	for _, r := range reports {
		byID[r.Company.ID] = r.Figures
	}
	return byID, err
}

// called reports whether a company has a text in its name, or as its id.
func (r companyRow) called(text string) bool {
	return strings.Contains(strings.ToLower(r.Company.Name), strings.ToLower(text)) || r.Company.ID == text
}

// sortCompanies ranks by a share only where there are enough ratings to rank by it; who has fewer comes after, the most first.
func sortCompanies(rows []companyRow, by companySort, policy rating.Policy, minSample int) {
	n := func(r companyRow) int64 { return by.number(r) }
	rank := func(companyRow) float64 { return 0 } // the smallest first
	if by.share != nil {
		n = func(r companyRow) int64 { return int64(by.share.of(r.Figures, policy).N) }
		rank = func(r companyRow) float64 {
			interval, _ := by.share.of(r.Figures, policy).Wilson() // 0 where there is none
			switch {
			case r.few:
				return math.Inf(1)
			case by.lowest:
				return interval.High
			}
			return -interval.Low
		}
		for i := range rows {
			rows[i].few = n(rows[i]) < int64(max(minSample, 1))
		}
	}
	slices.SortFunc(rows, func(a, b companyRow) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(n(b), n(a)),
			cmp.Compare(strings.ToLower(a.name()), strings.ToLower(b.name())), cmp.Compare(a.Company.ID, b.Company.ID))
	})
}

// of is the filter narrowed to a company, without what only the list has.
func (f filter) of(company string) filter {
	f.rows.Company, f.shown.Company = company, company
	f.shown.Sort, f.shown.Search, f.shown.Cursor = "", "", ""
	return f
}

// companyPath is the page of one company under the same filter.
func (f filter) companyPath(id string) string {
	shown := f.of("").shown
	return shown.URL(views.CompanyPath(id))
}

// row turns a row into what the list shows.
func (f filter) companyRow(r companyRow) views.CompanyRow {
	mine := f.of(r.Company.ID)
	share := func(figure companyFigure) views.Fraction {
		now := figure.of(r.Figures, f.rows.Policy)
		measured := views.Fraction{Share: measure(now)}
		if r.before != nil {
			measured.Change = change(now, figure.of(*r.before, f.rows.Policy))
		}
		measured.Href = mine.rowsOf(figure.all)
		if figure.rows != "" {
			measured.PartHref = mine.rowsOf(figure.rows)
		}
		return measured
	}
	row := views.CompanyRow{
		Name: r.name(), Plan: r.Company.Plan, Size: r.Company.Size, Few: r.few, People: int(r.People), Rated: int(r.Rated),
		First: share(companyFirst), Counted: share(companyCounted), Recovered: share(companyRecover),
		Better: int(r.Better), Same: int(r.Same), Worse: int(r.Worse), Waiting: int(r.Waiting),
		RatedHref: mine.rowsOf(models.AnyOutcome), AgainHref: mine.rowsOf(models.RatedAgain), BetterHref: mine.rowsOf(models.WentBetter),
		WorseHref: mine.rowsOf(models.WentWorse), WaitingHref: mine.list().URL("/ratings/waiting"),
	}
	if r.Company.ID != "" {
		row.Href = f.companyPath(r.Company.ID)
	}
	return row
}

// companyColumns are the columns of the file.
func companyColumns() []string {
	columns := []string{"row", "company_id", "company_name", "plan", "size", "people", "rated"}
	for _, figure := range companyFigures {
		columns = append(columns, figure.part)
		if figure.whole != "" {
			columns = append(columns, figure.whole)
		}
		for _, part := range []string{"share", "low", "high", "share_before"} {
			columns = append(columns, figure.name+"_"+part)
		}
	}
	return append(columns, "better", "same", "worse", "low", "waiting")
}

// companyCells are a line of the file. The last one, all together, has no company and counts no people.
func (f filter) companyCells(r companyRow) []string {
	kind, size, people := "company", strconv.Itoa(r.Company.Size), strconv.FormatInt(r.People, 10)
	switch {
	case r.Company.ID == "":
		kind, size, people = "all", "", ""
	case r.few:
		kind = "few"
	}
	cells := []string{kind, r.Company.ID, r.Company.Name, r.Company.Plan, size, people, strconv.FormatInt(r.Rated, 10)}
	for _, figure := range companyFigures {
		now := figure.of(r.Figures, f.rows.Policy)
		cells = append(cells, decimal(now.Positive))
		if figure.whole != "" {
			cells = append(cells, strconv.Itoa(now.N))
		}
		cells = append(cells, shareCells(now)...)
		before := ""
		if r.before != nil {
			before = shareCells(figure.of(*r.before, f.rows.Policy))[0]
		}
		cells = append(cells, before)
	}
	for _, n := range []int64{r.Better, r.Same, r.Worse, r.LatestNegative, r.Waiting} {
		cells = append(cells, strconv.FormatInt(n, 10))
	}
	return cells
}
