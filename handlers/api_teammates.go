package handlers

import (
	"cmp"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rerate/internal/rating"
	"rerate/internal/stats"
)

type teammatesQuery struct {
	From   string `query:"from" required:"true" format:"date" doc:"The first day, in the workspace's time zone."`
	To     string `query:"to" required:"true" format:"date" doc:"The last day, included."`
	Policy string `query:"policy" enum:"first,latest,average,best,worst" doc:"Which rating counts; by default the workspace's own policy."`
	FilterQuery
	Sort string `query:"sort" enum:"name,first,counted,recovered,response,asked,low_asked" default:"first" doc:"By the lower end of this share's interval, highest first, or by name. Where a share rests on fewer than the settings' min_sample, the teammate comes after all others, by name."`
}

type teammates struct {
	From     stats.Day         `json:"from" format:"date"`
	To       stats.Day         `json:"to" format:"date"`
	TimeZone string            `json:"time_zone" doc:"The zone of the days."`
	Policy   rating.Policy     `json:"policy" enum:"first,latest,average,best,worst"`
	Items    []teammateShares  `json:"items" nullable:"false" doc:"Who has any figure in the range, sorted; last what nobody is credited with, if there is anything."`
	All      teammateFractions `json:"all" doc:"All together: what the summary says of the same range."`
}

type teammateShares struct {
	Teammate orNull[teammateRef] `json:"teammate" doc:"null for what nobody is credited with."`
	teammateFractions
}

type teammateFractions struct {
	First         csat     `json:"first" doc:"Conversations whose first rating is credited to the teammate, by that rating."`
	Counted       csat     `json:"counted" doc:"Conversations whose latest rating is credited to the teammate, by the policy."`
	Recovered     fraction `json:"recovered" doc:"Of conversations with a low first rating that were rated again, the latest rating credited to the teammate, those that are positive now."`
	Response      fraction `json:"response" doc:"Of the teammate's requests that were sent in the range, those rated by now."`
	Asked         fraction `json:"asked" doc:"Of the teammate's conversations that were closed in the range, those asked by now."`
	LowAsked      fraction `json:"low_asked" doc:"Of low first ratings credited to the teammate, those asked again."`
	LowAgain      fraction `json:"low_again" doc:"Of the same, those rated again."`
	NeutralAgain  fraction `json:"neutral_again" doc:"Of neutral first ratings credited to the teammate, those rated again."`
	PositiveAgain fraction `json:"positive_again" doc:"Of positive first ratings credited to the teammate, those rated again."`
}

type fraction struct {
	Part  int64    `json:"part"`
	Of    int64    `json:"of"`
	Share *float64 `json:"share" doc:"part ÷ of; null where of is 0."`
	Low   *float64 `json:"low" doc:"The lower end of the 95 % Wilson interval."`
	High  *float64 `json:"high" doc:"The upper end of the 95 % Wilson interval."`
}

type teammatesAnswer struct{ Body teammates }

func (a *api) addTeammates() {
	add(a, huma.Operation{
		OperationID: "teammates", Method: http.MethodGet, Path: "/teammates", Summary: "The figures of a range of days by teammate",
		Description: "The first rating of a conversation stays with who wrote last before it; the latest is credited to who has worked since. So each column adds up to the summary's figure. The filter teammate leaves that teammate alone.",
	}, a.teammates)
}

func (a *api) teammates(ctx context.Context, who caller, in *teammatesQuery) (*teammatesAnswer, error) {
	settings := who.workspace.Settings
	period, err := days(in.From, in.To, settings)
	if err != nil {
		return nil, err
	}
	policy := cmp.Or(rating.Policy(in.Policy), settings.Policy)
	f := filter{}
	if f.rows.Filter, err = in.filter(ctx, who, period); err != nil {
		return nil, err
	}
	f.rows.Policy = policy
	rows, err := f.teammateRows(ctx, who.tenant)
	if err != nil {
		return nil, err
	}
	body := teammates{
		From: period.From, To: period.To, TimeZone: settings.TimeZone, Policy: policy, Items: []teammateShares{},
		All: fractionsOf(allTogether(rows, false), policy),
	}
	sorted := sortTeammates(rows, in.Sort, policy, settings.MinSample)
	for _, row := range append(sorted.ranked, sorted.few...) {
		item := teammateShares{teammateFractions: fractionsOf(row, policy)}
		item.Teammate.value = &teammateRef{ID: row.ID, Name: row.name}
		body.Items = append(body.Items, item)
	}
	if sorted.nobody != nil {
		body.Items = append(body.Items, teammateShares{teammateFractions: fractionsOf(*sorted.nobody, policy)})
	}
	return &teammatesAnswer{Body: body}, nil
}

func fractionsOf(row teammateRow, policy rating.Policy) teammateFractions {
	of := func(figure teammateFigure) fraction { return fractionOf(figure.of(row.TeammateReport, policy)) }
	return teammateFractions{
		First: csatOf(row.First, rating.CountFirst), Counted: csatOf(row.Latest, policy), Recovered: of(recoveredBy), Response: of(responseRate),
		Asked: of(askedRate), LowAsked: of(lowAsked), LowAgain: of(lowAgain), NeutralAgain: of(neutralAgain), PositiveAgain: of(positiveAgain),
	}
}

func fractionOf(p stats.Proportion) fraction {
	f := fraction{Part: int64(p.Positive), Of: int64(p.N)}
	if share, ok := p.Share(); ok {
		interval, _ := p.Wilson() // has an interval where there is a share
		f.Share, f.Low, f.High = &share, &interval.Low, &interval.High
	}
	return f
}
