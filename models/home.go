package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rerate/internal/rating"
)

// HomeLook is the conversation that Messenger Home offered a contact last. Intercom's submit of a live card need not say
// what was shown, so it is kept here; its ID is what one answer uses once. It is no request: nobody was asked.
type HomeLook struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ContactID      string `gorm:"primaryKey"`
	ID             string
	ConversationID string
	At             time.Time
	UsedAt         *time.Time
}

// ShowHome remembers what is shown to a contact now. Somebody who looks again at the same, unanswered, has the same look.
func (tx *Tx) ShowHome(contact, conversation string) (HomeLook, error) {
	known, err := tx.HomeLook(contact)
	if err == nil && known.UsedAt == nil && known.ConversationID == conversation {
		return known, nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return HomeLook{}, err
	}
	look := HomeLook{WorkspaceID: tx.Workspace, ContactID: contact, ID: tx.NewID(), ConversationID: conversation, At: tx.Now}
	return look, tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&look).Error
}

// HomeLook reads what a contact was shown last, and makes other writers of it wait; ErrNotFound when nothing was.
func (tx *Tx) HomeLook(contact string) (HomeLook, error) {
	return one[HomeLook](lockForUpdate(tx.rows().Where("contact_id = ?", contact)))
}

// UseHomeLook remembers that a look was answered. It answers false when it was already.
func (tx *Tx) UseHomeLook(look HomeLook) (bool, error) {
	result := tx.rows().Model(&HomeLook{}).Where("contact_id = ? AND id = ? AND used_at IS NULL", look.ContactID, look.ID).
		Update("used_at", tx.Now)
	return result.RowsAffected == 1, result.Error
}

// HomeTap is a body that has rated from Messenger Home. Nothing in such a body says when it was sent or which
// conversation it is about, so one that comes again, after another conversation was offered, is known by its hash.
type HomeTap struct {
	WorkspaceID string `gorm:"primaryKey"`
	BodyHash    string `gorm:"primaryKey"`
	At          time.Time
}

// TakeHomeTap remembers a body. It answers false when it was taken before.
func (tx *Tx) TakeHomeTap(hash string) (bool, error) {
	row := HomeTap{WorkspaceID: tx.Workspace, BodyHash: hash, At: tx.Now}
	result := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	return result.RowsAffected == 1, result.Error
}

// HomeRequest makes the request that a tap on Messenger Home answers: the customer asked for it, so it is sent and seen
// when it is made.
func (tx *Tx) HomeRequest(c Conversation, contact string, wordingVersion int, test bool) (Request, error) {
	made, err := tx.BeginRequest(c, rating.Send, Request{
		Method: ByHome, WordingVersion: wordingVersion, SentAt: &tx.Now, ContactID: contact, Test: test,
	})
	if err != nil {
		return Request{}, err
	}
	return tx.MoveRequest(made, rating.Look, map[string]any{"seen_at": tx.Now})
}

// LastClosed is the conversation of a contact that was closed last, of those that are closed now; ErrNotFound when none is.
func (t Tenant) LastClosed(ctx context.Context, contact string) (Conversation, error) {
	return one[Conversation](lastClosed(t.rows(ctx), contact))
}

// LastClosed is what Tenant.LastClosed answers, inside the transaction.
func (tx *Tx) LastClosed(contact string) (Conversation, error) {
	return one[Conversation](lastClosed(tx.rows(), contact))
}

func lastClosed(q *gorm.DB, contact string) *gorm.DB {
	return q.Where("state = 'closed' AND closed_at IS NOT NULL AND deleted_at IS NULL").
		Where("id IN (SELECT m.conversation_id FROM conversation_contacts m WHERE m.workspace_id = conversations.workspace_id AND m.contact_id = ?)", contact).
		Order("closed_at DESC, id DESC").Limit(1)
}

// SetSubject stores by which subject a customer knows the conversation again, unless one of its contacts was erased.
func (tx *Tx) SetSubject(conversation, subject string) error {
	return tx.rows().Model(&Conversation{}).Where("id = ? AND subject <> ?", conversation, subject).
		Where(`NOT EXISTS (SELECT 1 FROM conversation_contacts m JOIN contacts c ON c.workspace_id = m.workspace_id AND c.id = m.contact_id
			WHERE m.workspace_id = conversations.workspace_id AND m.conversation_id = conversations.id AND c.erased_at IS NOT NULL)`).
		Update("subject", subject).Error
}

// SetDoNotAsk keeps a conversation from being asked by itself, or lets it be asked again.
func (tx *Tx) SetDoNotAsk(conversation string, not bool) error {
	if err := tx.rows().Model(&Conversation{}).Where("id = ?", conversation).Update("do_not_ask", not).Error; err != nil {
		return err
	}
	return tx.summariseConversation(conversation) // what never is to be asked does not wait for it
}
