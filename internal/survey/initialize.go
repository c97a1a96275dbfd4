package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/intercom/canvas"
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
		return canvas.InitializeResponse{Canvas: plain(wordsFor(in.Context.Locale).home)}, nil
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
		answer, err = s.askInCard(tx, in.Context)
		return err
	})
	return canvas.InitializeResponse{Canvas: answer}, err
}

func (s *Service) askInCard(tx *models.Tx, where canvas.Context) (canvas.Canvas, error) {
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
	request, err := tx.SendRequest(conversation, models.FromCard, wording.Version,
		func(sent time.Time) bool { return settings.Windows.MayRate(sent, tx.Now) })
	if err != nil {
		return canvas.Canvas{}, err
	}
	state := cardState{Conversation: conversation.ID, Request: request.ID}
	return s.withState(tx.Workspace, state, newCard(wording.Body, where.Locale).ask())
}

// installed refuses a workspace that has not installed Rerate, or has uninstalled it.
func (s *Service) installed(ctx context.Context, tenant models.Tenant) error {
	w, err := tenant.Get(ctx)
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

// Live answers the content of a live canvas. No card of ours is live yet, so one that is found says where to rate.
func (s *Service) Live(ctx context.Context, in canvas.Live) (canvas.LiveResponse, error) {
	if err := s.installed(ctx, s.Store.Tenant(in.WorkspaceID)); err != nil {
		return canvas.LiveResponse{}, err
	}
	return canvas.LiveResponse{Content: *plain(wordsFor(in.Context.Locale).home).Content}, nil
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
