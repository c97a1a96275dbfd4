package handlers

import (
	"context"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
)

// tiles fills in the shares of a range, each against the one before where there is one.
func (f filter) tiles(now models.Report, before *models.Report, props *views.OverviewProps) {
	share := func(of func(models.Report) stats.Proportion, outcome models.Outcome) views.Share {
		measured := measure(of(now))
		if before != nil {
			measured.Change = change(of(now), of(*before))
		}
		measured.Href = f.rowsOf(outcome)
		return measured
	}
	props.Counted = share(csatBy(f.rows.Policy), models.AnyOutcome)
	props.First = share(csatBy(rating.CountFirst), models.AnyOutcome)
	props.Recovery = views.Recovery{
		Share: share(recovered, models.HasRecovered),
		Asked: int(now.Asked), Answered: int(now.Answered), LowHref: f.rowsOf(models.FirstLow),
		AskedHref: f.rowsOf(models.AskedAgain), AnsweredHref: f.rowsOf(models.Answered),
	}
	props.Response = views.Response{Share: share(responded, models.Responded)}
	props.Again = views.Again{
		Better: int(now.Better), Same: int(now.Same), Worse: int(now.Worse), Verdict: verdict(now.Figures),
		Href: f.rowsOf(models.RatedAgain), BetterHref: f.rowsOf(models.WentBetter),
		SameHref: f.rowsOf(models.StayedSame), WorseHref: f.rowsOf(models.WentWorse),
	}
}

func csatBy(policy rating.Policy) func(models.Report) stats.Proportion {
	return func(r models.Report) stats.Proportion { return csatOfFigures(r.Figures, policy) }
}

func csatOfFigures(f models.Figures, policy rating.Policy) stats.Proportion {
	return stats.Proportion{Positive: f.Positive(policy), N: int(f.Rated)}
}

func recovered(r models.Report) stats.Proportion {
	return stats.Proportion{Positive: float64(r.Recovered), N: int(r.FirstNegative)}
}

func responded(r models.Report) stats.Proportion {
	return stats.Proportion{Positive: float64(r.Requests.Rated), N: int(r.Requests.Delivered)}
}

func measure(p stats.Proportion) views.Share {
	score, ok := p.Share()
	if !ok {
		return views.Share{}
	}
	interval, _ := p.Wilson() // has an interval where there is a share
	return views.Share{Positive: p.Positive, N: p.N, Score: score, Low: interval.Low, High: interval.High}
}

func change(now, before stats.Proportion) *views.Change {
	by, interval, ok := now.ChangeFrom(before)
	if !ok {
		return &views.Change{N: before.N}
	}
	return &views.Change{N: before.N, By: by, Low: interval.Low, High: interval.High, Clear: interval.Clear()}
}

// How many conversations must have moved before anything is said of the direction, and how rare chance alone must
// make what was seen.
const (
	fewestMoves = 10
	rare        = 0.05
)

// verdict says what the conversations that were rated again come to.
func verdict(f models.Figures) views.Verdict {
	switch {
	case f.Better+f.Same+f.Worse == 0:
		return views.NoPairs
	case f.Better+f.Worse < fewestMoves:
		return views.TooFew
	case stats.MidP(int(f.Better), int(f.Worse)) >= rare:
		return views.NoDirection
	case f.Better > f.Worse:
		return views.GoesUp
	}
	return views.GoesDown
}

// waiting counts what is low by its latest rating, and what of it nobody has asked again.
func (f filter) waiting(ctx context.Context, tenant models.Tenant) (views.Waiting, error) {
	count := func(outcome models.Outcome, r stats.Range) (int, error) {
		rows := models.RatingFilter{Filter: f.rows.Filter, Outcome: outcome}
		rows.Range = r
		n, err := tenant.CountRatings(ctx, rows)
		return int(n), err
	}
	waiting := views.Waiting{Href: f.rowsOf(models.NotAsked), LowHref: f.rowsOf(models.LatestLow)}
	var err error
	if waiting.Low, err = count(models.LatestLow, f.rows.Range); err != nil {
		return waiting, err
	}
	if waiting.NotAsked, err = count(models.NotAsked, f.rows.Range); err != nil || f.compared == nil {
		return waiting, err
	}
	waiting.Compared = true
	waiting.Before, err = count(models.NotAsked, *f.compared)
	return waiting, err
}
