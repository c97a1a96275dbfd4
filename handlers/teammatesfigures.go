package handlers

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
	"rerate/views/chart"
)

// teammateFigure is one share of a teammate's work: what it is of, its columns in files, and the rows behind it.
type teammateFigure struct {
	name        string // in addresses, and of the share's columns
	part, whole string // columns of the counts; no whole where another figure has the same
	of          func(r models.TeammateReport, policy rating.Policy) stats.Proportion
	rows, all   teammateRows // of the part and of the whole; nil where there is no list of them
}

// teammateRows is the address of the rows of one teammate, or of everybody where id is empty.
type teammateRows func(f filter, id string) string

// The figures. Who is credited with the first rating has First, who is credited with the latest has Latest.
var (
	firstRatings = teammateFigure{
		"first", "first_positive", "first_rated",
		func(r models.TeammateReport, _ rating.Policy) stats.Proportion {
			return r.First.CSAT(rating.CountFirst)
		},
		ofFirst(models.FirstHigh), ofFirst(models.AnyOutcome),
	}
	countedRatings = teammateFigure{
		"counted", "counted_positive", "counted_rated",
		func(r models.TeammateReport, policy rating.Policy) stats.Proportion {
			return r.Latest.CSAT(policy)
		},
		nil, ofLatest(models.AnyOutcome),
	}
	recoveredBy = teammateFigure{
		"recovered", "recovered", "answered",
		func(r models.TeammateReport, _ rating.Policy) stats.Proportion {
			return proportion(r.Latest.Recovered, r.Latest.Answered)
		},
		ofLatest(models.HasRecovered), ofLatest(models.Answered),
	}
	responseRate = teammateFigure{
		"response", "requests_rated", "requests_sent",
		func(r models.TeammateReport, _ rating.Policy) stats.Proportion {
			return proportion(r.Asks.Rated, r.Asks.Sent)
		},
		ofLatest(models.Responded), nil,
	}
	askedRate = teammateFigure{
		"asked", "closed_asked", "closed",
		func(r models.TeammateReport, _ rating.Policy) stats.Proportion {
			return proportion(r.Asks.Asked, r.Asks.Closed)
		},
		ofCloses(models.AskedCloses), ofCloses(models.AllCloses),
	}
	lowAsked = teammateFigure{
		"low_asked", "low_asked_again", "low_first",
		func(r models.TeammateReport, _ rating.Policy) stats.Proportion {
			return proportion(r.First.Asked, r.First.FirstNegative)
		},
		ofFirst(models.AskedAgain), ofFirst(models.FirstLow),
	}
	lowAgain = teammateFigure{
		"low_again", "low_rated_again", "",
		func(r models.TeammateReport, _ rating.Policy) stats.Proportion {
			return proportion(r.First.Answered, r.First.FirstNegative)
		},
		ofFirst(models.Answered), ofFirst(models.FirstLow),
	}
	neutralAgain = teammateFigure{
		"neutral_again", "neutral_rated_again", "neutral_first",
		func(r models.TeammateReport, _ rating.Policy) stats.Proportion {
			again := r.First.Better + r.First.Same + r.First.Worse
			return proportion(again-r.First.Answered-r.First.FirstPositiveAgain, r.First.Rated-r.First.FirstNegative-r.First.FirstPositive)
		},
		ofFirst(models.MiddleAgain), ofFirst(models.FirstMiddle),
	}
	positiveAgain = teammateFigure{
		"positive_again", "positive_rated_again", "",
		func(r models.TeammateReport, _ rating.Policy) stats.Proportion {
			return proportion(r.First.FirstPositiveAgain, r.First.FirstPositive)
		},
		ofFirst(models.HighAgain), ofFirst(models.FirstHigh),
	}
)

// teammateFigures are all of them, as files have them.
var teammateFigures = []teammateFigure{
	firstRatings, countedRatings, recoveredBy, responseRate, askedRate, lowAsked, lowAgain, neutralAgain, positiveAgain,
}

// teammateSorts are the figures that the table may be sorted by; the first is the default.
var teammateSorts = []teammateFigure{firstRatings, countedRatings, recoveredBy, responseRate, askedRate, lowAsked}

