package handlers

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
)

type summaryQuery struct {
	From   string `query:"from" required:"true" format:"date" doc:"The first day, in the workspace's time zone."`
	To     string `query:"to" required:"true" format:"date" doc:"The last day, included."`
	Policy string `query:"policy" enum:"first,latest,average,best,worst" doc:"Which rating counts; by default the workspace's own policy."`
	FilterQuery
}

type summary struct {
	From     stats.Day             `json:"from" format:"date"`
	To       stats.Day             `json:"to" format:"date"`
	TimeZone string                `json:"time_zone" doc:"The zone of the days."`
	Policy   rating.Policy         `json:"policy" enum:"first,latest,average,best,worst"`
	Counted  csat                  `json:"counted" doc:"By the policy."`
	First    csat                  `json:"first" doc:"By the first rating of each conversation."`
	Changes  changeCounts          `json:"changes" doc:"The latest rating against the first, where there are at least two."`
	Recovery recoveryCounts        `json:"recovery"`
	Requests orNull[requestCounts] `json:"requests" doc:"null under a filter of score, change or remark, which a request does not have."`
	Matrix   [][]int64             `json:"matrix" nullable:"false" doc:"Conversations with at least two ratings: first by latest score, worst to best."`
}

type csat struct {
	Rated    int64    `json:"rated"`
	Positive float64  `json:"positive" doc:"Whole, but under the average policy."`
	Score    *float64 `json:"score" doc:"positive ÷ rated; null where rated is 0."`
	Low      *float64 `json:"low" doc:"The lower end of the 95 % Wilson interval."`
	High     *float64 `json:"high" doc:"The upper end of the 95 % Wilson interval."`
}

type changeCounts struct {
	Better int64 `json:"better"`
	Same   int64 `json:"same"`
	Worse  int64 `json:"worse"`
}

type recoveryCounts struct {
	FirstNegative int64 `json:"first_negative"`
	Asked         int64 `json:"asked" doc:"Of these, asked again."`
	Answered      int64 `json:"answered" doc:"Of these, rated again."`
	Recovered     int64 `json:"recovered" doc:"Of these, the latest rating is positive."`
}

type requestCounts struct {
	Delivered int64 `json:"delivered" doc:"Sent in the range."`
	Rated     int64 `json:"rated" doc:"Of these, rated by now."`
}

type summaryAnswer struct{ Body summary }

func (a *api) addSummary() {
	add(a, huma.Operation{
		OperationID: "summary", Method: http.MethodGet, Path: "/summary", Summary: "The figures of a range of days",
		Description: "All figures but requests speak of the same conversations: those whose latest valid rating was given in the range.",
	}, a.summary)
}

func (a *api) summary(ctx context.Context, who caller, in *summaryQuery) (*summaryAnswer, error) {
	settings := who.workspace.Settings
	period, err := days(in.From, in.To, settings)
	if err != nil {
		return nil, err
	}
	f, err := in.filter(ctx, who, period)
	if err != nil {
		return nil, err
	}
	policy := cmp.Or(rating.Policy(in.Policy), settings.Policy)
	f.Policy = policy
	report, err := who.tenant.Report(ctx, f)
	if err != nil {
		return nil, err
	}
	wording, err := wordingInForce(ctx, who.tenant)
	if err != nil {
		return nil, err
	}
	requests := orNull[requestCounts]{&requestCounts{Delivered: report.Asks.Sent, Rated: report.Asks.Rated}}
	if f.OfAnswers() {
		requests = orNull[requestCounts]{}
	}
	return &summaryAnswer{Body: summary{
		From: period.From, To: period.To, TimeZone: settings.TimeZone, Policy: policy,
		Counted: csatOf(report.Figures, policy), First: csatOf(report.Figures, rating.CountFirst),
		Changes: changeCounts{Better: report.Better, Same: report.Same, Worse: report.Worse},
		Recovery: recoveryCounts{
			FirstNegative: report.FirstNegative, Asked: report.Asked, Answered: report.Answered, Recovered: report.Recovered,
		},
		Requests: requests,
		Matrix:   report.Matrix(len(wording.Body.Options)),
	}}, nil
}

func csatOf(f models.Figures, policy rating.Policy) csat {
	c := csat{Rated: f.Rated, Positive: f.Positive(policy)}
	share := stats.Proportion{Positive: c.Positive, N: int(f.Rated)}
	if score, ok := share.Share(); ok {
		interval, _ := share.Wilson() // has an interval where there is a share
		c.Score, c.Low, c.High = &score, &interval.Low, &interval.High
	}
	return c
}

// wordingInForce is the version that customers are asked with; version 0 is the built-in one.
func wordingInForce(ctx context.Context, tenant models.Tenant) (models.Wording, error) {
	wording, err := tenant.Wording(ctx)
	if errors.Is(err, models.ErrNotFound) {
		return models.Wording{Body: rating.DefaultWording()}, nil
	}
	return wording, err
}
