package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
	"rerate/models"
)

// The component ids of the card for open feedback.
const (
	feedbackID      = "feedback"
	feedbackScoreID = "feedback_score"
	sendFeedbackID  = "send_feedback"
)

// onHome reports whether a tap comes from Home's live card without its stored data. Intercom's pages do not say whether
// they come along; the card's state says nothing but that it is this card.
func onHome(in canvas.MessengerSubmit) bool {
	return in.Context.Location == canvas.LocationHome && in.Context.ConversationID == "" && in.CurrentCanvas.StoredData.Text(stateKey) == ""
}

// submitOnHome answers a tap on the card of Messenger Home before anything is answered there. After a rating the card is
// one like any other, with a conversation in its state.
func (s *Service) submitOnHome(ctx context.Context, in canvas.MessengerSubmit) (canvas.SubmitResponse, error) {
	tenant := s.Store.Tenant(in.WorkspaceID)
	var answer canvas.SubmitResponse
	err := s.installed(ctx, tenant)
	if err == nil {
		err = s.notATeammate(ctx, tenant, in)
	}
	if err == nil {
		switch in.ComponentID {
		case scaleID:
			answer, err = s.rateOnHome(ctx, tenant, in)
		case sendFeedbackID:
			answer, err = s.takeFeedback(ctx, tenant, in)
		default:
			err = refusal{text: wordsFor(in.Context.Locale).unusable, why: "The card on Home has no such button."}
		}
	}
	if err != nil {
		return canvas.SubmitResponse{Canvas: s.refusedOnHome(ctx, in, err)}, nil
	}
	return answer, nil
}

func (s *Service) notATeammate(ctx context.Context, tenant models.Tenant, in canvas.MessengerSubmit) error {
	if in.Person == nil {
		return nil
	}
	teammate, err := s.isTeammate(ctx, tenant, in.Person)
	if err == nil && teammate {
		return refusal{text: wordsFor(in.Context.Locale).ownTap, why: "A teammate tapped the card on Home; only customers can rate."}
	}
	return err
}

// refusedOnHome says why a tap is not taken. What Home shows is asked for anew at the next look, so nothing of the card
// need stay.
func (s *Service) refusedOnHome(ctx context.Context, in canvas.MessengerSubmit, cause error) canvas.Canvas {
	var refusal refusal
	var told Error
	switch {
	case errors.As(cause, &refusal):
		refuse(ctx, refusal.why)
		return plain(refusal.text)
	case errors.As(cause, &told):
		refuse(ctx, told.Sentence)
		return plain(wordsFor(in.Context.Locale).unusable)
	}
	s.Log.ErrorContext(ctx, "a tap on Home could not be stored", "workspace", in.WorkspaceID, "error", cause)
	failCall(ctx, "Rerate could not store the tap, and asked the customer to try again.")
	return plain(wordsFor(in.Context.Locale).tryAgain)
}

// rateOnHome records a tap on the scale: for the conversation that was offered to this contact last, once. A body that
// comes again finds the offer used and shows the answer that it led to.
func (s *Service) rateOnHome(ctx context.Context, tenant models.Tenant, in canvas.MessengerSubmit) (answer canvas.SubmitResponse, err error) {
	words := wordsFor(in.Context.Locale)
	if in.Person == nil || in.Person.ID == "" {
		return answer, refusal{text: words.home, why: "Intercom did not say who tapped the card on Home."}
	}
	card, err := in.CurrentCanvas.Content()
	if err != nil {
		return answer, refusal{text: words.home, why: "What the card on Home shows cannot be read."}
	}
	shown := offeredLook(card)
	err = tenant.Write(ctx, func(tx *models.Tx) error {
		look, err := tx.HomeLook(in.Person.ID)
		if errors.Is(err, models.ErrNotFound) || err == nil && shown != "" && shown != look.ID {
			return refusal{text: words.home, why: "The card on Home offered this contact no conversation to rate, or another one since."}
		} else if err != nil {
			return err
		}
		request, err := s.homeRequest(tx, look, in)
		if err != nil {
			return err
		}
		tap, err := s.newTap(ctx, tx, in, cardState{Conversation: look.ConversationID, Request: request.ID})
		if err != nil {
			return err
		}
		said, err := tap.act(scaleID, in.InputValues)
		if err != nil {
			return err
		}
		listStage(ctx, said.stage)
		answer, err = tap.draw(said)
		return err
	})
	return answer, err
}

