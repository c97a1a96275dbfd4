package survey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"rerate/internal/jobs"
	"rerate/models"
)

// EraseContact erases a contact because somebody of the team wants it, as Intercom's word that the contact was deleted does.
func (s *Service) EraseContact(ctx context.Context, workspace, contact string) error {
	if err := s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return s.eraseContact(ctx, tx, contact) }); err != nil {
		return err
	}
	return s.scrubNow(ctx)
}

// eraseContact also takes away files that wait to be added and name the contact: they would bring the words back.
func (s *Service) eraseContact(ctx context.Context, tx *models.Tx, contact string) error {
	if err := s.dropFilesNaming(ctx, tx, contact); err != nil {
		return err
	}
	return tx.EraseContact(contact)
}

func (s *Service) dropFilesNaming(ctx context.Context, tx *models.Tx, contact string) error {
	files, err := tx.WaitingFiles()
	if err != nil || len(files) == 0 {
		return err
	}
	names, err := tx.NamesOf(contact)
	if err != nil {
		return err
	}
	for _, f := range files {
		raw, err := unpack(f.File)
		if err != nil {
			s.Log.WarnContext(ctx, "a file that waits to be added cannot be read", "workspace", tx.Workspace, "import", f.ID, "error", err)
			continue
		}
		for _, name := range names {
			if bytes.Contains(bytes.ToLower(raw), bytes.ToLower([]byte(name))) {
				if err := tx.DropFile(f.ID); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// scrubNow tries to take what was erased out of the database's log; where somebody reads from it, the job of the day does.
func (s *Service) scrubNow(ctx context.Context) error {
	if err := s.Store.Scrub(ctx); !errors.Is(err, models.ErrBusyLog) {
		return err
	}
	return nil
}

// EraseDue puts in the erasing of every workspace that keeps ratings for a time, or was uninstalled long ago.
func (s *Service) EraseDue(ctx context.Context, _ jobs.EraseDue) error {
	workspaces, err := s.Store.AllWorkspaces(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, w := range workspaces {
		if w.ErasedAt == nil && (w.Settings.RetentionDays > 0 || w.DueForErasing(s.Now())) {
			failed = append(failed, s.putIn(ctx, w.ID, true, jobs.Erase{Workspace: w.ID}))
		}
	}
	return errors.Join(append(failed, s.scrub(ctx))...)
}

// The pieces in which old words and whole workspaces are erased, and how long others may write between two of them.
const (
	eraseBite = 200
	eraseRest = 5 * time.Millisecond
	scrubRest = 10 * time.Second
)

// Erase erases of a workspace what its time has come for. It may run any number of times, also twice at once; what one run does not
// come to the next one finds.
func (s *Service) Erase(ctx context.Context, job jobs.Erase) error {
	w, err := s.Store.Tenant(job.Workspace).Get(ctx)
	if err != nil {
		return err
	}
	soon, cancel := context.WithTimeout(ctx, runTime)
	defer cancel()
	if err := s.eraseUntil(ctx, soon, w); err != nil {
		return fmt.Errorf("erasing in workspace %s: %w", w.ID, err)
	}
	return s.scrub(ctx)
}

func (s *Service) scrub(ctx context.Context) error {
	err := s.Store.Scrub(ctx)
	if errors.Is(err, models.ErrBusyLog) {
		return jobs.Later{Pause: scrubRest, Cause: err}
	}
	return err
}

func (s *Service) eraseUntil(ctx, soon context.Context, w models.Workspace) error {
	if w.DueForErasing(s.Now()) {
		return s.wipe(ctx, soon, w.ID)
	}
	if w.Settings.RetentionDays == 0 {
		return nil
	}
	tenant, before := s.Store.Tenant(w.ID), KeptSince(s.Now(), w.Settings.RetentionDays)
	err := inPieces(ctx, soon, func() (more bool, err error) {
		err = tenant.Write(ctx, func(tx *models.Tx) error {
			found, err := tx.EraseOld(before, eraseBite)
			more = found == eraseBite
			return err
		})
		return more, err
	})
	if err != nil {
		return err
	}
	after := ""
	return inPieces(ctx, soon, func() (bool, error) {
		err := tenant.Write(ctx, func(tx *models.Tx) (err error) {
			after, err = tx.ForgetSilent(before, after, eraseBite/4)
			return err
		})
		return after != "", err
	})
}

// KeptSince is the time before which words are erased where they are kept for so many days.
func KeptSince(now time.Time, days int) time.Time {
	return now.Add(-time.Duration(days) * 24 * time.Hour)
}

// EraseWorkspace uninstalls a workspace and erases it at once. What it does not come to before ctx ends the queue goes on with.
func (s *Service) EraseWorkspace(ctx context.Context, workspace string) error {
	if err := s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.EraseWorkspace() }); err != nil {
		return err
	}
	if err := s.wipe(ctx, ctx, workspace); err != nil {
		return err
	}
	return s.scrubNow(ctx)
}

// wipe erases a workspace whose time has come, until it is done or soon ends.
func (s *Service) wipe(ctx, soon context.Context, workspace string) error {
	var at models.Wiped
	return inPieces(ctx, soon, func() (bool, error) {
		err := s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) (err error) {
			at, err = tx.Wipe(at, eraseBite)
			return err
		})
		return !at.Done, err
	})
}

// inPieces does one piece after the other with a rest in between; when soon ends it asks for another turn.
func inPieces(ctx, soon context.Context, piece func() (more bool, err error)) error {
	for {
		more, err := piece()
		if err != nil || !more {
			return err
		}
		rest := time.NewTimer(eraseRest)
		select {
		case <-soon.Done():
			rest.Stop()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return jobs.Later{Cause: errors.New("others have their turn")}
		case <-rest.C:
		}
	}
}
