package survey

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
)

// Digest is what a weekly digest tells: a whole week against the one before it. Its figures are those of the overview over
// the same days.
type Digest struct {
	Workspace models.Workspace
	Site      string // our address, for links
	Week      stats.Range
	Before    stats.Range

	Now, Then models.Report

	Movers  []Mover // the teammates whose CSAT moved most, the biggest move first
	LeftOut int     // teammates rated in the week who had too few ratings in one of the two weeks
	Remarks []models.Rating

	Unsubscribe string // the address that ends it for whom it is sent to; empty: it was asked for by hand
}

// Mover is a teammate with enough ratings in both weeks to compare.
type Mover struct {
	ID, Name    string
	Now, Before stats.Proportion
}

// How much of each a digest holds.
const (
	mostMovers  = 5
	mostRemarks = 5
	lowRemarks  = 3
)

var wholeWeeks = stats.Calendar{Grain: stats.Weekly, WeekStart: time.Monday}

// weekBefore is the last whole week, Monday to Sunday, that was over when a day began.
func weekBefore(day stats.Day, zone *time.Location) stats.Range {
	monday := wholeWeeks.FirstDay(day).AddDays(-7)
	return stats.Range{From: monday, To: monday.AddDays(6), Zone: zone}
}

// DigestOfLastWeek is the digest of the last week that is over.
func (s *Service) DigestOfLastWeek(ctx context.Context, workspace string) (Digest, error) {
	w, err := s.Store.Tenant(workspace).Get(ctx)
	if err != nil {
		return Digest{}, err
	}
	zone := w.Settings.Location()
	return s.digestOf(ctx, w, weekBefore(stats.DayOf(s.Now(), zone), zone))
}

func (s *Service) digestOf(ctx context.Context, w models.Workspace, week stats.Range) (Digest, error) {
	tenant := s.Store.Tenant(w.ID)
	d := Digest{Workspace: w, Site: s.BaseURL, Week: week, Before: week.Previous()}
	var err error
	if d.Now, err = tenant.Report(ctx, models.Filter{Range: d.Week}); err != nil {
		return d, err
	}
	if d.Then, err = tenant.Report(ctx, models.Filter{Range: d.Before}); err != nil {
		return d, err
	}
	if err := d.addMovers(ctx, tenant); err != nil {
		return d, err
	}
	d.Remarks, err = remarksOf(ctx, tenant, week)
	return d, err
}

// addMovers compares what each teammate is credited with now with the week before. Who has too few ratings in one of the two
// is left out: what would be seen there is mostly chance.
func (d *Digest) addMovers(ctx context.Context, tenant models.Tenant) error {
	now, err := tenant.TeammateReports(ctx, models.Filter{Range: d.Week})
	if err != nil {
		return err
	}
	then, err := tenant.TeammateReports(ctx, models.Filter{Range: d.Before})
	if err != nil {
		return err
	}
	names, err := tenant.CreditedTeammates(ctx)
	if err != nil {
		return err
	}
	settings := d.Workspace.Settings
	for _, t := range now {
		if t.ID == "" || t.Latest.Rated == 0 {
			continue
		}
		mover := Mover{ID: t.ID, Now: t.Latest.CSAT(settings.Policy)}
		if i := slices.IndexFunc(then, func(b models.TeammateReport) bool { return b.ID == t.ID }); i >= 0 {
			mover.Before = then[i].Latest.CSAT(settings.Policy)
		}
		if i := slices.IndexFunc(names, func(n models.Teammate) bool { return n.ID == t.ID }); i >= 0 {
			mover.Name = names[i].Name
		}
		if enough := max(settings.MinSample, 1); mover.Now.N < enough || mover.Before.N < enough {
			d.LeftOut++
			continue
		}
		d.Movers = append(d.Movers, mover)
	}
	slices.SortStableFunc(d.Movers, func(a, b Mover) int { return cmp.Compare(b.moved(), a.moved()) })
	d.Movers = d.Movers[:min(len(d.Movers), mostMovers)]
	return nil
}

// moved is how far a teammate's share went, either way.
func (m Mover) moved() float64 {
	by, _, _ := m.Now.ChangeFrom(m.Before)
	return math.Abs(by)
}

// remarksOf picks what customers wrote in a week: the lowest first, then the happiest, of each the newest.
func remarksOf(ctx context.Context, tenant models.Tenant, week stats.Range) ([]models.Rating, error) {
	low, err := tenant.DigestRemarks(ctx, week, rating.Negative, mostRemarks)
	if err != nil {
		return nil, err
	}
	happy, err := tenant.DigestRemarks(ctx, week, rating.Positive, mostRemarks)
	if err != nil {
		return nil, err
	}
	lows := min(len(low), max(lowRemarks, mostRemarks-len(happy)))
	return append(low[:lows:lows], happy[:min(len(happy), mostRemarks-lows)]...), nil
}
