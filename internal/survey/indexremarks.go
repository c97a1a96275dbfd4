package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/jobs"
	"rerate/models"
)

// The bites in which remarks of before are put into the index of words. Ten million would take minutes, in which customers
// rate: so this is no part of the migration.
const (
	indexBite  = 500
	indexTurn  = 40 // bites of one run of the job
	indexPause = time.Second
)

// IndexRemarks puts the remarks that were there before the index of words into it, workspace by workspace. It begins again
// where nothing is in the index yet, so it may be broken off at any time.
func (s *Service) IndexRemarks(ctx context.Context, _ jobs.IndexRemarks) error {
	workspaces, err := s.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	turn := indexTurn
	for _, w := range workspaces {
		if w.SearchVersion >= models.SearchVersion {
			continue
		}
		for after := ""; ; turn-- {
			if turn == 0 {
				return jobs.Later{Pause: indexPause, Cause: errors.New("others have their turn")}
			}
			if err := s.Store.Tenant(w.ID).Write(ctx, func(tx *models.Tx) (err error) {
				after, err = tx.IndexRemarks(after, indexBite)
				return err
			}); err != nil {
				return err
			}
			if after == "" {
				break
			}
		}
	}
	return nil
}