// homeRequest is the request that the tap answers: a new one where the offer has not been used, else the one that its
// use led to. Looking at Home is no ask, so the request is made by the tap: seen, and rated in the same breath.
func (s *Service) homeRequest(tx *models.Tx, look models.HomeLook, in canvas.MessengerSubmit) (models.Request, error) {
	words := wordsFor(in.Context.Locale)
	conversation, err := tx.Conversation(look.ConversationID)
	if err != nil {
		return models.Request{}, err
	}
	fresh, err := tx.UseHomeLook(look)
	if err != nil {
		return models.Request{}, err
	}
	if !fresh {
		return usedRequest(tx, look, words)
	}
	if first, err := tx.TakeHomeTap(in.BodyHash); err != nil {
		return models.Request{}, err
	} else if !first {
		return models.Request{}, refusal{text: words.home, why: "The same tap came before, for a conversation that Home offered then."}
	}
	settings, err := tx.Settings()
	if err != nil {
		return models.Request{}, err
	}
	if may, err := homeOffers(tx, settings, conversation, *in.Person); err != nil {
		return models.Request{}, err
	} else if !may {
		return models.Request{}, refusal{text: words.tooLateToRate, why: "The conversation that Home offered cannot be rated there any more."}
	}
	wording, err := tx.Wording()
	if err != nil {
		return models.Request{}, err
	}
	if _, onScale := newCard(wording.Body, "").scoreOf(in.InputValues.Get(scaleID)); !onScale {
		return models.Request{}, refusal{text: words.unusable, why: "The card has no such choice."} // or there would be a request that nobody answered
	}
	return tx.HomeRequest(conversation, look.ContactID, wording.Version, settings.TestMode)
}

func usedRequest(tx *models.Tx, look models.HomeLook, words words) (models.Request, error) {
	requests, err := tx.RequestsOf(look.ConversationID)
	if err != nil {
		return models.Request{}, err
	}
	for i := len(requests) - 1; i >= 0; i-- {
		if r := requests[i]; r.Method == models.ByHome && r.ContactID == look.ContactID {
			return r, nil
		}
	}
	return models.Request{}, refusal{text: words.home, why: "What Home offered was answered, and its request is gone."}
}

// feedbackForm is what somebody has filled into the card for open feedback, and what is wrong with it.
type feedbackForm struct {
	text, score string
	problem     string
}

// feedback is the card for open feedback.
func (c homeCardShown) feedback(f feedbackForm) canvas.Content {
	parts := []canvas.Component{canvas.Text{ID: "question", Text: c.home.feedback, Style: "header", Align: "center"}}
	if f.problem != "" {
		parts = append(parts, canvas.Text{Text: f.problem, Style: "error"})
	}
	return content(append(parts,
		canvas.SingleSelect{ID: feedbackScoreID, Label: c.home.score, Options: c.options(), Value: f.score},
		canvas.TextArea{ID: feedbackID, Label: c.home.about, Value: f.text, Error: f.problem != ""},
		canvas.Button{ID: sendFeedbackID, Label: c.home.sendIt, Style: "primary", Action: canvas.Submit{}})...)
}

// takeFeedback stores open feedback. The same words and score of the same contact are the same feedback, however often
// they arrive.
func (s *Service) takeFeedback(ctx context.Context, tenant models.Tenant, in canvas.MessengerSubmit) (answer canvas.SubmitResponse, err error) {
	person := canvas.Person{}
	if in.Person != nil {
		person = *in.Person
	}
	err = tenant.Write(ctx, func(tx *models.Tx) error {
		wording, err := tx.Wording()
		if err != nil {
			return err
		}
		c := newHomeCard(wording.Body, in.Context.Locale)
		form, score := c.readFeedback(in.InputValues)
		if form.problem != "" {
			answer.Canvas, err = s.withState(tx.Workspace, cardState{Home: true}, c.feedback(form))
			return err
		}
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		if person.ID != "" {
			contact := models.Contact{ID: person.ID, ExternalID: person.ExternalID, Role: person.Role, Email: storable(person.Email), Name: storable(person.Name)}
			if err := tx.SaveContact(contact); err != nil {
				return err
			}
		}
		stored := models.Feedback{
			Source: models.FromHome, SourceKey: feedbackKey(person.ID, form), Text: form.text, ContactID: person.ID,
			Locale: in.Context.Locale, Test: settings.TestMode,
		}
		c.chosen(&stored, score)
		if _, err := tx.AddFeedback(stored); err != nil {
			return err
		}
		answer = canvas.SubmitResponse{Canvas: plain("✅ " + c.home.thanks), Event: canvas.Completed}
		return nil
	})
	return answer, err
}

// chosen puts a score into feedback as whoever chose it saw it; a value of 0 is none.
func (c card) chosen(f *models.Feedback, score rating.Score) {
	if score.Value == 0 {
		return
	}
	option := c.wording.Options[score.Value-1]
	f.Score, f.Scale, f.Emoji, f.Label = score.Value, score.Of, option.Emoji, option.Label
}

// readFeedback reads the form, keeping what was typed where it cannot be taken. A score of value 0 is none.
func (c homeCardShown) readFeedback(values canvas.InputValues) (f feedbackForm, score rating.Score) {
	f.text = strings.TrimSpace(values.Get(feedbackID))
	score, onScale := c.scoreOf(values.Get(feedbackScoreID))
	if onScale {
		f.score = strconv.Itoa(score.Value)
	}
	switch {
	case !storableRemark(f.text):
		f.text, f.problem = storable(f.text), c.home.tooLong
	case f.text == "" && !onScale:
		f.problem = c.home.empty
	}
	return f, score
}

func feedbackKey(contact string, f feedbackForm) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%q %q %q", contact, f.text, f.score)))
	return "home:" + hex.EncodeToString(sum[:])
}
