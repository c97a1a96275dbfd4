package survey

import (
	"context"

	"rerate/models"
)

// AddExampleData fills a workspace with a year of made-up conversations and ratings that ends now, so that every page
// has something to show. Adding it twice adds it once. Nothing of it reaches Intercom.
func (s *Service) AddExampleData(ctx context.Context, workspace string) error {
	tenant := s.Store.Tenant(workspace)
	w, err := tenant.Get(ctx)
	if err != nil {
		return err
	}
	data := exampleData(s.Now(), w.Settings.Location()) // takes its time, in which nobody need wait for the database
	return tenant.Write(ctx, func(tx *models.Tx) error { return tx.AddExampleData(data) })
}

// RemoveExampleData takes the made-up conversations out again, with everything that hangs on them; what real customers
// said meanwhile stays. It does nothing when there are none.
func (s *Service) RemoveExampleData(ctx context.Context, workspace string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.RemoveExampleData() })
}
