package survey

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"rerate/internal/intercom"
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
		effect := &effect{s: s, client: client, workspace: w, read: &read, rating: ratings[i],
			history: models.HistoryOf(ratings, read.ID, ratings[i].ContactID), ratings: ratings}
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
// remark and a crash in between go by.
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

// outcome is what became of an attempt.
type outcome struct {
	state  models.WriteBackState
	detail string
	retry  error // non-nil: the job has to run again
}

func done(detail string, args ...any) outcome {
	return outcome{state: models.Done, detail: fmt.Sprintf(detail, args...)}
}

// giveUpAfter is how long a write-back is tried before a person has to look. An outage of Intercom is shorter.
const giveUpAfter = 3 * 24 * time.Hour

func saveOutcome(tx *models.Tx, w models.WriteBack, o outcome) error {
	w.State, w.Detail = o.state, o.detail
	if o.state == models.Waiting && tx.Now.Sub(w.DueAt) > giveUpAfter {
		w.State = models.GaveUp
	}
	if w.State != models.Waiting {
		w.DoneAt = &tx.Now
	}
	return tx.SaveWriteBack(w)
}

// outcomeOf turns a failure into what becomes of the attempt, in words that say what to do.
func outcomeOf(tx *models.Tx, cause error) (outcome, error) {
	var failed *intercom.Error
	if !errors.As(cause, &failed) {
		return outcome{state: models.Waiting, detail: "It did not work this time and is tried again.", retry: cause}, nil
	}
	if wait, limited := failed.RateLimited(); limited {
		return outcome{state: models.Waiting, detail: "Intercom asks us to wait; it is tried again.", retry: jobs.Later{Pause: wait, Cause: cause}}, nil
	}
	switch {
	case failed.Unauthorized():
		return outcome{state: models.Waiting, detail: "Intercom refuses our access. Sign in with Intercom again and it is written."}, tx.TokenInvalid()
	case failed.NotFound():
		return outcome{state: models.GaveUp, detail: "Intercom does not know this conversation or contact any more."}, nil
	case failed.Temporary():
		return outcome{state: models.Waiting, detail: "Intercom did not answer; it is tried again.", retry: cause}, nil
	}
	return outcome{state: models.GaveUp, detail: "Intercom refused it: " + refusedBecause(failed)}, nil
}

func refusedBecause(e *intercom.Error) string {
	if e.Message != "" {
		return strings.TrimSuffix(e.Message, ".") + "."
	}
	return fmt.Sprintf("status %d %s.", e.Status, e.Code)
}

// attribute is a conversation attribute, with what Intercom shows of it.
type attribute struct{ name, kind, description string }

// attributes hold the ratings.
var attributes = []attribute{
	{"First rating", "integer", "Rerate: the first rating of this conversation"},
	{"Latest rating", "integer", "Rerate: the newest rating of this conversation"},
	{"Counted rating", "decimal", "Rerate: the rating that counts under the workspace's policy"},
	{"Rating change", "string", "Rerate: how the newest rating compares with the first"},
}

// writeAttributes sets those attributes that are not right yet: each change is a visible line in the conversation.
func (e effect) writeAttributes(ctx context.Context) (outcome, error) {
	wanted := map[string]any{
		"First rating":   e.history.First().Score.Value,
		"Latest rating":  e.history.Latest().Score.Value,
		"Counted rating": math.Round(100*e.history.Counted(e.workspace.Settings.Policy)) / 100,
		"Rating change":  string(e.history.Change()),
	}
	for name, value := range wanted {
		if fmt.Sprint(e.read.CustomAttributes[name]) == fmt.Sprint(value) {
			delete(wanted, name)
		}
	}
	if len(wanted) == 0 {
		return done("The attributes are right already."), nil
	}
	if err := e.ensureAttributes(ctx); err != nil && !isRefusal(err) {
		return outcome{}, err
	}
	if err := e.client.SetConversationAttributes(ctx, e.read.ID, wanted); err != nil {
		return outcome{}, err
	}
	for name, value := range wanted {
		if e.read.CustomAttributes == nil {
			e.read.CustomAttributes = map[string]any{}
		}
		e.read.CustomAttributes[name] = value
	}
	return done("Set %d conversation attributes.", len(wanted)), nil
}

