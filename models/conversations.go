package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Chat is the channel of a conversation in the Messenger; other channels are Intercom's source types.
const Chat = "chat"

// Contact is a customer: a user or a lead. What Intercom says of one is not checked by Intercom.
type Contact struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	ExternalID  string
	Role        string // user or lead
	Email       string
	Name        string
	UpdatedAt   time.Time
	ErasedAt    *time.Time // Intercom deleted the contact: nothing about it is stored again
}

// Conversation is what is known of an Intercom conversation. Until ReadAt is set its contacts and its channel
// are a guess.
type Conversation struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Channel     string
	CreatedAt   time.Time
	ReadAt      *time.Time // when it was last read from Intercom
	DeletedAt   *time.Time // deleted in Intercom; a plain time, not GORM's soft delete
	Lease       string
	LeasedUntil *time.Time
}

// ConversationContact says that a contact takes part in a conversation.
type ConversationContact struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ConversationID string `gorm:"primaryKey"`
	ContactID      string `gorm:"primaryKey"`
}

// Conversation finds or begins the row of a conversation and makes other writers of it wait: everything that
// changes a conversation's ratings or requests calls it first.
func (tx *Tx) Conversation(id string) (Conversation, error) {
	fresh := Conversation{WorkspaceID: tx.Workspace, ID: id, Channel: Chat, CreatedAt: tx.Now}
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh).Error; err != nil {
		return Conversation{}, err
	}
	return one[Conversation](lockForUpdate(tx.rows().Where("id = ?", id)))
}

// Conversation reads what is known of a conversation.
func (t Tenant) Conversation(ctx context.Context, id string) (Conversation, error) {
	return one[Conversation](t.rows(ctx).Where("id = ?", id))
}

// SaveContact adds or refreshes a contact. Empty fields keep what is known; a contact that was erased stays so, since
// conversations that are read later still name it.
func (tx *Tx) SaveContact(c Contact) error {
	known, err := one[Contact](tx.rows().Where("id = ?", c.ID))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if known.ErasedAt != nil {
		return nil
	}
	fill(&c.ExternalID, known.ExternalID)
	fill(&c.Role, known.Role)
	fill(&c.Email, known.Email)
	fill(&c.Name, known.Name)
	c.WorkspaceID, c.UpdatedAt = tx.Workspace, tx.Now
	return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&c).Error
}

func fill(value *string, fallback string) {
	if *value == "" {
		*value = fallback
	}
}

// Contacts reads contacts by id.
func (t Tenant) Contacts(ctx context.Context, ids []string) (map[string]Contact, error) {
	rows, err := list[Contact](t.rows(ctx).Where("id IN ?", ids))
	byID := make(map[string]Contact, len(rows))
	for _, c := range rows {
		byID[c.ID] = c
	}
	return byID, err
}

// Membership says whether a contact takes part in a conversation.
type Membership int

// The three answers. Unknown means that the conversation has not been read from Intercom yet.
const (
	Unknown Membership = iota
	Member
	Stranger
)

// Membership looks up whether a contact takes part in a conversation.
func (tx *Tx) Membership(c Conversation, contact string) (Membership, error) {
	var n int64
	err := tx.rows().Model(&ConversationContact{}).
		Where("conversation_id = ? AND contact_id = ?", c.ID, contact).Count(&n).Error
	switch {
	case err != nil:
		return Unknown, err
	case n > 0:
		return Member, nil
	case c.ReadAt == nil:
		return Unknown, nil
	}
	return Stranger, nil
}

// ReadConversation stores what Intercom said of a conversation just now: its channel and who takes part.
// Nobody is ever removed, since someone who has left may still answer for the time before.
func (tx *Tx) ReadConversation(c Conversation, channel string, contacts []string) error {
	for _, contact := range contacts {
		row := ConversationContact{WorkspaceID: tx.Workspace, ConversationID: c.ID, ContactID: contact}
		if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
	}
	if err := tx.rows().Model(&Conversation{}).Where("id = ?", c.ID).
		Updates(map[string]any{"channel": channel, "read_at": tx.Now}).Error; err != nil {
		return err
	}
	if channel == c.Channel {
		return nil
	}
	if err := tx.rows().Model(&Rating{}).Where("conversation_id = ?", c.ID).Update("channel", channel).Error; err != nil {
		return err
	}
	return tx.summariseConversation(c.ID)
}

// ContactsOf lists who takes part in a conversation.
func (t Tenant) ContactsOf(ctx context.Context, conversation string) ([]string, error) {
	var ids []string
	err := t.rows(ctx).Model(&ConversationContact{}).Where("conversation_id = ?", conversation).
		Order("contact_id").Pluck("contact_id", &ids).Error
	return ids, err
}

// ConversationDeleted remembers that Intercom deleted a conversation; it cannot be rated any more.
func (tx *Tx) ConversationDeleted(id string) error {
	return tx.rows().Model(&Conversation{}).Where("id = ? AND deleted_at IS NULL", id).Update("deleted_at", tx.Now).Error
}

// LeaseConversation takes the right to write to a conversation in Intercom until the given time, for as long as
// nobody else holds it. It answers false when somebody does.
func (t Tenant) LeaseConversation(ctx context.Context, id, lease string, lasts time.Duration) (bool, error) {
	now := t.store.now()
	result := t.rows(ctx).Model(&Conversation{}).
		Where("id = ? AND (leased_until IS NULL OR leased_until < ?)", id, now).
		Updates(map[string]any{"lease": lease, "leased_until": now.Add(lasts)})
	return result.RowsAffected == 1, result.Error
}

// ReleaseConversation gives the right back.
func (t Tenant) ReleaseConversation(ctx context.Context, id, lease string) error {
	return t.rows(ctx).Model(&Conversation{}).Where("id = ? AND lease = ?", id, lease).
		Updates(map[string]any{"lease": "", "leased_until": gorm.Expr("NULL")}).Error
}

// EraseContact removes what identifies a contact and every remark of theirs, for good; scores stay as anonymous counts.
func (tx *Tx) EraseContact(id string) error {
	erased := Contact{WorkspaceID: tx.Workspace, ID: id, UpdatedAt: tx.Now, ErasedAt: &tx.Now}
	if err := tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&erased).Error; err != nil {
		return err
	}
	return tx.rows().Model(&Rating{}).Where("contact_id = ?", id).
		Update("remark", "").Error
}
