package survey

import (
	"context"
	"errors"
	"strings"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/models"
)

// Webhook stores a notification once and puts in what it asks for. It is a hint: a job reads the conversation
// again before anything is done about it. An unknown topic is stored and nothing more, and so is everything of a
// workspace that has not installed Rerate; one that has uninstalled it still forgets what has to be forgotten.
func (s *Service) Webhook(ctx context.Context, n intercom.Notification) error {
	conversation, _ := n.ConversationID()
	contact, _ := n.ContactID()
	return s.Store.Tenant(n.AppID).Write(ctx, func(tx *models.Tx) error {
		fresh, err := tx.AddEvent(models.Event{
			NotificationID: n.ID, Topic: n.Topic, ConversationID: conversation, ContactID: contact, CreatedAt: n.CreatedAt.UTC(),
		})
		if err != nil || !fresh {
			return err
		}
		w, err := tx.Get()
		switch {
		case errors.Is(err, models.ErrNotFound):
			return nil
		case err != nil:
			return err
		case n.Topic == intercom.TopicConversationDeleted:
			return tx.ConversationDeleted(conversation)
		case n.Topic == intercom.TopicContactDeleted:
			return tx.EraseContact(contact)
		case w.UninstalledAt != nil:
			return nil
		case n.Topic == intercom.TopicRatingAdded && conversation != "":
			if _, err := tx.Conversation(conversation); err != nil {
				return err
			}
			return s.enqueueSync(ctx, tx, conversation, jobs.Now)
		case strings.HasPrefix(n.Topic, "conversation.") && conversation != "":
			return s.learnFromEvent(tx, n)
		}
		return nil
	})
}

// learnFromEvent stores who takes part in a conversation, so that an answer of theirs counts at once. The item is
// signed by Intercom, and people are only ever added, so that an old event does no harm.
func (s *Service) learnFromEvent(tx *models.Tx, n intercom.Notification) error {
	item, err := n.Conversation()
	if err != nil || len(item.Contacts) == 0 {
		return nil //nolint:nilerr // an item of another shape is no reason to lose the event
	}
	conversation, err := tx.Conversation(item.ID)
	if err != nil {
		return err
	}
	_, err = learnPeople(tx, conversation, item)
	return err
}
