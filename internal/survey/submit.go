package survey

import (
	"context"
	"errors"

	"rerate/internal/intercom/canvas"
	"rerate/models"
)

// Submit answers a tap of a customer. What it stores is durable before it answers, and it never calls Intercom.
// A tap that cannot be honoured gets a canvas that says so, and stores nothing.
func (s *Service) Submit(ctx context.Context, in canvas.MessengerSubmit) (canvas.SubmitResponse, error) {
	locale := in.Context.Locale
	unusable := canvas.SubmitResponse{Canvas: plain(wordsFor(locale).unusable)}
	state, err := s.openState(in.WorkspaceID, in.CurrentCanvas)
	if err == nil && state.Home || onHome(in) {
		return s.submitOnHome(ctx, in)
	}
	if err != nil {
		s.Log.InfoContext(ctx, "card with unusable state", "workspace", in.WorkspaceID, "why", err)
		refuse(ctx, "The card's state is not one that Rerate sealed for this workspace: it was changed, or its key is no longer known.")
		return unusable, nil
	}
	answered(ctx).Conversation = state.Conversation
	if state.Conversation == "" {
		mention(ctx, "A tap on the preview of a card; nothing is stored for it.")
		return canvas.SubmitResponse{Canvas: plain(wordsFor(locale).preview)}, nil
	}
	if named := in.Context.ConversationID; named != "" && named != state.Conversation {
		refuse(ctx, "The card was made for another conversation than the one that Intercom names.")
		return unusable, nil
	}
	var answer canvas.SubmitResponse
	rows := models.Act{Conversation: state.Conversation}
	if in.Person != nil {
		rows.Contact, rows.Email = in.Person.ID, in.Person.Email
	}
	err = s.Store.Tenant(in.WorkspaceID).Together(ctx, rows, func(tx *models.Tx) error {
		if err := s.hasInstalled(tx.Get()); err != nil {
			return err
		}
		tap, err := s.newTap(ctx, tx, in, state)
		if err != nil {
			return err
		}
		said, err := tap.act(in.ComponentID, in.InputValues)
		if err != nil {
			return err
		}
		listStage(ctx, said.stage)
		answer, err = tap.draw(said)
		return err
	})
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
		refuse(ctx, refusal.why)
		return plain(refusal.text)
	case errors.As(cause, &refusal):
		refuse(ctx, refusal.why)
		return withNotice(in.CurrentCanvas, refusal.text)
	case errors.As(cause, &told):
		refuse(ctx, told.Sentence)
		return withNotice(in.CurrentCanvas, wordsFor(in.Context.Locale).unusable) // its sentence is for the team
	}
	s.Log.ErrorContext(ctx, "a tap could not be stored", "workspace", in.WorkspaceID, "error", cause)
	failCall(ctx, "Rerate could not store the tap, and asked the customer to try again.")
	return withNotice(in.CurrentCanvas, wordsFor(in.Context.Locale).tryAgain)
}

// tap is one submit of the card.
type tap struct {
	*answering
	card card
}

func (s *Service) newTap(ctx context.Context, tx *models.Tx, in canvas.MessengerSubmit, state cardState) (tap, error) {
	a := &answering{
		s: s, ctx: ctx, tx: tx, locale: in.Context.Locale,
		seen: seen{Contact: state.Contact, Revision: state.Revision, Changing: state.Changing},
	}
	var err error
	if a.conversation, err = tx.Conversation(state.Conversation); err != nil {
		return tap{}, err
	}
	if err := a.takeRequest(state.Request); err != nil {
		return tap{}, err
	}
	a.source = a.request.Method.Source()
	if in.Person != nil {
		if err := a.takePerson(*in.Person); err != nil {
			return tap{}, err
		}
	}
	return tap{a, newCard(a.wording.Body, a.locale)}, a.takeLatest()
}

// takePerson notes who tapped. A teammate's own tap never counts.
func (a *answering) takePerson(p canvas.Person) error {
	a.contact = models.Contact{ID: p.ID, ExternalID: p.ExternalID, Role: p.Role, Email: p.Email, Name: p.Name}
	own, err := a.tx.HasTeammateEmail(p.Email)
	if err != nil {
		return err
	}
	if own || p.Type == "admin" {
		return refusal{text: wordsFor(a.locale).ownTap, why: "A teammate tapped the card; only customers can rate."}
	}
	return nil
}

// act does what the tapped component stands for.
func (t tap) act(component string, values canvas.InputValues) (said, error) {
	if component != scaleID && t.latest == nil {
		// Somebody else's answer is on the card, as in a group conversation: this contact has none yet.
		return said{stage: asks}, nil
	}
	switch component {
	case scaleID:
		score, err := t.score(values.Get(scaleID))
		if err != nil {
			return said{}, err
		}
		return t.rate(score)
	case changeID:
		return t.changeMind(), nil
	case sendRemarkID:
		return t.remark(values.Get(remarkID))
	case whatChangedID:
		return t.whatChanged(values.Get(whatChangedID))
	}
	return said{}, refusal{t.card.words.unusable, true, "The card has no such button."}
}

// draw is the card that answers the tap.
func (t tap) draw(s said) (canvas.SubmitResponse, error) {
	switch s.stage {
	case asks:
		return t.show(cardState{}, t.card.ask())
	case asksAgain:
		return t.show(cardState{Contact: t.contact.ID, Revision: t.latest.Revision, Changing: true}, t.card.ask())
	case lateToRate:
		return canvas.SubmitResponse{Canvas: canvas.Canvas{Content: ptr(t.card.tooLate(nil))}}, nil
	case lateToChange:
		return t.show(t.answered(), t.card.tooLate(&given{score: t.latest.Value()}))
	case replaced:
		return canvas.SubmitResponse{Canvas: plain(t.card.words.replaced)}, nil
	case saved, finished:
	}
	answer, err := t.show(t.answered(), t.card.saved(given{
		score: t.latest.Value(), remarked: t.latest.RemarkAt != nil || s.stage == finished, mayChange: t.mayChange(),
		askWhat: s.stage == saved && t.asksWhatChanged(), remarkProblem: s.problem,
	}))
	if s.stage == finished || !t.wording.Body.Remarks.Enabled || t.latest.RemarkAt != nil {
		answer.Event = canvas.Completed
	}
	return answer, err
}

// answered is the state of a card that shows the newest answer.
func (t tap) answered() cardState {
	return cardState{Contact: t.contact.ID, Revision: t.latest.Revision}
}

// show seals the state of this conversation and request into a canvas.
func (t tap) show(state cardState, shown canvas.Content) (canvas.SubmitResponse, error) {
	state.Conversation, state.Request = t.conversation.ID, t.request.ID
	c, err := t.s.withState(t.tx.Workspace, state, shown)
	return canvas.SubmitResponse{Canvas: c}, err
}

func ptr[T any](v T) *T { return &v }
