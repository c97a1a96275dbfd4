package handlers

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"rerate/internal/rating"
	"rerate/internal/stats"
)

type companiesQuery struct {
	From   string `query:"from" required:"true" format:"date" doc:"The first day, in the workspace's time zone."`
	To     string `query:"to" required:"true" format:"date" doc:"The last day, included."`
	Policy string `query:"policy" enum:"first,latest,average,best,worst" doc:"Which rating counts; by default the workspace's own policy."`
	FilterQuery
	Name   string `query:"q" maxLength:"255" doc:"A part of the company's name, or its id."`
	Sort   string `query:"sort" enum:"rated,people,first,counted,unhappy,recovered,again,waiting,name" default:"rated" doc:"By a number, the most first; by the lower end of a share's interval, highest first; unhappy: by the upper end of the counted share's interval, lowest first; or by name. Where a share rests on fewer than the settings' min_sample, the company comes after all others."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"The most items of one answer."`
	Cursor string `query:"cursor" maxLength:"20" doc:"The next_cursor of the answer before."`
}

type companiesBody struct {
	From       stats.Day       `json:"from" format:"date"`
	To         stats.Day       `json:"to" format:"date"`
	TimeZone   string          `json:"time_zone" doc:"The zone of the days."`
	Policy     rating.Policy   `json:"policy" enum:"first,latest,average,best,worst"`
	Items      []companyShares `json:"items" nullable:"false" doc:"The companies whose people have rated in the range, sorted. A contact may belong to several, so they need not add up to all."`
	NextCursor *string         `json:"next_cursor" doc:"Where the list goes on; null on the last page."`
	All        companyFigured  `json:"all" doc:"All conversations of the range, with or without a company: what the summary says of it."`
}

type companyRef struct {
	ID   string `json:"id" doc:"Intercom's; the filter company takes it."`
	Name string `json:"name"`
	Plan string `json:"plan" doc:"Empty where Intercom has none."`
	Size int    `json:"size" doc:"How many people work there, as Intercom says; 0 where it has none."`
}

type companyShares struct {
	Company companyRef `json:"company"`
	People  int64      `json:"people" doc:"How many people have rated in the range."`
	companyFigured
}

type companyFigured struct {
	First     csat         `json:"first" doc:"The conversations by their first rating."`
	Counted   csat         `json:"counted" doc:"The same conversations by the policy."`
	Recovered fraction     `json:"recovered" doc:"Of those with a low first rating, those that are positive by the latest."`
	Changes   changeCounts `json:"changes" doc:"The latest rating against the first, of conversations with at least two."`
	Low       int64        `json:"low" doc:"Conversations with a low latest rating."`
	Waiting   int64        `json:"waiting" doc:"Of these, those that were not asked again since, nor are about to be, nor never to be."`
}

type companiesAnswer struct{ Body companiesBody }

func (a *api) addCompanies() {
	add(a, huma.Operation{
		OperationID: "companies", Method: http.MethodGet, Path: "/companies", Summary: "The figures of a range of days by company",
		Description: "What the people of each company say: those who belong to it now. Each item is what the summary says under the filter company.",
	}, a.companies)
}

func (a *api) companies(ctx context.Context, who caller, in *companiesQuery) (*companiesAnswer, error) {
	settings := who.workspace.Settings
	period, err := days(in.From, in.To, settings)
	if err != nil {
		return nil, err
	}
	f := filter{}
	if in.Cursor != "" {
		ok := false
		if f.skip, ok = parseWhole(in.Cursor, 1, mostCompanies); !ok {
			return nil, errBadCursor
		}
	}
	if f.rows.Filter, err = in.filter(ctx, who, period); err != nil {
		return nil, err
	}
	f.rows.Policy = cmp.Or(rating.Policy(in.Policy), settings.Policy)
	f.rows.Search, f.shown.Sort = in.Name, in.Sort
	table, err := f.companies(ctx, who.tenant, settings)
	if err != nil {
		return nil, err
	}
	body := companiesBody{
		From: period.From, To: period.To, TimeZone: settings.TimeZone, Policy: f.rows.Policy, Items: []companyShares{},
		All: figuredOf(table.all, f.rows.Policy),
	}
	rows := table.rows[min(f.skip, len(table.rows)):]
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		next := strconv.Itoa(f.skip + in.Limit)
		body.NextCursor = &next
	}
	for _, row := range rows {
		body.Items = append(body.Items, companyShares{
			Company: companyRef{ID: row.Company.ID, Name: row.Company.Name, Plan: row.Company.Plan, Size: row.Company.Size},
			People:  row.People, companyFigured: figuredOf(row, f.rows.Policy),
		})
	}
	return &companiesAnswer{Body: body}, nil
}

func figuredOf(r companyRow, policy rating.Policy) companyFigured {
	return companyFigured{
		First: csatOf(r.Figures, rating.CountFirst), Counted: csatOf(r.Figures, policy),
		Recovered: fractionOf(companyRecover.of(r.Figures, policy)),
		Changes:   changeCounts{Better: r.Better, Same: r.Same, Worse: r.Worse}, Low: r.LatestNegative, Waiting: r.Waiting,
	}
}
