package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/jobs"
	"rerate/models"
)

// How much of a file one transaction takes. On SQLite a tap waits for as long as one of them lasts.
const (
	stageBite   = 250
	prepareBite = 150
	clearBite   = 2000
	lateUnits   = 100 // changed since they were prepared: so few are prepared in the last transaction itself
)

// runTime is how long one job works on a file before it makes room for others.
const runTime = 30 * time.Second

// Import goes on with a file that is being added or taken back. It may run any number of times, also twice at once.
func (s *Service) Import(ctx context.Context, job jobs.Import) error {
	return s.runImport(ctx, job, 0, func(models.Import) {})
}

func (s *Service) runImport(ctx context.Context, job jobs.Import, rest time.Duration, tell func(models.Import)) error {
	r := importRun{rest: rest, service: s, tenant: s.Store.Tenant(job.Workspace), id: job.Import, tell: tell}
	soon, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	r.ends = soon
	err := r.run(ctx)
	if errors.Is(err, errImportStopped) {
		return r.clear(ctx)
	}
	return err
}

// importRun is one job's work on a file.
type importRun struct {
	service *Service
	tenant  models.Tenant
	id      string
	ends    context.Context // when it makes room for others
	rest    time.Duration   // between two transactions
	tell    func(models.Import)
}

// errImportStopped means that somebody has stopped the import meanwhile, or that another worker has finished it.
var errImportStopped = errors.New("the import has ended")

func (r importRun) run(ctx context.Context) error {
	i, err := r.tenant.Import(ctx, r.id)
	if err != nil {
		return err
	}
	if !i.UnderWay() {
		return errImportStopped
	}
	if i.State == models.ImportAdding {
		if err := r.stage(ctx, i); err != nil {
			return err
		}
	}
	for {
		if err := r.prepare(ctx, i.State); err != nil {
			return err
		}
		if done, err := r.finish(ctx, i.State); err != nil || done {
			return errors.Join(err, r.clear(ctx))
		}
	}
}

// stage puts the rows of the file, from where an earlier run has stopped, beside the import.
func (r importRun) stage(ctx context.Context, i models.Import) error {
	reader, table, err := r.service.importReader(ctx, r.tenant, i, i.Options)
	if err != nil {
		return err
	}
	var bite []models.ImportRow
	for row, ok := table.Next(); ok; row, ok = table.Next() {
		read, twin, problem := reader.read(row)
		if problem != nil || twin > 0 || read.Line <= i.Reached {
			continue
		}
		if bite = append(bite, read); len(bite) == stageBite {
			if err := r.stageBite(ctx, bite); err != nil {
				return err
			}
			bite = bite[:0]
		}
	}
	return r.stageBite(ctx, bite)
}

func (r importRun) stageBite(ctx context.Context, bite []models.ImportRow) error {
	if len(bite) == 0 {
		return nil
	}
	return r.step(ctx, models.ImportAdding, func(tx *models.Tx, i *models.Import) error {
		for len(bite) > 0 && bite[0].Line <= i.Reached { // another worker was here
			bite = bite[1:]
		}
		if len(bite) == 0 {
			return nil
		}
		staged, err := tx.StageImport(*i, bite)
		i.Staged, i.Known, i.Reached = i.Staged+staged, i.Known+len(bite)-staged, bite[len(bite)-1].Line
		return err
	})
}

// prepare derives what everything will say.
func (r importRun) prepare(ctx context.Context, state models.ImportState) error {
	last, n := models.Unit{}, prepareBite
	for n == prepareBite {
		if err := r.step(ctx, state, func(tx *models.Tx, i *models.Import) (err error) {
			last, n, err = tx.PrepareImport(*i, last, prepareBite)
			i.Prepared += n
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (r importRun) finish(ctx context.Context, state models.ImportState) (done bool, err error) {
	err = r.tenant.Write(ctx, func(tx *models.Tx) error {
		i, err := r.hold(tx, state)
		if err != nil {
			return err
		}
		return tx.FinishImport(i, lateUnits)
	})
	if errors.Is(err, models.ErrImportNotPrepared) {
		return false, nil
	}
	return err == nil, err
}

// step does a bounded piece of the work in a transaction of its own and stores how far it has come.
func (r importRun) step(ctx context.Context, state models.ImportState, do func(*models.Tx, *models.Import) error) error {
	if r.ends.Err() != nil {
		return jobs.Later{Cause: errors.New("others have their turn")}
	}
	var now models.Import
	err := r.tenant.Write(ctx, func(tx *models.Tx) (err error) {
		if now, err = r.hold(tx, state); err != nil {
			return err
		}
		if err := do(tx, &now); err != nil {
			return err
		}
		return tx.SaveImport(now)
	})
	if err == nil {
		r.tell(now)
		r.pause()
	}
	return err
}

// pause lets others write. Within a process they queue up by themselves; another process tries in vain until it happens to
// find the database free.
func (r importRun) pause() {
	if r.rest > 0 {
		<-time.NewTimer(r.rest).C
	}
}

func (r importRun) hold(tx *models.Tx, state models.ImportState) (models.Import, error) {
	i, err := tx.HoldImport(r.id)
	if err == nil && i.State != state {
		err = errImportStopped
	}
	return i, err
}

// clear deletes what an import that has ended leaves behind, in bites.
func (r importRun) clear(ctx context.Context) error {
	for more := true; more; {
		if err := r.tenant.Write(ctx, func(tx *models.Tx) error {
			i, err := tx.HoldImport(r.id)
			if err != nil {
				return err
			}
			if more = false; !i.UnderWay() {
				more, err = tx.ClearImport(r.id, clearBite)
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
