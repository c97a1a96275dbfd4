package survey

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"rerate/internal/jobs"
	"rerate/models"
)

// Verdict is what an admin decides of one rating, by hand.
type Verdict struct {
	Rating string // its id
	By     string // the admin's name
	Reason string // in the admin's words; leaving out needs one
}

// MaxReason is the longest reason, in characters.
const MaxReason = 500

// CountRating puts a rating that is suspect or was left out into the figures.
func (s *Service) CountRating(ctx context.Context, workspace string, v Verdict) error {
	return s.judge(ctx, workspace, v, func(a *answering, r models.Rating) error {
		if r.WhyNot != models.Suspect && r.WhyNot != models.Void {
			return Error{Code: Conflict, Sentence: "Only a rating that is suspect or was left out can be counted by hand."}
		}
		whyNot, err := a.validity()
		if err != nil {
			return err
		}
		was := r.WhyNot
		r.WhyNot = whyNot
		r.Doubt = withVerdict(r.Doubt, "Counted by "+v.By, v.Reason)
		if err := a.tx.Judge(r); err != nil {
			return err
		}
		if a.request.ID != "" {
			if err := a.tx.RequestRated(a.request.ID); err != nil && !errors.Is(err, models.ErrNoTransition) {
				return err
			}
		}
		if err := planWriteBack(a.tx, r, a.settings); err != nil {
			return err
		}
		if err := a.s.tellCounts(ctx, a.tx, r, was); err != nil {
			return err
		}
		return a.tx.RetryWriteBacks(r.ID, models.Skipped)
	})
}

// LeaveOutRating takes a rating out of the figures, for a reason.
func (s *Service) LeaveOutRating(ctx context.Context, workspace string, v Verdict) error {
	if strings.TrimSpace(v.Reason) == "" {
		return Error{Code: Invalid, Sentence: "Say why the rating is left out, so that others can follow."}
	}
	return s.judge(ctx, workspace, v, func(a *answering, r models.Rating) error {
		if !r.Valid() {
			return Error{Code: Conflict, Sentence: "The rating does not count already."}
		}
		if err := a.tx.SkipWriteBacks(r.ID, "The rating was taken out of the figures."); err != nil {
			return err
		}
		r.WhyNot, r.Doubt = models.Void, withVerdict(r.Doubt, "Left out by "+v.By, v.Reason)
		if err := a.tx.Judge(r); err != nil {
			return err
		}
		return s.tellLeftOut(ctx, a.tx, r)
	})
}

// judge reads a rating with what it is judged by, lets decide do it, and has Intercom brought in line: what it holds of
// the conversation may speak of other ratings now.
func (s *Service) judge(ctx context.Context, workspace string, v Verdict, decide func(*answering, models.Rating) error) error {
	if utf8.RuneCountInString(v.Reason) > MaxReason {
		return Error{Code: Invalid, Sentence: "The reason is too long: please use 500 characters at most."}
	}
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		r, err := tx.Rating(v.Rating)
		if err != nil {
			return err
		}
		a := &answering{s: s, ctx: ctx, tx: tx, source: r.Source, locale: r.Locale, contact: models.Contact{ID: r.ContactID}}
		if a.conversation, err = tx.Conversation(r.ConversationID); err != nil {
			return err
		}
		if r, err = tx.Rating(v.Rating); err != nil { // as it stands now that nobody else writes
			return err
		}
		if a.settings, err = tx.Settings(); err != nil {
			return err
		}
		if a.request, err = tx.Request(r.RequestID); err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		if err := decide(a, r); err != nil {
			return err
		}
		if err := a.attributesAgain(); err != nil {
			return err
		}
		return s.enqueueSync(ctx, tx, r.ConversationID, jobs.Now)
	})
}

// attributesAgain has the conversation's attributes in Intercom written anew, for the contact's newest valid rating.
// Where none is left they stay as they are.
func (a *answering) attributesAgain() error {
	ratings, err := a.tx.RatingsOf(a.conversation.ID)
	if err != nil || !a.settings.WriteBack.Attributes {
		return err
	}
	history := models.HistoryOf(ratings, a.conversation.ID, a.contact.ID)
	if history == nil {
		return nil
	}
	for _, r := range ratings {
		if r.ID == history.Latest().ID {
			return a.tx.WriteAgain(r, a.tx.Now, models.Attributes)
		}
	}
	return nil
}

// withVerdict adds to what is known of a rating what an admin has decided and why.
func withVerdict(known, decided, reason string) string {
	if reason = strings.TrimSpace(reason); reason != "" {
		decided += ": " + strings.TrimSuffix(reason, ".")
	}
	return strings.TrimSpace(known + " " + decided + ".")
}
