package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// writeBack writes everything that is due for a conversation that was just read.
func (s *Service) writeBack(ctx context.Context, tenant models.Tenant, w models.Workspace, client *intercom.Client, read intercom.Conversation) error {
	due, err := tenant.DueWriteBacks(ctx, read.ID)
	if err != nil || len(due) == 0 {
		return err
	}
	ratings, err := tenant.RatingsOf(ctx, read.ID)
	if err != nil {
		return err
	}
	slices.SortStableFunc(due, func(a, b models.WriteBack) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	var failed []error
	for _, item := range due {
		i := slices.IndexFunc(ratings, func(r models.Rating) bool { return r.ID == item.RatingID })
		if i < 0 {
			continue
		}
		effect := &effect{
			s: s, client: client, workspace: w, read: &read, rating: ratings[i],
		}
		if err := effect.perform(ctx, tenant, item); err != nil {
			failed = append(failed, err)
			var later jobs.Later
			if errors.As(err, &later) {
				break
			}
		}
	}
	return errors.Join(failed...)
}

// order is how the kinds are written: people first.
var order = []models.WriteBackKind{
	models.Note, models.FollowUp, models.Attributes, models.DataEvent, models.Tag, models.NativeRating,
}

// effect is one thing being written for one rating.
type effect struct {
	s         *Service
	client    *intercom.Client
	workspace models.Workspace
	read      *intercom.Conversation
	rating    models.Rating
	history   rating.History // of the rating's contact
	ratings   []models.Rating

	quotedBefore bool // the attempt before this one quoted the remark
}

// perform begins the attempt durably, writes, and stores what became of it. The begun attempt is what a later
// remark and a crash in between go by. What is written is what holds when it begins.
func (e *effect) perform(ctx context.Context, tenant models.Tenant, item models.WriteBack) error {
	if why := e.pointless(); why != "" {
		return tenant.Write(ctx, func(tx *models.Tx) error {
			return saveOutcome(tx, item, outcome{state: models.Skipped, detail: why})
		})
	}
	begun := false
	err := tenant.Write(ctx, func(tx *models.Tx) (err error) {
		begun, err = e.begin(tx, &item)
		return err
	})
	if err != nil || !begun {
		return err
	}
	done, cause := e.write(ctx, tenant, &item)
	err = tenant.Write(context.WithoutCancel(ctx), func(tx *models.Tx) (err error) {
		if again, err := moreToSay(tx, item); err != nil || again {
			return err
		}
		if cause != nil {
			if done, err = outcomeOf(tx, cause); err != nil {
				return err
			}
			if item.Kind == models.NativeRating {
				done = nativeOutcome(done, cause)
			}
		}
		return saveOutcome(tx, item, done)
	})
	return errors.Join(err, done.retry)
}

// moreToSay reports whether somebody had more to say while the attempt ran: then its outcome is not the last word, and what
// they put in writes it anew.
func moreToSay(tx *models.Tx, item models.WriteBack) (bool, error) {
	if _, err := tx.Conversation(item.ConversationID); err != nil {
		return false, err
	}
	now, err := tx.WriteBack(item.RatingID, item.Kind)
	return now.State == models.Waiting && now.Attempts < item.Attempts, err
}

// begin stores that an attempt has begun and whether it will quote a remark. It waits for a tap that is being
// stored, so that a remark is either in this attempt or planned to follow it. It answers false when there is
// nothing to write any more.
func (e *effect) begin(tx *models.Tx, item *models.WriteBack) (bool, error) {
	if _, err := tx.Conversation(e.rating.ConversationID); err != nil {
		return false, err
	}
	var err error
	if e.rating, err = tx.Rating(e.rating.ID); err != nil {
		return false, err
	}
	if e.ratings, err = tx.RatingsOf(e.rating.ConversationID); err != nil {
		return false, err
	}
	e.history = models.HistoryOf(e.ratings, e.rating.ConversationID, e.rating.ContactID)
	if *item, err = tx.WriteBack(item.RatingID, item.Kind); err != nil || item.State != models.Waiting {
		return false, err
	}
	e.quotedBefore = item.WithRemark
	item.Attempts++
	item.WithRemark = e.rating.RemarkAt != nil
	return true, tx.SaveWriteBack(*item)
}

// pointless says why nothing is written for a rating that does not count, or is empty.
func (e effect) pointless() string {
	switch e.rating.WhyNot {
	case models.Unverified:
		return "Intercom does not list this contact in the conversation, so the rating is left out and not told of."
	case models.Suspect:
		return "The rating is suspect, so it is left out and not told of."
	case models.Void:
		return "The rating was taken out of the figures."
	case models.Undone:
		return "The customer chose again within the undo time."
	case models.Valid, models.Test:
	}
	return ""
}

func (e effect) write(ctx context.Context, tenant models.Tenant, item *models.WriteBack) (outcome, error) {
	switch item.Kind {
	case models.Note:
		return e.writeNote(ctx, item)
	case models.FollowUp:
		return e.writeFollowUp(ctx, tenant)
	case models.Attributes:
		return e.writeAttributes(ctx)
	case models.DataEvent:
		return e.writeEvent(ctx)
	case models.Tag:
		return e.writeTag(ctx)
	case models.NativeRating:
		return e.mirror(ctx)
	}
	return outcome{}, fmt.Errorf("unknown write-back %q", item.Kind)
}
