package survey

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
	"rerate/models"
)

// Submit answers a tap of a customer. What it stores is durable before it answers, and it never calls Intercom.
// A tap that cannot be honoured gets a canvas that says so, and stores nothing.
func (s *Service) Submit(ctx context.Context, in canvas.MessengerSubmit) (canvas.SubmitResponse, error) {
	locale := in.Context.Locale
	unusable := canvas.SubmitResponse{Canvas: plain(wordsFor(locale).unusable)}
	state, err := s.openState(in.WorkspaceID, in.CurrentCanvas)
	if err != nil {
		s.Log.InfoContext(ctx, "card with unusable state", "workspace", in.WorkspaceID, "why", err)
		return unusable, nil
	}
	if state.Conversation == "" {
		return canvas.SubmitResponse{Canvas: plain(wordsFor(locale).preview)}, nil
	}
	if named := in.Context.ConversationID; named != "" && named != state.Conversation {
		return unusable, nil
	}
	var answer canvas.SubmitResponse
	err = s.installed(ctx, s.Store.Tenant(in.WorkspaceID))
	if err == nil {
		err = s.Store.Tenant(in.WorkspaceID).Write(ctx, func(tx *models.Tx) error {
			tap, err := s.newTap(ctx, tx, in, state)
			if err != nil {
				return err
			}
			answer, err = tap.answer(in.ComponentID, in.InputValues)
			return err
		})
	}
	if err != nil {
		return canvas.SubmitResponse{Canvas: s.refused(ctx, in, err)}, nil
	}
	return answer, nil
}

// refused says why a tap is not taken. What answers a tap takes the card's place for everybody in the conversation,
// so a card that somebody may still use stays under the sentence.
func (s *Service) refused(ctx context.Context, in canvas.MessengerSubmit, cause error) canvas.Canvas {
	var refusal refusal
	var told Error
	switch {
	case errors.As(cause, &refusal) && refusal.cardIsDone:
		return plain(refusal.text)
	case errors.As(cause, &refusal):
		return withNotice(in.CurrentCanvas, refusal.text)
	case errors.As(cause, &told):
		return withNotice(in.CurrentCanvas, wordsFor(in.Context.Locale).unusable) // its sentence is for the team
	}
	s.Log.ErrorContext(ctx, "a tap could not be stored", "workspace", in.WorkspaceID, "error", cause)
	return withNotice(in.CurrentCanvas, wordsFor(in.Context.Locale).tryAgain)
}

// refusal ends a transaction without storing anything and says why in the customer's language.
type refusal struct {
	text       string
	cardIsDone bool // nobody can use the card any more
}

func (r refusal) Error() string { return r.text }

// tap is one submit of the card, with everything it is decided by.
type tap struct {
	s            *Service
	ctx          context.Context
	tx           *models.Tx
	state        cardState
	settings     models.Settings
	conversation models.Conversation
	request      models.Request
	contact      models.Contact // no ID: Intercom did not say who tapped
	card         card
	wording      models.Wording
	locale       string
	latest       *models.Rating // the contact's newest answer to this request
}

func (s *Service) newTap(ctx context.Context, tx *models.Tx, in canvas.MessengerSubmit, state cardState) (*tap, error) {
	t := &tap{s: s, ctx: ctx, tx: tx, state: state, locale: in.Context.Locale}
	words := wordsFor(t.locale)
	var err error
	if t.conversation, err = tx.Conversation(state.Conversation); err != nil {
		return nil, err
	}
	t.request, err = tx.Request(state.Request)
	if errors.Is(err, models.ErrNotFound) || t.conversation.DeletedAt != nil {
		return nil, refusal{words.unusable, true}
	} else if err != nil {
		return nil, err
	}
	if in.Person != nil {
		p := in.Person
		t.contact = models.Contact{ID: p.ID, ExternalID: p.ExternalID, Role: p.Role, Email: p.Email, Name: p.Name}
		own, err := tx.HasTeammateEmail(p.Email)
		if err != nil {
			return nil, err
		}
		if own || p.Type == "admin" {
			return nil, refusal{text: words.ownTap}
		}
	}
	if t.settings, err = tx.Settings(); err != nil {
		return nil, err
	}
	if t.wording, err = tx.WordingVersion(t.request.WordingVersion); err != nil {
		return nil, fmt.Errorf("reading wording version %d: %w", t.request.WordingVersion, err)
	}
	t.card = newCard(t.wording.Body, t.locale)
	latest, err := tx.LatestAnswer(t.request.ID, t.contact.ID)
	if err == nil {
		t.latest = &latest
	} else if !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	return t, nil
}

