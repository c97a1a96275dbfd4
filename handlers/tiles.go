package handlers

import (
	"time"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
)

// measured is a report beside the one that it is compared with, which may be none.
type measured struct {
	filter
	now    models.Report
	before *models.Report
}

// share is one share of the report, with its change and the address of its rows; "" has none.
func (m measured) share(of func(models.Report) stats.Proportion, outcome models.Outcome) views.Share {
	share := measure(of(m.now))
	if m.before != nil {
		share.Change = change(of(m.now), of(*m.before))
	}
	if outcome != "" {
		share.Href = m.rowsOf(outcome)
	}
	return share
}

// plain is a share without its change.
func (m measured) plain(positive, n int64, outcome models.Outcome) views.Share {
	share := measure(proportion(positive, n))
	share.Href = m.rowsOf(outcome)
	return share
}

// tiles fills in the shares of a range, each against the one before where there is one.
func (m measured) tiles(props *views.OverviewProps) {
	props.Counted = m.share(csatBy(m.rows.Policy), models.AnyOutcome)
	props.First = m.share(csatBy(rating.CountFirst), models.AnyOutcome)
	props.Again = m.again()
	props.Recovery = m.recovery()
	props.Waiting = m.waiting()
	props.Policies = m.policies(props.Bar)
}

// again is what conversations with more than one rating come to.
func (m measured) again() views.Again {
	f := m.now.Figures
	again := views.Again{
		Better: int(f.Better), Same: int(f.Same), Worse: int(f.Worse), Verdict: verdict(f),
		Href: m.rowsOf(models.RatedAgain), BetterHref: m.rowsOf(models.WentBetter),
		SameHref: m.rowsOf(models.StayedSame), WorseHref: m.rowsOf(models.WentWorse),
		Gained: int(f.Gained), Lost: int(f.Lost), GainedHref: m.rowsOf(models.HasGained), LostHref: m.rowsOf(models.HasLost),
		Moved: direction(f.Gained, f.Lost, f.Better+f.Same+f.Worse),
	}
	again.Shift = paired(f.Gained, f.Lost, f.Better+f.Same+f.Worse)
	return again
}

// paired is the change of a share within pairs; nil where there are none.
func paired(up, down, n int64) *views.Change {
	by, interval, ok := stats.PairedChange(int(up), int(down), int(n))
	if !ok {
		return nil
	}
	return &views.Change{N: int(n), By: by, Low: interval.Low, High: interval.High, Clear: interval.Clear()}
}

// verdict says what the conversations that were rated again come to.
func verdict(f models.Figures) views.Verdict {
	return direction(f.Better, f.Worse, f.Better+f.Same+f.Worse)
}

// direction says in which way pairs have moved.
func direction(up, down, pairs int64) views.Verdict {
	if pairs == 0 {
		return views.NoPairs
	}
	switch stats.DirectionOf(int(up), int(down)) {
	case stats.Up:
		return views.GoesUp
	case stats.Down:
		return views.GoesDown
	case stats.Unclear:
		return views.NoDirection
	case stats.TooFew:
	}
	return views.TooFew
}

// recovery is what became of low first ratings, and of positive ones.
func (m measured) recovery() views.Recovery {
	f := m.now.Figures
	r := views.Recovery{
		Share: m.share(recovered, models.HasRecovered), OfAnswers: m.plain(f.Recovered, f.Answered, models.HasRecovered),
		Asked: int(f.Asked), Answered: int(f.Answered),
		Coverage: m.plain(f.Asked, f.FirstNegative, models.AskedAgain), Again: m.plain(f.Answered, f.FirstNegative, models.Answered),
		Lost:      m.plain(f.Lost, f.FirstPositiveAgain, models.HasLost),
		WithReply: m.plain(f.RecoveredWithReply, f.AnsweredWithReply, models.WonBack),
		Alone:     m.plain(f.RecoveredAlone, f.AnsweredAlone, models.CameBack),
		LowHref:   m.rowsOf(models.FirstLow), AskedHref: m.rowsOf(models.AskedAgain),
		AnsweredHref: m.rowsOf(models.Answered), HighHref: m.rowsOf(models.HighAgain),
		WithReplyHref: m.rowsOf(models.WithReply), AloneHref: m.rowsOf(models.Alone),
		Unknown: int(f.Answered - f.AnsweredWithReply - f.AnsweredAlone),
	}
	r.Difference = change(proportion(f.RecoveredWithReply, f.AnsweredWithReply), proportion(f.RecoveredAlone, f.AnsweredAlone))
	return r
}