// isRefusal reports whether Intercom says no for good, as it does to an app that may not list or make attributes.
// Somebody may have made them by hand, so setting them is tried all the same.
func isRefusal(err error) bool {
	var failed *intercom.Error
	return errors.As(err, &failed) && !failed.Temporary() && !failed.Unauthorized()
}

// ensureAttributes creates the attributes that the workspace does not have yet; Intercom refuses unknown ones. A job of
// another conversation may do the same at the same time, so a refusal counts only if the attribute is still missing.
func (e effect) ensureAttributes(ctx context.Context) error {
	missing, err := e.missingAttributes(ctx)
	if err != nil {
		return err
	}
	var refused error
	for _, a := range missing {
		if _, err := e.client.CreateConversationAttribute(ctx, a.name, a.kind, a.description); err != nil {
			refused = err
		}
	}
	if refused == nil {
		return nil
	}
	if missing, err = e.missingAttributes(ctx); err != nil || len(missing) == 0 {
		return err
	}
	return refused
}

func (e effect) missingAttributes(ctx context.Context) ([]attribute, error) {
	known, err := e.client.ConversationAttributes(ctx)
	return slices.DeleteFunc(slices.Clone(attributes), func(a attribute) bool {
		return slices.ContainsFunc(known, func(k intercom.ConversationAttribute) bool { return k.Name == a.name })
	}), err
}

// eventName is the data event on the contact.
const eventName = "rated-conversation"

func (e effect) writeEvent(ctx context.Context) (outcome, error) {
	first := e.history.First()
	err := e.client.CreateEvent(ctx, intercom.Event{
		Name: eventName, At: e.rating.At, ContactID: e.rating.ContactID,
		Metadata: map[string]any{
			"rating": e.rating.Score, "options": e.rating.Scale, "first_rating": first.Score.Value,
			"change": string(e.rating.Change), "conversation_id": e.rating.ConversationID,
		},
	})
	return done("Recorded the event %s on the contact.", eventName), err
}

func (e effect) writeTag(ctx context.Context) (outcome, error) {
	name := e.workspace.Settings.WriteBack.Tag
	if name == "" {
		return outcome{state: models.Skipped, detail: "The tag has been switched off since."}, nil
	}
	if slices.ContainsFunc(e.read.Tags, func(t intercom.Tag) bool { return strings.EqualFold(t.Name, name) }) {
		return done("The conversation has the tag %q already.", name), nil
	}
	tag, err := e.client.CreateTag(ctx, name)
	if err != nil {
		return outcome{}, err
	}
	return done("Tagged the conversation %q.", name), e.client.TagConversation(ctx, e.read.ID, tag.ID, e.workspace.InstallerID)
}

// mirror answers Intercom's own rating request with the new score, where one is open (API 2.17).
func (e effect) mirror(ctx context.Context) (outcome, error) {
	score := e.rating.Value().On(nativeScale)
	err := e.client.RateConversation(ctx, e.read.ID, e.rating.ContactID, score, e.rating.Remark)
	return done("Intercom's own rating is now %d of %d.", score, nativeScale), err
}

// nativeOutcome softens a refusal: that Intercom has no open request, or has locked it, says nothing against our
// own rating.
func nativeOutcome(o outcome, cause error) outcome {
	var failed *intercom.Error
	if o.state == models.GaveUp && errors.As(cause, &failed) {
		return outcome{state: models.Skipped, detail: "Could not mirror into Intercom's own rating: " + refusedBecause(failed)}
	}
	return o
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