// current reports whether the card shows the contact's newest answer, or none where there is none. It is false
// for a replayed body and for a card left open in another window.
func (t *tap) current() bool {
	if t.latest == nil {
		return t.state.Revision == 0
	}
	return t.state.Revision == t.latest.Revision && t.state.Contact == t.contact.ID
}

func (t *tap) answer(component string, values canvas.InputValues) (canvas.SubmitResponse, error) {
	if component != scaleID && t.latest == nil {
		// Somebody else's answer is on the card, as in a group conversation: this contact has none yet.
		return t.show(cardState{}, t.card.ask())
	}
	switch component {
	case scaleID:
		return t.rate(values.Get(scaleID))
	case changeID:
		return t.changeMind()
	case sendRemarkID:
		return t.remark(values.Get(remarkID))
	case whatChangedID:
		return t.whatChanged(values.Get(whatChangedID))
	}
	return canvas.SubmitResponse{}, refusal{t.card.words.unusable, true}
}

// rate records a tap on the scale.
func (t *tap) rate(option string) (canvas.SubmitResponse, error) {
	value, err := strconv.Atoi(option)
	score, onScale := t.wording.Body.Score(value)
	if err != nil || !onScale || strconv.Itoa(value) != option {
		return canvas.SubmitResponse{}, refusal{t.card.words.unusable, true}
	}
	if t.latest == nil {
		if !t.current() {
			return t.show(cardState{}, t.card.ask())
		}
		if !t.settings.Windows.MayRate(*t.request.SentAt, t.tx.Now) {
			return canvas.SubmitResponse{Canvas: canvas.Canvas{Content: ptr(t.card.tooLate(nil))}}, nil
		}
		return t.store(score)
	}
	if !t.current() || !t.state.Changing {
		return t.showSaved("")
	}
	if !t.mayChange() {
		return t.showTooLate()
	}
	if t.settings.Windows.Undo(t.latest.At, t.tx.Now) {
		if err := t.undo(*t.latest); err != nil {
			return canvas.SubmitResponse{}, err
		}
	}
	return t.store(score)
}

// undo takes the newest answer out quietly, since another takes its place within the undo time.
func (t *tap) undo(r models.Rating) error {
	if err := t.tx.SkipWriteBacks(r.ID, "The customer chose again within the undo time."); err != nil {
		return err
	}
	return t.tx.SetWhyNot(r, models.Undone)
}

// store records the score as the contact's next answer, with everything that has to follow it.
func (t *tap) store(score rating.Score) (canvas.SubmitResponse, error) {
	whyNot, err := t.validity()
	if err != nil {
		return canvas.SubmitResponse{}, err
	}
	if t.contact.ID != "" {
		if err := t.tx.SaveContact(t.contact); err != nil {
			return canvas.SubmitResponse{}, err
		}
	}
	revision := 1
	if t.latest != nil {
		revision = t.latest.Revision + 1
	}
	option := t.card.wording.Options[score.Value-1]
	stored, _, err := t.tx.AddRating(models.Rating{
		ConversationID: t.conversation.ID, ContactID: t.contact.ID, RequestID: t.request.ID, Revision: revision,
		Source: t.request.Method, SourceKey: fmt.Sprintf("%s:%s:%s:%d", t.request.Method, t.request.ID, t.contact.ID, revision),
		Score: score.Value, Scale: score.Of, Sentiment: score.Sentiment, Emoji: option.Emoji, Label: option.Label,
		WordingVersion: t.wording.Version, Locale: t.locale, At: t.tx.Now, WhyNot: whyNot, Channel: t.conversation.Channel,
	})
	if err != nil {
		return canvas.SubmitResponse{}, err
	}
	if err := t.tx.RequestRated(t.request.ID); err != nil {
		return canvas.SubmitResponse{}, err
	}
	if err := t.s.planWriteBack(t.ctx, t.tx, stored, t.settings); err != nil {
		return canvas.SubmitResponse{}, err
	}
	t.latest = &stored
	return t.showSaved("")
}

// validity says whether the answer counts at once. Test mode marks it; a contact who is not known to take part in
// the conversation is believed once Intercom has said so.
func (t *tap) validity() (models.WhyNot, error) {
	if t.settings.TestMode {
		return models.Test, nil
	}
	member, err := t.tx.Membership(t.conversation, t.contact.ID)
	if err != nil || member != models.Member {
		return models.Unverified, err
	}
	return models.Valid, nil
}

