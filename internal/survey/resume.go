package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/jobs"
	"rerate/models"
)

// abandonedAfter is how long long work rests before somebody else goes on with it. Two that are at the same piece do it
// once: each piece is stored with a mark of how far the work has come.
const abandonedAfter = time.Minute

// Resume goes on with the long work of every workspace, after a start. Its jobs may run as far as the queue knows, but who
// ran them may have been killed, so others are put in beside them.
func (s *Service) Resume(ctx context.Context) error { return s.resume(ctx, s.Now(), false) }

// resumeIdle goes on with the long work that nobody has touched for a while and for which no job waits.
func (s *Service) resumeIdle(ctx context.Context) error {
	return s.resume(ctx, s.Now().Add(-abandonedAfter), true)
}

func (s *Service) resume(ctx context.Context, untouchedSince time.Time, once bool) error {
	imports, err := s.Store.ImportsUnderWay(ctx)
	if err != nil {
		return err
	}
	backfills, err := s.Store.Backfills(ctx, models.BackfillRunning)
	if err != nil {
		return err
	}
	recounts, err := s.Store.RecountsUnderWay(ctx)
	if err != nil {
		return err
	}
	failed := []error{s.rebuildOutdated(ctx)}
	for _, i := range imports {
		if !i.TouchedAt.After(untouchedSince) {
			failed = append(failed, s.putIn(ctx, i.WorkspaceID, once, jobs.Import{Workspace: i.WorkspaceID, Import: i.ID}))
		}
	}
	for _, b := range backfills {
		if !b.TouchedAt.After(untouchedSince) {
			failed = append(failed, s.putIn(ctx, b.WorkspaceID, once, jobs.Backfill{Workspace: b.WorkspaceID, Step: b.Step}))
		}
	}
	for _, r := range recounts {
		if !r.TouchedAt.After(untouchedSince) {
			failed = append(failed, s.putIn(ctx, r.WorkspaceID, once, jobs.Recount{Workspace: r.WorkspaceID, Check: r.Kind == models.Check}))
		}
	}
	return errors.Join(failed...)
}

// putIn puts in a job in a transaction of its own; once: unless the same one is there.
func (s *Service) putIn(ctx context.Context, workspace string, once bool, job jobs.Args) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		sqlTx, err := tx.SQL()
		if err != nil {
			return err
		}
		if once {
			return s.queue.EnqueueOnceTx(ctx, sqlTx, job)
		}
		return s.queue.EnqueueTx(ctx, sqlTx, job, jobs.Now)
	})
}
