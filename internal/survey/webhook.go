package survey

import (
	"context"
	"errors"
	"strings"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// again says when news of a conversation has it read again.
type again int

const (
	never      again = iota
	whereAsked       // somebody was asked in it or is to be: the news may change that, or be the answer
	always
)

// news says what a topic of a conversation asks for. A note changes nothing, and most notes are our own; a conversation
// that has just begun is not closed; what is said or done while one is open matters at its close, which tells itself.
var news = map[string]again{
	intercom.TopicAdminClosed:       always,
	intercom.TopicAdminOpened:       always,
	intercom.TopicAdminSnoozed:      always,
	intercom.TopicAdminUnsnoozed:    always,
	intercom.TopicAdminOpenAssigned: always,
	intercom.TopicRatingAdded:       always,
	intercom.TopicUserReplied:       whereAsked,
	intercom.TopicAdminReplied:      whereAsked,
	intercom.TopicOperatorReplied:   whereAsked,
	intercom.TopicAdminAssigned:     whereAsked,
	intercom.TopicPartTagged:        whereAsked,
	intercom.TopicContactAttached:   whereAsked,
	intercom.TopicContactDetached:   whereAsked,
	intercom.TopicTicketClosed:      whereAsked,
	intercom.TopicTicketResolved:    whereAsked,
	intercom.TopicTicketRated:       whereAsked,
	intercom.TopicAdminNoted:        never,
	intercom.TopicAdminCreated:      never,
	intercom.TopicUserCreated:       never,
}

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
		if err == nil && !fresh {
			repeated(ctx, "The same notification had come before; nothing was done twice.")
		}
		if err != nil || !fresh {
			return err
		}
		w, err := tx.Get()
		switch {
		case errors.Is(err, models.ErrNotFound):
			mention(ctx, "This workspace had not connected Rerate, so nothing was done.")
			return nil
		case err != nil:
			return err
		case n.Topic == intercom.TopicConversationDeleted:
			if err := tx.ConversationDeleted(conversation); err != nil {
				return err
			}
			return cancelGone(tx, conversation)
		case n.Topic == intercom.TopicContactDeleted:
			return s.eraseContact(ctx, tx, contact)
		case w.UninstalledAt != nil:
			mention(ctx, "Rerate had been uninstalled, so nothing was done.")
			return nil
		case contact != "":
			return s.contactChanged(ctx, tx, n, contact)
		case conversation != "":
			return s.conversationNews(ctx, tx, n, conversation)
		}
		return nil
	})
}

// cancelGone takes back what was to be sent in a conversation that Intercom has deleted.
func cancelGone(tx *models.Tx, conversation string) error {
	all, err := tx.RequestsOf(conversation)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.State != rating.Scheduled {
			continue
		}
		if _, err := tx.MoveRequest(r, rating.Cancel, map[string]any{"rule": rating.Gone}); err != nil {
			return err
		}
	}
	return nil
}

// conversationNews does what the news of a conversation asks for. From a topic that nobody knows, too, it learns who takes
// part.
func (s *Service) conversationNews(ctx context.Context, tx *models.Tx, n intercom.Notification, conversation string) error {
	if strings.HasPrefix(n.Topic, "conversation.") {
		if err := s.learnFromEvent(ctx, tx, n); err != nil {
			return err
		}
	}
	switch news[n.Topic] {
	case never:
		return nil
	case whereAsked:
		asked, err := tx.RequestsOf(conversation)
		if err != nil || len(asked) == 0 {
			return err
		}
	case always:
	}
	return s.syncOnce(ctx, tx, conversation)
}

// learnFromEvent stores who takes part in a conversation, so that an answer of theirs counts at once. The item is
// signed by Intercom, and people are only ever added, so that an old event does no harm.
func (s *Service) learnFromEvent(ctx context.Context, tx *models.Tx, n intercom.Notification) error {
	item, err := n.Conversation()
	if err != nil || len(item.Contacts) == 0 {
		return nil //nolint:nilerr // an item of another shape is no reason to lose the event
	}
	conversation, err := tx.Conversation(item.ID)
	if err != nil {
		return err
	}
	if _, err = learnPeople(tx, conversation, item); err != nil {
		return err
	}
	return s.planProfiles(ctx, tx, contactIDs(item)...)
}
