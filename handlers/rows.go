package handlers

import (
	"context"
	"strings"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

// given is the score of a rating as the customer saw it.
func given(r models.Rating) ui.Score { return ui.Score{Value: r.Score, Emoji: r.Emoji, Label: r.Label} }

// scale is the choices of a wording, worst first.
func scale(w rating.Wording) []ui.Score {
	scores := make([]ui.Score, len(w.Options))
	for i, o := range w.Options {
		scores[i] = ui.Score{Value: i + 1, Emoji: o.Emoji, Label: o.Label}
	}
	return scores
}

// ratingRows turns ratings into the rows of a list, each with the first rating that it is compared with.
func (s *site) ratingRows(ctx context.Context, w models.Workspace, ratings []models.Rating) ([]views.RatingRow, error) {
	tenant := s.Store.Tenant(w.ID)
	var conversations, contacts []string
	for _, r := range ratings {
		conversations, contacts = append(conversations, r.ConversationID), append(contacts, r.ContactID)
	}
	all, err := tenant.RatingsOf(ctx, conversations...)
	if err != nil {
		return nil, err
	}
	people, err := tenant.Contacts(ctx, contacts)
	if err != nil {
		return nil, err
	}
	rows := make([]views.RatingRow, len(ratings))
	for i, r := range ratings {
		rows[i] = views.RatingRow{
			ID: r.ID, ConversationID: r.ConversationID, Score: given(r), Previous: comparedWith(all, r), Change: string(r.Change),
			Remark: r.Remark, Contact: contactName(people, r.ContactID), Channel: r.Channel, Teammate: r.TeammateName, At: r.At,
			WhyNot: string(r.WhyNot), Doubtful: r.Integrity == models.Doubtful, IntercomURL: s.conversationURL(w, r.ConversationID),
		}
	}
	return rows, nil
}

// comparedWith is the first valid rating of the same contact, which the rating's change speaks of; no score where
// the rating is the first itself.
func comparedWith(all []models.Rating, r models.Rating) ui.Score {
	history := models.HistoryOf(all, r.ConversationID, r.ContactID)
	if r.Change == rating.First || history == nil {
		return ui.Score{}
	}
	for _, other := range all {
		if other.ID == history.First().ID {
			return given(other)
		}
	}
	return ui.Score{}
}

// contactName is what is known of a contact: the name, else the address, else the id.
func contactName(people map[string]models.Contact, id string) string {
	return nameOf(people[id].Name, people[id].Email, id)
}

// conversationURL is where teammates read a conversation. Intercom has none of a made-up conversation.
func (s *site) conversationURL(w models.Workspace, conversation string) string {
	if strings.HasPrefix(conversation, models.ExamplePrefix) {
		return ""
	}
	return s.ConversationURL(w, conversation)
}
