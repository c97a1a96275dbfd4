package survey

import (
	"context"

	"rerate/internal/rating"
	"rerate/models"
)

// A dry run goes through the closes of so many days, but not more than so many.
const (
	DryRunDays = 30
	DryRunMost = 20_000
)

// Trial is what settings would have made of the last closes, and what those in force would have, place by place.
type Trial struct {
	Closes    []rating.PastClose
	Now, Then []string // as rating.DryRun says it
}

// DryRun tries settings on the last closes and remembers that somebody has looked. Nothing else is stored or sent.
func (s *Service) DryRun(ctx context.Context, workspace string, tried models.Settings) (Trial, error) {
	tenant := s.Store.Tenant(workspace)
	w, err := tenant.Get(ctx)
	if err != nil {
		return Trial{}, err
	}
	closes, asks, err := tenant.PastCloses(ctx, s.Now().AddDate(0, 0, -DryRunDays), DryRunMost)
	if err != nil {
		return Trial{}, err
	}
	trial := Trial{Closes: closes, Now: rating.DryRun(w.Settings, asks, closes), Then: rating.DryRun(tried, asks, closes)}
	return trial, tenant.Write(ctx, func(tx *models.Tx) error { return tx.DryRunSeen() })
}
