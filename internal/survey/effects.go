package survey

import (
	"context"
	"slices"
	"strings"

	"rerate/internal/intercom"
	"rerate/models"
)

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