// usualWindow is how long answers come where the settings set no end.
const usualWindow = 7 * 24 * time.Hour

// response is the share of requests that were answered: first asks and asks again apart.
func (m measured) response(windows rating.Windows, now time.Time) views.Response {
	r := views.Response{
		Share: m.share(responded, models.Responded),
		New: m.share(func(r models.Report) stats.Proportion {
			return proportion(r.Asks.Rated-r.Asks.RatedAgain, r.Asks.Sent-r.Asks.SentAgain)
		}, models.RespondedNew),
		Again:  m.share(func(r models.Report) stats.Proportion { return proportion(r.Asks.RatedAgain, r.Asks.SentAgain) }, models.RespondedOld),
		Hours:  windows.RateHours,
		Closed: int(m.now.Asks.Closed), Asked: int(m.now.Asks.Asked), ClosedHref: ofCloses(models.AllCloses)(m.filter, m.rows.Teammate), AskedHref: ofCloses(models.AskedCloses)(m.filter, m.rows.Teammate),
	}
	window := usualWindow
	if windows.RateHours > 0 {
		window = time.Duration(windows.RateHours) * time.Hour
	}
	last, some := m.rows.Range.Ripe(window, now)
	if r.N > 0 && (!some || last != m.rows.Range.To) {
		r.MayRise = true
		if some {
			r.RipeUntil = dayWords(last, "2 January")
		}
		// What may still rise has not clearly fallen.
		for _, share := range []*views.Share{&r.Share, &r.New, &r.Again} {
			if share.Change != nil && share.Change.By < 0 {
				share.Change.Clear = false
			}
		}
	}
	return r
}

// policies are the same conversations under every policy, each against the first rating.
func (m measured) policies(bar views.FilterBar) []views.PolicyRow {
	first := m.now.Positive(rating.CountFirst)
	rows := []views.PolicyRow{}
	for _, p := range []rating.Policy{rating.CountFirst, rating.CountLatest, rating.CountAverage, rating.CountBest, rating.CountWorst} {
		row := views.PolicyRow{
			Policy: string(p), Share: measure(csatOfFigures(m.now.Figures, p)), Current: p == m.rows.Policy, Own: string(p) == bar.OwnPolicy,
		}
		if m.now.Rated > 0 {
			row.Effect = (m.now.Positive(p) - first) / float64(m.now.Rated)
		}
		rows = append(rows, row)
	}
	return rows
}

// waiting is what is low by its latest rating, and what of it nobody has asked again.
func (m measured) waiting() views.Waiting {
	waiting := views.Waiting{
		Low: int(m.now.LatestNegative), NotAsked: int(m.now.Waiting),
		Href: m.list().URL("/ratings/waiting"), LowHref: m.rowsOf(models.LatestLow),
	}
	if m.before != nil {
		waiting.Compared, waiting.Before = true, int(m.before.Waiting)
	}
	return waiting
}

func csatBy(policy rating.Policy) func(models.Report) stats.Proportion {
	return func(r models.Report) stats.Proportion { return csatOfFigures(r.Figures, policy) }
}

func csatOfFigures(f models.Figures, policy rating.Policy) stats.Proportion {
	return stats.Proportion{Positive: f.Positive(policy), N: int(f.Rated)}
}

func recovered(r models.Report) stats.Proportion { return proportion(r.Recovered, r.FirstNegative) }

func responded(r models.Report) stats.Proportion { return proportion(r.Asks.Rated, r.Asks.Sent) }

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
