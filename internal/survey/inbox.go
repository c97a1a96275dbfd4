package survey

import (
	"context"
	"encoding/json"
	"errors"

	"rerate/internal/intercom"
	"rerate/internal/intercom/canvas"
	"rerate/internal/jobs"
	"rerate/internal/seal"
	"rerate/models"
)

// The component ids of the sidebar.
const (
	askAgainID       = "ask_again" // puts the card into the teammate's reply
	sendLinkID       = "send_link"
	dontAskID        = "dont_ask"
	mayAskID         = "may_ask"
	recordFeedbackID = "record_feedback"
	saveFeedbackID   = "save_feedback"
	backID           = "back"
)

// inboxState travels sealed in the sidebar's stored_data: what the teammate has seen. A body that is sent again after
// things went on does not fit any more, and changes nothing.
type inboxState struct {
	Conversation string `json:"c"`
	Request      string `json:"r,omitempty"` // the newest request
	Form         string `json:"f,omitempty"` // the feedback form that was opened
}

// InboxInitialize shows beside a conversation what its customers said, why they were asked or not, and what a teammate
// can do.
func (s *Service) InboxInitialize(ctx context.Context, in canvas.InboxInitialize) (canvas.InitializeResponse, error) {
	tenant := s.Store.Tenant(in.WorkspaceID)
	if err := s.installed(ctx, tenant); err != nil {
		return canvas.InitializeResponse{}, err
	}
	if err := s.learnFromInbox(ctx, tenant, in.Conversation); err != nil {
		return canvas.InitializeResponse{}, err
	}
	shown, err := s.sidebar(ctx, tenant, in.ConversationID, notice{})
	return canvas.InitializeResponse{Canvas: shown}, err
}

// InboxSubmit answers a button of the sidebar. It calls nobody: what has to be sent is left to a job.
func (s *Service) InboxSubmit(ctx context.Context, in canvas.InboxSubmit) (answer canvas.InboxSubmitResponse, err error) {
	tenant := s.Store.Tenant(in.WorkspaceID)
	if err := s.installed(ctx, tenant); err != nil {
		return answer, err
	}
	if err := s.learnFromInbox(ctx, tenant, in.Conversation); err != nil {
		return answer, err
	}
	switch in.ComponentID {
	case askAgainID:
		answer.CardCreationOptions = canvas.Values{"card": "rating"}
		answer.Canvas, err = s.sidebar(ctx, tenant, in.ConversationID, notice{text: "The card is in your reply. Press send to ask."})
		return answer, err
	case backID:
		answer.Canvas, err = s.sidebar(ctx, tenant, in.ConversationID, notice{})
		return answer, err
	case recordFeedbackID:
		answer.Canvas, err = s.openFeedback(ctx, tenant, in.ConversationID)
		return answer, err
	}
	state, known := s.openInbox(in)
	var said notice
	switch {
	case !known:
		return answer, Error{Code: Invalid, Sentence: "This button is not known; open the conversation again."}
	case in.ComponentID == sendLinkID:
		said, err = s.sendLink(ctx, tenant, in, state)
	case in.ComponentID == dontAskID:
		said, err = s.setDoNotAsk(ctx, tenant, in.ConversationID, true)
	case in.ComponentID == mayAskID:
		said, err = s.setDoNotAsk(ctx, tenant, in.ConversationID, false)
	case in.ComponentID == saveFeedbackID:
		answer.Canvas, err = s.saveFeedback(ctx, tenant, in, state)
		return answer, err
	default:
		return answer, Error{Code: Invalid, Sentence: "This button is not known; open the conversation again."}
	}
	if err != nil {
		return answer, err
	}
	answer.Canvas, err = s.sidebar(ctx, tenant, in.ConversationID, said)
	return answer, err
}

// openInbox reads the sealed state of the sidebar; false where it is not one of this conversation.
func (s *Service) openInbox(in canvas.InboxSubmit) (state inboxState, ok bool) {
	err := s.Keys.OpenFor(seal.InboxState, in.WorkspaceID, in.CurrentCanvas.StoredData.Text(stateKey), s.Now(), &state)
	return state, err == nil && state.Conversation == in.ConversationID
}

// withInboxState puts content and what it shows together.
func (s *Service) withInboxState(workspace string, state inboxState, shown canvas.Content) (canvas.Canvas, error) {
	token, err := s.Keys.Seal(seal.InboxState, workspace, state, neverExpires)
	return canvas.Canvas{Content: &shown, StoredData: canvas.Values{stateKey: token}}, err
}

// learnFromInbox stores who takes part and Intercom's own rating, since Intercom sends the whole conversation.
func (s *Service) learnFromInbox(ctx context.Context, tenant models.Tenant, raw json.RawMessage) error {
	var item intercom.Conversation
	if err := json.Unmarshal(raw, &item); err != nil || !canvas.IsConversationID(item.ID) || len(item.Contacts) == 0 {
		return nil //nolint:nilerr // the sidebar does without
	}
	return tenant.Write(ctx, func(tx *models.Tx) error {
		conversation, err := tx.Conversation(item.ID)
		if err != nil {
			return err
		}
		if conversation, err = learnPeople(tx, conversation, item); err != nil {
			return err
		}
		return s.learnNativeRating(ctx, tx, conversation, item)
	})
}

// sendLink asks the customer now. It is taken once for what the teammate saw: a second tap, or the same body at a later
// time, finds another request.
func (s *Service) sendLink(ctx context.Context, tenant models.Tenant, in canvas.InboxSubmit, state inboxState) (notice, error) {
	requests, err := tenant.RequestsOf(ctx, in.ConversationID)
	if err != nil {
		return notice{}, err
	}
	if newestRequest(requests) != state.Request {
		return notice{text: "The customer has been asked meanwhile: see below. Nothing was sent now."}, nil
	}
	_, err = s.AskNow(ctx, tenant.Workspace, in.ConversationID, in.Admin.ID)
	var told Error
	switch {
	case errors.As(err, &told):
		return notice{text: told.Sentence, wrong: true}, nil
	case err != nil:
		return notice{}, err
	}
	return notice{text: "The link goes out in a moment. If the question is solved, close the conversation as usual: " +
		"this close is not asked a second time."}, nil
}

// setDoNotAsk keeps the conversation from being asked by itself, or takes that back. A job looks again at what waits.
func (s *Service) setDoNotAsk(ctx context.Context, tenant models.Tenant, id string, not bool) (notice, error) {
	err := tenant.Write(ctx, func(tx *models.Tx) error {
		conversation, err := tx.Conversation(id)
		if err != nil || conversation.DoNotAsk == not {
			return err
		}
		if err := tx.SetDoNotAsk(id, not); err != nil {
			return err
		}
		return s.enqueueSync(ctx, tx, id, jobs.Now)
	})
	if not {
		return notice{text: "Rerate will not ask in this conversation by itself. You can still ask by hand."}, err
	}
	return notice{text: "Rerate asks in this conversation by itself again, from its next close on."}, err
}
