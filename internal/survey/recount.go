package survey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rerate/internal/jobs"
	"rerate/models"
)

// SaveSettings stores settings that an author has changed. Another time zone moves every figure to other days: at once, or,
// where there are many ratings, by and by, and the pages say so meanwhile.
func (s *Service) SaveSettings(ctx context.Context, workspace string, settings models.Settings, author string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		if err := tx.ChangeSettings(settings, author); err != nil {
			return err
		}
		w, err := tx.Get()
		if err != nil {
			return err
		}
		if _, rebuilding := w.Rebuilding(); !rebuilding {
			return nil
		}
		return s.recountSoon(ctx, tx, models.Rebuild)
	})
}

// BeginRecount begins to check the figures of a workspace, or to build them again, because somebody has asked for it.
func (s *Service) BeginRecount(ctx context.Context, workspace string, kind models.RecountKind) error {
	return s.beginRecount(ctx, workspace, kind, models.RecountAsked)
}

func (s *Service) beginRecount(ctx context.Context, workspace string, kind models.RecountKind, why models.RecountWhy) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		if err := tx.BeginRecount(kind, why); err != nil {
			return err
		}
		return s.recountSoon(ctx, tx, kind)
	})
}

func (s *Service) recountSoon(ctx context.Context, tx *models.Tx, kind models.RecountKind) error {
	sqlTx, err := tx.SQL()
	if err != nil {
		return err
	}
	return s.queue.EnqueueOnceTx(ctx, sqlTx, jobs.Recount{Workspace: tx.Workspace, Check: kind == models.Check})
}

// rebuildOutdated begins to rebuild the figures that an earlier version of the program has built.
func (s *Service) rebuildOutdated(ctx context.Context) error {
	outdated, err := s.Store.OutdatedReports(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, workspace := range outdated {
		failed = append(failed, s.beginRecount(ctx, workspace, models.Rebuild, models.RecountVersion))
	}
	return errors.Join(failed...)
}

// Recount goes on with a recount until it ends. It may run any number of times, also twice at once.
func (s *Service) Recount(ctx context.Context, job jobs.Recount) error {
	if job.Nightly {
		return s.checkSome(ctx, job.Workspace)
	}
	kind := models.Rebuild
	if job.Check {
		kind = models.Check
	}
	soon, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	r, err := s.goOn(ctx, soon, job.Workspace, kind)
	if err != nil {
		return err
	}
	if r.UnderWay() {
		return jobs.Later{Cause: errors.New("others have their turn")}
	}
	return nil
}

// goOn goes on with a recount until it or the time for it ends, and says in the log what was found.
func (s *Service) goOn(ctx, soon context.Context, workspace string, kind models.RecountKind) (models.Recount, error) {
	tenant := s.Store.Tenant(workspace)
	for {
		r, err := tenant.GoOn(ctx, kind)
		if err != nil {
			return r, fmt.Errorf("counting the figures of workspace %s anew: %w", workspace, err)
		}
		if r.UnderWay() && soon.Err() == nil {
			if kind == models.Check {
				s.afterTheRush(soon)
			}
			continue
		}
		if !r.UnderWay() && r.Drifted > 0 {
			s.Log.ErrorContext(ctx, "stored figures were not what their rows come to", "workspace", workspace, "kind", r.Kind, "why", r.Why,
				"values", r.Drifted, "first", r.Drifts[0].String())
		}
		return r, nil
	}
}

// The check of a night works so long on one workspace. Where there is more to count, the next night goes on from there.
const (
	checkTime = 10 * time.Second
	checkRest = 20 * time.Hour // a program that is started often does not check each time
)

// CheckFigures has some of the figures of every workspace checked, all of them in turn. It mends nothing: a figure that is
// not what its rows come to is a defect of the program, somebody should hear of it, and figures that people have seen
// should not change behind their backs.
func (s *Service) CheckFigures(ctx context.Context, _ jobs.CheckFigures) error {
	workspaces, err := s.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, w := range workspaces {
		failed = append(failed, s.putIn(ctx, w.ID, true, jobs.Recount{Workspace: w.ID, Check: true, Nightly: true}))
	}
	return errors.Join(failed...)
}

func (s *Service) checkSome(ctx context.Context, workspace string) error {
	tenant := s.Store.Tenant(workspace)
	w, err := tenant.Get(ctx)
	if err != nil {
		return err
	}
	if _, rebuilding := w.Rebuilding(); rebuilding {
		return nil
	}
	r, err := tenant.Recount(ctx, models.Check)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	byHand := r.UnderWay() && r.Why != models.RecountNightly
	if byHand || s.Now().Sub(r.TouchedAt) < checkRest {
		return nil
	}
	if !r.UnderWay() {
		if err := tenant.Write(ctx, func(tx *models.Tx) error {
			return tx.BeginRecount(models.Check, models.RecountNightly)
		}); err != nil {
			return err
		}
	}
	soon, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	_, err = s.goOn(ctx, soon, workspace, models.Check)
	return err
}
