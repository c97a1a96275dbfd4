package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/intercom/canvas"
	"rerate/internal/jobs"
	"rerate/models"
)

// Initialize answers Intercom's first call for a card. With a conversation it makes a request, or shows the one
// that is open; without one nobody can answer yet, so the card is a preview and nothing is stored.
func (s *Service) Initialize(ctx context.Context, in canvas.MessengerInitialize) (canvas.InitializeResponse, error) {
	tenant := s.Store.Tenant(in.WorkspaceID)
	if err := s.installed(ctx, tenant); err != nil {
		return canvas.InitializeResponse{}, err
	}
	if in.Context.Location == canvas.LocationHome {
		shown, err := s.homeCard(in.WorkspaceID, in.Context.Locale)
		return canvas.InitializeResponse{Canvas: shown}, err
	}
	if in.Context.ConversationID == "" {
		wording, err := tenant.Wording(ctx)
		if err != nil {
			return canvas.InitializeResponse{}, err
		}
		shown, err := s.withState(in.WorkspaceID, cardState{}, newCard(wording.Body, in.Context.Locale).preview())
		return canvas.InitializeResponse{Canvas: shown}, err
	}
	var answer canvas.Canvas
	err := tenant.Write(ctx, func(tx *models.Tx) (err error) {
		answer, err = s.askInCard(ctx, tx, in.Context)
		return err
	})
	return canvas.InitializeResponse{Canvas: answer}, err
}

func (s *Service) askInCard(ctx context.Context, tx *models.Tx, where canvas.Context) (canvas.Canvas, error) {
	conversation, err := tx.Conversation(where.ConversationID)
	if err != nil {
		return canvas.Canvas{}, err
	}
	if conversation.DeletedAt != nil {
		return plain(wordsFor(where.Locale).unusable), nil
	}
	wording, err := tx.Wording()
	if err != nil {
		return canvas.Canvas{}, err
	}
	settings, err := tx.Settings()
	if err != nil {
		return canvas.Canvas{}, err
	}
	request, waited, err := openGate(tx, conversation)
	switch {
	case err != nil:
		return canvas.Canvas{}, err
	case waited:
		wording, err = tx.WordingVersion(request.WordingVersion)
	default:
		request, err = tx.SendRequest(conversation, cardMethod(where.Location), wording.Version,
			func(sent time.Time) bool { return settings.Windows.MayRate(sent, tx.Now) })
	}
	if err != nil {
		return canvas.Canvas{}, err
	}
	if request.SentAt.Equal(tx.Now) {
		// Who worked until now is read from Intercom before anything changes.
		if err := s.enqueueSync(ctx, tx, conversation.ID, jobs.Now); err != nil {
			return canvas.Canvas{}, err
		}
	}
	state := cardState{Conversation: conversation.ID, Request: request.ID}
	return s.withState(tx.Workspace, state, newCard(wording.Body, where.Locale).ask())
}

// cardMethod tells a card that a Workflow shows from one that a teammate puts into a reply, where Intercom says so.
func cardMethod(location string) models.Method {
	if location == canvas.LocationOperator {
		return models.ByWorkflowCard
	}
	return models.ByCard
}

// installed refuses a workspace that has not installed Rerate, or has uninstalled it.
func (s *Service) installed(ctx context.Context, tenant models.Tenant) error {
	return s.hasInstalled(tenant.Get(ctx))
}

func (s *Service) hasInstalled(w models.Workspace, err error) error {
	if errors.Is(err, models.ErrNotFound) || (err == nil && w.UninstalledAt != nil) {
		return Error{Code: NotFound, Sentence: "This workspace has not connected Rerate; an admin can connect it at " + s.BaseURL + "/install."}
	}
	return err
}

// Configure answers the step before Initialize: there is nothing to choose, since a card always asks with the
// published wording.
func (s *Service) Configure(ctx context.Context, in canvas.Configure) (canvas.ConfigureResponse, error) {
	if err := s.installed(ctx, s.Store.Tenant(in.WorkspaceID)); err != nil {
		return canvas.ConfigureResponse{}, err
	}
	return canvas.ConfigureResponse{Results: canvas.Values{"card": "rating"}}, nil
}

// Unusable is the canvas for a signed body that cannot be honoured: what an Error says, or that the card cannot
// be used, or, for anything else, that it should be tried again.
func (s *Service) Unusable(cause error) canvas.Canvas {
	var told Error
	switch {
	case errors.As(cause, &told) && told.Code != Invalid:
		return plain(told.Sentence)
	case errors.As(cause, &told):
		return plain(wordsFor("").unusable)
	}
	return plain(wordsFor("").tryAgain)
}
