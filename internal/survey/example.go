package survey

import (
	"context"

	"rerate/models"
)

// AddExampleData fills a workspace with a year of made-up conversations and ratings that ends now, so that every page
// has something to show. Adding it twice adds it once. Nothing of it reaches Intercom.
func (s *Service) AddExampleData(ctx context.Context, workspace string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		return tx.AddExampleData(exampleData(s.Now(), settings.Location()))
	})
}

// RemoveExampleData takes the made-up conversations out again, with everything that hangs on them; what real customers
// said meanwhile stays. It does nothing when there are none.
func (s *Service) RemoveExampleData(ctx context.Context, workspace string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.RemoveExampleData() })
}
