package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// planWriteBack decides what is written to Intercom for a new answer, once the undo time is over. A first job
// reads the conversation at once, so that the answer counts without delay.
func (s *Service) planWriteBack(ctx context.Context, tx *models.Tx, r models.Rating, settings models.Settings) error {
	due := settings.Windows.UndoEnds(tx.Now)
	if err := tx.WriteLater(r, due, plannedKinds(r, settings)...); err != nil {
		return err
	}
	if err := s.enqueueSync(ctx, tx, r.ConversationID, jobs.Now); err != nil || due.Equal(tx.Now) {
		return err
	}
	return s.enqueueSync(ctx, tx, r.ConversationID, due)
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
	if settings.Note == rating.NoteOff {
		return nil
	}
	note, err := tx.WriteBack(r.ID, models.Note)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	begun := note.State != models.Waiting || note.Attempts > 0
	if begun && !note.WithRemark {
		if err := tx.WriteLater(r, tx.Now, models.FollowUp); err != nil {
			return err
		}
	}
	if err := tx.WriteNow(r.ID); err != nil {
		return err
	}
	return s.enqueueSync(ctx, tx, r.ConversationID, jobs.Now)
}

// RetryWriteBacks tries again what was given up for a rating.
func (s *Service) RetryWriteBacks(ctx context.Context, workspace, ratingID string) error {
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
	workspaces, err := s.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		if !w.Connected() {
			continue
		}
		if err := s.Store.Tenant(w.ID).Write(ctx, func(tx *models.Tx) error {
			return s.enqueueOverdue(ctx, tx, tx.Now.Add(-overdue))
		}); err != nil {
			return err
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
