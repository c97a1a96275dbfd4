package survey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
	"rerate/models"
)

// askAgainID is the button that puts the card into the teammate's reply.
const askAgainID = "ask_again"

// InboxInitialize shows beside a conversation what its customers said, with a button to ask again.
func (s *Service) InboxInitialize(ctx context.Context, in canvas.InboxInitialize) (canvas.InitializeResponse, error) {
	tenant := s.Store.Tenant(in.WorkspaceID)
	if err := s.installed(ctx, tenant); err != nil {
		return canvas.InitializeResponse{}, err
	}
	if err := s.learnFromInbox(ctx, tenant, in.Conversation); err != nil {
		return canvas.InitializeResponse{}, err
	}
	shown, err := s.sidebar(ctx, tenant, in.ConversationID, "")
	return canvas.InitializeResponse{Canvas: shown}, err
}

// InboxSubmit answers the sidebar's button: Intercom then asks for the card and puts it into the reply.
func (s *Service) InboxSubmit(ctx context.Context, in canvas.InboxSubmit) (canvas.InboxSubmitResponse, error) {
	tenant := s.Store.Tenant(in.WorkspaceID)
	if err := s.installed(ctx, tenant); err != nil {
		return canvas.InboxSubmitResponse{}, err
	}
	if in.ComponentID != askAgainID {
		return canvas.InboxSubmitResponse{}, Error{Code: Invalid, Sentence: "This button is not known; open the conversation again."}
	}
	shown, err := s.sidebar(ctx, tenant, in.ConversationID, "The card is in your reply. Press send to ask.")
	return canvas.InboxSubmitResponse{Canvas: shown, CardCreationOptions: canvas.Values{"card": "rating"}}, err
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
		return learnNativeRating(tx, conversation, item)
	})
}

func (s *Service) sidebar(ctx context.Context, tenant models.Tenant, conversation, notice string) (canvas.Canvas, error) {
	w, err := tenant.Get(ctx)
	if err != nil {
		return canvas.Canvas{}, err
	}
	ratings, err := tenant.RatingsOf(ctx, conversation)
	if err != nil {
		return canvas.Canvas{}, err
	}
	requests, err := tenant.RequestsOf(ctx, conversation)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return canvas.Canvas{}, err
	}
	parts := []canvas.Component{canvas.Text{Text: "Ratings", Style: "header"}}
	parts = append(parts, s.sidebarRatings(w.Settings, ratings)...)
	if n := len(requests); n > 0 {
		parts = append(parts, canvas.Text{Style: "muted", Text: "Last asked " + dateText(requests[n-1].SentAt, w.Settings) + "."})
	}
	if notice != "" {
		parts = append(parts, canvas.Text{Text: notice})
	}
	parts = append(parts, canvas.Button{ID: askAgainID, Label: "Ask again", Style: "primary", Action: canvas.Submit{}})
	shown := content(parts...)
	return canvas.Canvas{Content: &shown}, nil
}

func (s *Service) sidebarRatings(settings models.Settings, ratings []models.Rating) []canvas.Component {
	if len(ratings) == 0 {
		return []canvas.Component{canvas.Text{Text: "No rating in this conversation yet."}}
	}
	if settings.Note != rating.NoteFull {
		return []canvas.Component{canvas.Text{Text: "This workspace does not show scores in the Inbox."}}
	}
	var parts []canvas.Component // no data-table: Intercom cuts its values off in the Inbox
	for _, r := range ratings {
		value := fmt.Sprintf("%s %s (%d of %d)", r.Emoji, r.Label, r.Score, r.Scale)
		switch {
		case !r.Valid():
			value += ", left out: " + string(r.WhyNot)
		case r.Change != rating.First:
			value += ", " + string(r.Change)
		}
		parts = append(parts,
			canvas.Text{Text: value, BottomMargin: "none"}, canvas.Text{Text: dateText(&r.At, settings), Style: "muted"})
	}
	if last := ratings[len(ratings)-1]; last.Remark != "" {
		parts = append(parts, canvas.Text{Text: "“" + last.Remark + "”"})
	}
	return parts
}

func dateText(at *time.Time, settings models.Settings) string {
	if at == nil {
		return "—"
	}
	return at.In(settings.Location()).Format("2 Jan 2006, 15:04")
}
