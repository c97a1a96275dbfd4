package models

import (
	"context"
	"errors"
	"time"

	"rerate/internal/rating"
)

// RequestState is where a request stands.
type RequestState string

// The states of a request.
const (
	Suppressed RequestState = "suppressed"
	Scheduled  RequestState = "scheduled"
	Cancelled  RequestState = "cancelled"
	Sent       RequestState = "sent"
	Seen       RequestState = "seen"
	HasRating  RequestState = "rated"
	HasRemark  RequestState = "remarked"
	Expired    RequestState = "expired"
	Failed     RequestState = "failed"
)

// Request is one ask for a rating, with the wording version it used.
type Request struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	ConversationID string
	Episode        int // 1 for the first request of the conversation
	State          RequestState
	Method         Source // how it was asked
	WordingVersion int
	Rule           string // the settings key that said no, for suppressed ones
	ClosedAt       *time.Time
	CreatedAt      time.Time
	SentAt         *time.Time
	RatedAt        *time.Time
	TeammateID     string // who worked before it, once Intercom has been read
	TeammateName   string
	CreditRule     rating.CreditRule
}

// Request reads one request inside the transaction.
func (tx *Tx) Request(id string) (Request, error) { return one[Request](tx.rows().Where("id = ?", id)) }

// SendRequest makes a request that is shown to the customer now. A request of the same wording that nobody has
// answered is used again: an Initialize call that Intercom repeats changes nothing, and two cards in one
// conversation are still one ask.
func (tx *Tx) SendRequest(c Conversation, method Source, wordingVersion int, mayRate func(sent time.Time) bool) (Request, error) {
	latest, err := one[Request](tx.rows().Where("conversation_id = ?", c.ID).Order("episode DESC"))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Request{}, err
	}
	open := latest.State == Sent || latest.State == Seen
	if open && latest.Method == method && latest.WordingVersion == wordingVersion && mayRate(*latest.SentAt) {
		return latest, nil
	}
	next := Request{
		WorkspaceID: tx.Workspace, ID: tx.NewID(), ConversationID: c.ID, Episode: latest.Episode + 1,
		State: Sent, Method: method, WordingVersion: wordingVersion, CreatedAt: tx.Now, SentAt: &tx.Now,
	}
	if err := tx.db.Create(&next).Error; err != nil {
		return Request{}, err
	}
	return next, tx.summariseConversation(c.ID)
}

// RequestRated remembers that a request was answered.
func (tx *Tx) RequestRated(id string) error {
	return tx.rows().Model(&Request{}).Where("id = ? AND rated_at IS NULL", id).
		Updates(map[string]any{"state": HasRating, "rated_at": tx.Now}).Error
}

// RequestRemarked remembers that a request's rating has a remark.
func (tx *Tx) RequestRemarked(id string) error {
	return tx.rows().Model(&Request{}).Where("id = ?", id).Update("state", HasRemark).Error
}

// SetRequestCredit stores who worked before the request, once.
func (tx *Tx) SetRequestCredit(id string, who rating.Part, rule rating.CreditRule) error {
	return tx.rows().Model(&Request{}).Where("id = ? AND credit_rule = ''", id).Updates(map[string]any{
		"teammate_id": who.ID, "teammate_name": who.Name, "credit_rule": rule,
	}).Error
}

// RequestsOf reads the requests of some conversations, each conversation's oldest first.
func (t Tenant) RequestsOf(ctx context.Context, conversations ...string) ([]Request, error) {
	return list[Request](t.rows(ctx).Where("conversation_id IN ?", conversations).Order("conversation_id, episode"))
}

// RequestsOf reads the requests of a conversation, oldest first, inside the transaction.
func (tx *Tx) RequestsOf(conversation string) ([]Request, error) {
	return list[Request](tx.rows().Where("conversation_id = ?", conversation).Order("episode"))
}
