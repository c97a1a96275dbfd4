package survey

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// planWriteBack decides what is written to Intercom for a new answer, once the undo time is over. A first job
// reads the conversation at once, so that the answer counts without delay.
func planWriteBack(tx *models.Tx, r models.Rating, settings models.Settings) error {
	due := settings.Windows.UndoEnds(tx.Now)
	if err := tx.WriteLater(r, due, plannedKinds(r, settings)...); err != nil {
		return err
	}
	if due.Equal(tx.Now) {
		return tx.SyncLater(r.ConversationID, due)
	}
	return tx.SyncLater(r.ConversationID, tx.Now, due)
}

// How many jobs are made of the outbox every tenth of a second. Intercom takes the calls of a few conversations a second of each
// workspace, so there is no hurry: customers who are answering come first.
const (
	relayed       = 10
	relayedInRush = 2 // while many answer, or wait for the database since the time before
	rush          = 8 // answers in that time
)

// Relay puts the jobs of the outbox that are due into the queue, some at a time, of each workspace in turn.
func (s *Service) Relay(ctx context.Context) (err error) {
	most := relayed
	acts, answered := s.Store.Acts()
	rushing := acts-s.actsBefore >= rush || answered < s.actsBefore
	s.actsBefore = acts
	s.rushing.Store(rushing)
	if rushing {
		most = relayedInRush
	}
	s.relayedTo, err = s.Store.Relay(ctx, s.relayedTo, most, func(tx *sql.Tx, rows []models.Outbox) error {
		var all []jobs.Job
		for _, r := range rows {
			all = append(all, jobs.Sync{Workspace: r.WorkspaceID, Conversation: r.ConversationID})
		}
		return s.queue.EnqueueAllTx(ctx, tx, all)
	})
	return err
}

// afterTheRush waits while many customers answer, for work that nobody waits for.
func (s *Service) afterTheRush(ctx context.Context) {
	tick := time.NewTicker(jobs.RelayEvery)
	defer tick.Stop()
	for s.rushing.Load() {
		acts, _ := s.Store.Acts()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if now, answered := s.Store.Acts(); now-acts < rush && answered >= acts {
			return
		}
	}
}

func plannedKinds(r models.Rating, settings models.Settings) []models.WriteBackKind {
	var kinds []models.WriteBackKind
	plan := func(wanted bool, kind models.WriteBackKind) {
		if wanted {
			kinds = append(kinds, kind)
		}
	}
	counts := r.WhyNot != models.Test // a test rating is only told of
	plan(settings.Note != rating.NoteOff, models.Note)
	plan(counts && settings.WriteBack.Attributes, models.Attributes)
	plan(counts && settings.WriteBack.Event, models.DataEvent)
	plan(counts && settings.WriteBack.Tag != "", models.Tag)
	plan(counts && settings.WriteBack.NativeRating, models.NativeRating)
	return kinds
}

// planRemark tells the team of a remark: in the note if that is still to come, else in one that follows it.
func (s *Service) planRemark(ctx context.Context, tx *models.Tx, r models.Rating, settings models.Settings) error {
	if err := s.tellRemark(ctx, tx, r); err != nil {
		return err
	}
	if settings.Note == rating.NoteOff {
		return nil
	}
	note, err := tx.WriteBack(r.ID, models.Note)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	begun := note.State != models.Waiting || note.Attempts > 0
	if begun && !note.WithRemark {
		if err := tx.WriteAgain(r, tx.Now, models.FollowUp); err != nil {
			return err
		}
	}
	if err := tx.WriteNow(r.ID); err != nil {
		return err
	}
	return s.enqueueSync(ctx, tx, r.ConversationID, jobs.Now)
}

// planWhatChanged tells the team what the customer says has changed: in the note if that is still to come, else in one
// that follows it, together with a remark that comes soon.
func (s *Service) planWhatChanged(ctx context.Context, tx *models.Tx, r models.Rating, settings models.Settings) error {
	if settings.Note == rating.NoteOff {
		return nil
	}
	note, err := tx.WriteBack(r.ID, models.Note)
	if errors.Is(err, models.ErrNotFound) || err == nil && note.State == models.Waiting && note.Attempts == 0 {
		return nil
	} else if err != nil {
		return err
	}
	due := settings.Windows.UndoEnds(tx.Now)
	if err := tx.WriteAgain(r, due, models.FollowUp); err != nil {
		return err
	}
	return s.enqueueSync(ctx, tx, r.ConversationID, due)
}

// RetryWriteBacks tries again what was given up for a rating.
func (s *Service) RetryWriteBacks(ctx context.Context, workspace, ratingID string) error {
	s.tryNow(workspace)
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		r, err := tx.Rating(ratingID)
		if err != nil {
			return err
		}
		if err := tx.RetryWriteBacks(r.ID, models.GaveUp); err != nil {
			return err
		}
		return s.enqueueSync(ctx, tx, r.ConversationID, jobs.Now)
	})
}

// overdue is how late a write-back is before it is put in again: longer than any pause between a job's attempts.
const overdue = 15 * time.Minute

// CatchUp puts in what has waited too long in any workspace, so that nothing depends on a job that has used up its
// attempts.
func (s *Service) CatchUp(ctx context.Context, _ jobs.CatchUp) error {
	if err := s.resumeIdle(ctx); err != nil {
		return err
	}
	workspaces, err := s.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		if err := s.deliverOverdue(ctx, w.ID); err != nil {
			return err
		}
		if !w.Connected() {
			continue
		}
		if err := s.Store.Tenant(w.ID).Write(ctx, func(tx *models.Tx) error {
			if err := s.enqueueOverdueMessages(ctx, tx, tx.Now.Add(-overdue)); err != nil {
				return err
			}
			return s.enqueueOverdue(ctx, tx, tx.Now.Add(-overdue))
		}); err != nil {
			return err
		}
	}
	return s.expireAll(ctx, workspaces)
}

// expireAll ends what may not be answered any more, some at a time.
func (s *Service) expireAll(ctx context.Context, workspaces []models.Workspace) error {
	for _, w := range workspaces {
		for more := true; more; {
			if err := s.Store.Tenant(w.ID).Write(ctx, func(tx *models.Tx) (err error) {
				more, err = expire(tx, w.Settings.Windows)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// enqueueOverdue puts in every conversation with something that should have been written before a time.
func (s *Service) enqueueOverdue(ctx context.Context, tx *models.Tx, before time.Time) error {
	ids, err := tx.OverdueConversations(before)
	if err != nil {
		return err
	}
	asks, err := tx.OverdueRequests(before, before.Add(overdue-workflowPatience))
	if err != nil {
		return err
	}
	replies, err := tx.OverdueReplies(before)
	if err != nil {
		return err
	}
	ids = slices.Compact(slices.Sorted(slices.Values(slices.Concat(ids, asks, replies))))
	sqlTx, err := tx.SQL()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.queue.EnqueueOnceTx(ctx, sqlTx, jobs.Sync{Workspace: tx.Workspace, Conversation: id}); err != nil {
			return err
		}
	}
	return nil
}