func proportion(part, whole int64) stats.Proportion {
	return stats.Proportion{Positive: float64(part), N: int(whole)}
}

func ofFirst(outcome models.Outcome) teammateRows {
	return func(f filter, id string) string {
		f.shown.Teammate, f.shown.FirstTeammate = "", id
		return f.rowsOf(outcome)
	}
}

func ofLatest(outcome models.Outcome) teammateRows {
	return func(f filter, id string) string {
		f.shown.Teammate = id
		return f.rowsOf(outcome)
	}
}

// ofCloses leads to the ledger, which knows no more of the filter than range and channel.
func ofCloses(closes models.LedgerCloses) teammateRows {
	return func(f filter, id string) string {
		narrow := f.rows.Filter
		if narrow.Teammate = ""; narrow != (models.Filter{Range: narrow.Range, Policy: narrow.Policy, Channel: narrow.Channel}) {
			return ""
		}
		rows := f.list()
		rows.Teammate, rows.Closes = id, string(closes)
		return rows.URL("/requests")
	}
}

// teammateRow is one row of the table: a teammate, what nobody is credited with, or all together.
type teammateRow struct {
	models.TeammateReport
	name   string
	before *models.TeammateReport // in the range compared with; nil where nothing is
	course []chart.Point          // the first ratings' CSAT through the range
}

// teammateTable is the rows as they are shown.
type teammateTable struct {
	ranked, few []teammateRow // by the figure sorted by; in few there is too little to rank by it
	nobody      *teammateRow
	all         teammateRow
}

// teammates reads the figures of everybody, sorted.
func (f filter) teammates(ctx context.Context, tenant models.Tenant, settings rating.Settings, now time.Time) (t teammateTable, grain string, err error) {
	rows, err := f.teammateRows(ctx, tenant)
	if err != nil {
		return t, "", err
	}
	days, err := tenant.TeammateDays(ctx, f.rows.Filter)
	if err != nil {
		return t, "", err
	}
	courses, grain := f.courses(days, now)
	for i := range rows {
		rows[i].course = courses[rows[i].ID]
	}
	t = sortTeammates(rows, f.shown.Sort, f.rows.Policy, settings.MinSample)
	t.all = allTogether(rows, f.compared != nil)
	t.all.course = courses[everybody]
	return t, grain, nil
}

// teammateRows reads everybody's figures with their names and those of the range compared with. Who has figures in that one alone has
// a row too: all together have them.
func (f filter) teammateRows(ctx context.Context, tenant models.Tenant) ([]teammateRow, error) {
	now, err := tenant.TeammateReports(ctx, f.rows.Filter)
	if err != nil {
		return nil, err
	}
	before := map[string]models.TeammateReport{}
	if f.compared != nil {
		then := f.rows.Filter
		then.Range = *f.compared
		reports, err := tenant.TeammateReports(ctx, then)
		if err != nil {
			return nil, err
		}
		for _, report := range reports {
			before[report.ID] = report
			if !slices.ContainsFunc(now, func(r models.TeammateReport) bool { return r.ID == report.ID }) {
				now = append(now, models.TeammateReport{ID: report.ID})
			}
		}
	}
	names, err := teammateNames(ctx, tenant)
	if err != nil {
		return nil, err
	}
	rows := make([]teammateRow, len(now))
	for i, report := range now {
		rows[i] = teammateRow{TeammateReport: report, name: teammateName(names, report.ID)}
		if f.compared != nil {
			then := before[report.ID]
			rows[i].before = &then
		}
	}
	return rows, nil
}

// teammateName is the name of a teammate, as far as it is known.
func teammateName(names map[string]string, id string) string {
	return nameOf(names[id], "Teammate "+id)
}

// allTogether sums the rows up: that is what the overview says.
func allTogether(rows []teammateRow, compared bool) (all teammateRow) {
	add := func(sum *models.TeammateReport, r models.TeammateReport) {
		sum.First.Add(r.First, 1)
		sum.Latest.Add(r.Latest, 1)
		sum.Asks.Add(r.Asks, 1)
	}
	if compared {
		all.before = &models.TeammateReport{}
	}
	for _, row := range rows {
		add(&all.TeammateReport, row.TeammateReport)
		if compared {
			add(all.before, *row.before)
		}
	}
	return all
}