// changeMind shows the scale again; nothing is stored until another choice is made.
func (t *tap) changeMind() (canvas.SubmitResponse, error) {
	if !t.current() {
		return t.showSaved("")
	}
	if !t.mayChange() {
		return t.showTooLate()
	}
	return t.show(cardState{Contact: t.contact.ID, Revision: t.latest.Revision, Changing: true}, t.card.ask())
}

// remark adds the customer's words to the newest answer, once.
func (t *tap) remark(text string) (canvas.SubmitResponse, error) {
	text = strings.TrimSpace(text)
	if !t.current() || t.latest.RemarkAt != nil || !t.wording.Body.Remarks.Enabled {
		return t.showSaved("")
	}
	if utf8.RuneCountInString(text) > MaxRemark || strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
		return t.showSaved(t.card.words.noFit)
	}
	if text == "" {
		return t.finished()
	}
	if _, err := t.tx.AddRemark(t.latest.ID, text); err != nil {
		return canvas.SubmitResponse{}, err
	}
	if err := t.tx.RequestRemarked(t.request.ID); err != nil {
		return canvas.SubmitResponse{}, err
	}
	if err := t.s.planRemark(t.ctx, t.tx, *t.latest, t.settings); err != nil {
		return canvas.SubmitResponse{}, err
	}
	return t.finished()
}

// whatChanged stores why the customer chose again. Somebody who had tapped wrong has not changed their mind: the
// answer before is taken out.
func (t *tap) whatChanged(reason string) (canvas.SubmitResponse, error) {
	if !t.current() || t.latest.WhatChanged != "" {
		return t.showSaved("")
	}
	switch reason {
	case changedFixed, changedExplained, changedBroken:
	case tappedWrong:
		if err := t.undoBefore(); err != nil {
			return canvas.SubmitResponse{}, err
		}
	default:
		return canvas.SubmitResponse{}, refusal{t.card.words.unusable, true}
	}
	if err := t.tx.SetWhatChanged(t.latest.ID, reason); err != nil {
		return canvas.SubmitResponse{}, err
	}
	t.latest.WhatChanged = reason
	return t.showSaved("")
}

// undoBefore takes out the answer that the newest one replaced.
func (t *tap) undoBefore() error {
	ratings, err := t.tx.RatingsOf(t.conversation.ID)
	if err != nil {
		return err
	}
	for _, r := range ratings {
		if r.RequestID == t.request.ID && r.ContactID == t.contact.ID && r.Revision == t.latest.Revision-1 && r.WhyNot != models.Undone {
			return t.undo(r)
		}
	}
	return nil
}

func (t *tap) mayChange() bool { return t.settings.Windows.MayChange(t.latest.At, t.tx.Now) }

// showSaved shows the newest answer as saved, with what can still be added.
func (t *tap) showSaved(remarkProblem string) (canvas.SubmitResponse, error) {
	shown := t.card.saved(given{
		score: t.latest.Value(), remarked: t.latest.RemarkAt != nil, mayChange: t.mayChange(),
		askWhat: t.latest.Change != rating.First && t.latest.Revision > 1 && t.latest.WhatChanged == "", remarkProblem: remarkProblem,
	})
	answer, err := t.show(cardState{Contact: t.contact.ID, Revision: t.latest.Revision}, shown)
	if !t.wording.Body.Remarks.Enabled || t.latest.RemarkAt != nil {
		answer.Event = canvas.Completed
	}
	return answer, err
}

// finished thanks for the remark, or for leaving it empty.
func (t *tap) finished() (canvas.SubmitResponse, error) {
	shown := t.card.saved(given{score: t.latest.Value(), remarked: true, mayChange: t.mayChange()})
	answer, err := t.show(cardState{Contact: t.contact.ID, Revision: t.latest.Revision}, shown)
	answer.Event = canvas.Completed
	return answer, err
}

func (t *tap) showTooLate() (canvas.SubmitResponse, error) {
	return t.show(cardState{Contact: t.contact.ID, Revision: t.latest.Revision}, t.card.tooLate(&given{score: t.latest.Value()}))
}

// show seals the state of this conversation and request into a canvas.
func (t *tap) show(state cardState, shown canvas.Content) (canvas.SubmitResponse, error) {
	state.Conversation, state.Request = t.conversation.ID, t.request.ID
	c, err := t.s.withState(t.tx.Workspace, state, shown)
	return canvas.SubmitResponse{Canvas: c}, err
}

func ptr[T any](v T) *T { return &v }
