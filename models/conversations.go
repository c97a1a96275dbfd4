package models

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
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

	// The profile: what Intercom says when it is asked for everything about the contact, see people.go.
	Locale        string
	Location      string // city, region, country
	SignedUpAt    *time.Time
	LastSeenAt    *time.Time
	Unsubscribed  bool           // e-mail does not reach them
	Attributes    map[string]any `gorm:"serializer:json"` // custom attributes: text, number (float64) or bool
	ProfileAt     *time.Time     // when Intercom was last asked
	ProfileNextAt *time.Time     // it is not asked again before
	MergedInto    string         // the contact that took this one's place
	GoneAt        *time.Time     // Intercom does not know the contact any more, or archived it
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

	// What Intercom said when it was last read; an empty State means that it has not been read since these are kept.
	State             string     // open, snoozed or closed
	ChangedAt         *time.Time // Intercom's updated_at
	ClosedAt          *time.Time // the newest close
	TeammateRepliedAt *time.Time
	ContactRepliedAt  *time.Time
	AssigneeID        string // a teammate's id; empty: nobody, or not known
	Tags              Tags   `gorm:"type:text"`
	DoNotAsk          bool   // a teammate said so in the Inbox
	Subject           string // of an e-mail; chats have none
}

// The states of a conversation, as Intercom names them.
const (
	StateOpen    = "open"
	StateSnoozed = "snoozed"
	StateClosed  = "closed"
)

// Course is where a conversation stands, as Intercom says.
type Course struct {
	State             string
	ChangedAt         time.Time // Intercom's updated_at
	ClosedAt          *time.Time
	TeammateRepliedAt *time.Time
	ContactRepliedAt  *time.Time
	AssigneeID        string
	Tags              Tags
}

// SaveCourse stores where a conversation stands, unless something newer is known.
func (tx *Tx) SaveCourse(id string, c Course) error {
	return tx.rows().Model(&Conversation{}).Where("id = ? AND (changed_at IS NULL OR changed_at <= ?)", id, c.ChangedAt).
		Updates(map[string]any{
			"state": c.State, "changed_at": c.ChangedAt, "closed_at": c.ClosedAt, "teammate_replied_at": c.TeammateRepliedAt,
			"contact_replied_at": c.ContactRepliedAt, "assignee_id": c.AssigneeID, "tags": c.Tags,
		}).Error
}

// Tags are the names of a conversation's tags, stored as JSON.
type Tags []string

// Value is the stored form.
func (t Tags) Value() (driver.Value, error) {
	if t == nil {
		return "[]", nil
	}
	raw, err := json.Marshal([]string(t))
	return string(raw), err
}

// Scan reads the stored form.
func (t *Tags) Scan(stored any) error {
	switch stored := stored.(type) {
	case string:
		return json.Unmarshal([]byte(stored), t)
	case []byte:
		return json.Unmarshal(stored, t)
	}
	return fmt.Errorf("tags are stored as %T", stored)
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
	if tx.known != nil {
		if c, ok := tx.known.conversations[id]; ok && id == tx.known.Conversation {
			return c, nil
		}
		return Conversation{}, errUnknown
	}
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
	if tx.known != nil {
		return tx.known.saveContact(tx, c)
	}
	known, err := one[Contact](tx.rows().Where("id = ?", c.ID))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	c, save := c.over(known, tx)
	if !save {
		return nil
	}
	return insert(tx, []Contact{c}, savesContact)
}

// savesContact keeps a contact's profile.
var savesContact = onConflict([]string{"workspace_id", "id"}, []string{"external_id", "role", "email", "name", "updated_at"}, "%s = excluded.%s")

// over is what is to be stored of a contact of whom something may be known; save is false where that is all.
func (c Contact) over(known Contact, tx *Tx) (_ Contact, save bool) {
	fill(&c.ExternalID, known.ExternalID)
	fill(&c.Role, known.Role)
	fill(&c.Email, known.Email)
	fill(&c.Name, known.Name)
	c.WorkspaceID, c.UpdatedAt = tx.Workspace, tx.Now
	_ = c.BeforeCreate(nil) // insert does not call it
	same := known.ID != "" && c.ExternalID == known.ExternalID && c.Role == known.Role && c.Email == known.Email && c.Name == known.Name
	return c, !same && known.ErasedAt == nil
}

func fill(value *string, fallback string) {
	if *value == "" {
		*value = fallback
	}
}

// Contact reads one contact inside the transaction; ErrNotFound where nothing is known of it.
func (tx *Tx) Contact(id string) (Contact, error) { return one[Contact](tx.rows().Where("id = ?", id)) }

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
	member, err := tx.member(ConversationContact{tx.Workspace, c.ID, contact})
	switch {
	case err != nil:
		return Unknown, err
	case member:
		return Member, nil
	case c.ReadAt == nil:
		return Unknown, nil
	}
	return Stranger, nil
}

func (tx *Tx) member(m ConversationContact) (bool, error) {
	if tx.known != nil {
		return tx.known.members[m], nil
	}
	var n int64
	err := tx.rows().Model(&ConversationContact{}).Where("conversation_id = ? AND contact_id = ?", m.ConversationID, m.ContactID).Count(&n).Error
	return n > 0, err
}

// ReadConversation stores what Intercom said of a conversation just now: its channel and who takes part.
// Nobody is ever removed, since someone who has left may still answer for the time before.
func (tx *Tx) ReadConversation(c Conversation, channel string, contacts []string) error {
	if channel != c.Channel {
		if err := tx.holdAsksOf(c.ID); err != nil {
			return err
		}
	}
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

// OnlyContact is the contact of a conversation that has just one as far as is known, or empty.
func (tx *Tx) OnlyContact(conversation string) (string, error) {
	var ids []string
	err := tx.rows().Model(&ConversationContact{}).Where("conversation_id = ?", conversation).Limit(2).Pluck("contact_id", &ids).Error
	if err != nil || len(ids) != 1 {
		return "", err
	}
	return ids[0], nil
}

// Participants reads what is known of everybody who takes part in a conversation, inside the transaction.
func (tx *Tx) Participants(conversation string) ([]Contact, error) {
	return list[Contact](tx.rows().Where("id IN (?)", tx.rows().Model(&ConversationContact{}).Select("contact_id").
		Where("conversation_id = ?", conversation)).Order("id"))
}

// ConversationDeleted remembers that Intercom deleted a conversation; it cannot be rated any more.
func (tx *Tx) ConversationDeleted(id string) error {
	if err := tx.rows().Model(&Conversation{}).Where("id = ? AND deleted_at IS NULL", id).Update("deleted_at", tx.Now).Error; err != nil {
		return err
	}
	return tx.summariseConversation(id) // it does not wait to be asked again any more
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