const (
	byName    = "name"
	everybody = "all together" // no id has a space
)

// sortTeammates ranks by the lower end of the interval, never by the share itself: who has few ratings does not stand high by
// luck. Where there are fewer than the minimum sample nobody is ranked. Who has nothing in the range is left out.
func sortTeammates(rows []teammateRow, by string, policy rating.Policy, minSample int) (t teammateTable) {
	figure := teammateSorts[0]
	for _, other := range teammateSorts {
		if other.name == by {
			figure = other
		}
	}
	low := func(r teammateRow) float64 {
		interval, _ := figure.of(r.TeammateReport, policy).Wilson() // 0 where there is none
		return interval.Low
	}
	n := func(r teammateRow) int { return figure.of(r.TeammateReport, policy).N }
	for _, row := range rows {
		switch {
		case row.nothing():
		case row.ID == "":
			t.nobody = &row
		case by == byName || n(row) >= max(minSample, 1):
			t.ranked = append(t.ranked, row)
		default:
			t.few = append(t.few, row)
		}
	}
	named := func(a, b teammateRow) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), cmp.Compare(a.ID, b.ID))
	}
	slices.SortFunc(t.few, named)
	slices.SortFunc(t.ranked, func(a, b teammateRow) int {
		if by == byName {
			return named(a, b)
		}
		return cmp.Or(cmp.Compare(low(b), low(a)), cmp.Compare(n(b), n(a)), named(a, b))
	})
	return t
}

// courses are the first ratings' CSAT of each teammate through the range, and under everybody of all; and by what
// time they go.
func (f filter) courses(days []models.TeammateDay, now time.Time) (map[string][]chart.Point, string) {
	calendar := stats.Calendar{Grain: stats.GrainFor(f.rows.Range.Days()), WeekStart: time.Monday}
	buckets := calendar.Buckets(f.rows.Range, now)
	place := map[stats.Day]int{}
	for i, bucket := range buckets {
		for day := bucket.From; day <= bucket.To; day = day.AddDays(1) {
			place[day] = i
		}
	}
	sums := map[string][]models.Figures{everybody: make([]models.Figures, len(buckets))}
	for _, day := range days {
		if sums[day.TeammateID] == nil {
			sums[day.TeammateID] = make([]models.Figures, len(buckets))
		}
		adds := models.Figures{Rated: day.Rated, FirstPositive: day.FirstPositive}
		sums[day.TeammateID][place[day.Day]].Add(adds, 1)
		sums[everybody][place[day.Day]].Add(adds, 1)
	}
	courses := map[string][]chart.Point{}
	for who, all := range sums {
		for _, sum := range all {
			courses[who] = append(courses[who], point(sum, rating.CountFirst))
		}
	}
	return courses, grainName(calendar.Grain)
}

func grainName(grain stats.Grain) string {
	return map[stats.Grain]string{stats.Daily: "day", stats.Weekly: "week", stats.Monthly: "month"}[grain]
}

// teammate turns a row into what a page shows; id is whose rows its numbers lead to.
func (f filter) teammate(row teammateRow, id string) views.TeammateFigures {
	share := func(figure teammateFigure) views.Fraction {
		now := figure.of(row.TeammateReport, f.rows.Policy)
		measured := views.Fraction{Share: measure(now)}
		if row.before != nil {
			measured.Change = change(now, figure.of(*row.before, f.rows.Policy))
		}
		if figure.all != nil {
			measured.Href = figure.all(f, id)
		}
		if figure.rows != nil {
			measured.PartHref = figure.rows(f, id)
		}
		return measured
	}
	return views.TeammateFigures{
		Name: row.name, First: share(firstRatings), Counted: share(countedRatings), Recovered: share(recoveredBy), Response: share(responseRate),
		Asked: share(askedRate), LowAsked: share(lowAsked), LowAgain: share(lowAgain), NeutralAgain: share(neutralAgain),
		PositiveAgain: share(positiveAgain), Course: row.course,
	}
}
