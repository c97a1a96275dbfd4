package models

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"time"

	"gorm.io/gorm"

	"rerate/internal/rating"
)

// RequestState is where a request stands; rating.Transitions says how it gets there.
type RequestState = rating.RequestState

// Method says how a customer is asked.
type Method string

// The methods. Card is one that a teammate put into a reply, WorkflowCard one that the customer's Workflow holds,
// Home the card of the Messenger's home screen, Message a message to somebody of a segment.
const (
	ByCard         Method = "card"
	ByLink         Method = "link"
	ByQuickReply   Method = "quick_reply"
	ByWorkflowCard Method = "workflow_card"
	ByHome         Method = "home"
	ByMessage      Method = "message"
)

// Methods are all of them.
var Methods = []Method{ByCard, ByLink, ByQuickReply, ByWorkflowCard, ByHome, ByMessage}

// Source is where the answers to a request of this method come from.
func (m Method) Source() Source {
	switch m {
	case ByWorkflowCard:
		return FromCard
	case ByMessage:
		return FromLink
	}
	return Source(m)
}

// Request is one ask for a rating, with the wording version it used, or, in the state suppressed, the reason why a
// closed episode was not asked. A request with ClosedAt is the ledger's one row for that episode.
type Request struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	ConversationID string
	Episode        int // 1 for the first stretch of the conversation from open to close
	State          RequestState
	Method         Method // how it is asked
	WordingVersion int
	Rule           string // why not: a settings key, or one of the other reasons in package rating
	ClosedAt       *time.Time
	CreatedAt      time.Time
	SentAt         *time.Time
	RatedAt        *time.Time
	TeammateID     string // who worked before it, once Intercom has been read
	TeammateName   string
	CreditRule     rating.CreditRule
	Automatic      bool         // decided by the rules, not by a teammate
	Test           bool         // made in test mode: its ratings are in no figure
	AskedBy        string       // the teammate who asked by hand, where Intercom says who
	ContactID      string       // who is asked, where that is known
	Facts          rating.Close `gorm:"serializer:json"` // what the rules saw; zero for a request by hand
	DueAt          *time.Time   // when a scheduled request is to be sent
	Attempts       int          // begun attempts to send it
	Detail         string       // why sending it failed last, for the team
	SeenAt         *time.Time
	Again          bool // the conversation had been rated or asked before this one was sent
}

// Request reads one request inside the transaction.
func (tx *Tx) Request(id string) (Request, error) {
	if tx.known != nil {
		return tx.known.request(id)
	}
	return one[Request](tx.rows().Where("id = ?", id))
}

// SendRequest makes a request that is shown to the customer now. A request of the same wording that nobody has
// answered since the conversation was opened is used again: an Initialize call that Intercom repeats changes nothing,
// and two cards in one episode are still one ask.
func (tx *Tx) SendRequest(c Conversation, method Method, wordingVersion int, mayRate func(sent time.Time) bool) (Request, error) {
	episode, err := tx.currentEpisode(c)
	if err != nil {
		return Request{}, err
	}
	settings, err := tx.Settings()
	if err != nil {
		return Request{}, err
	}
	latest, err := one[Request](tx.rows().Where("conversation_id = ? AND sent_at IS NOT NULL", c.ID).Order("created_at DESC, id DESC"))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Request{}, err
	}
	same := latest.Episode == episode && latest.Method == method && latest.WordingVersion == wordingVersion && latest.Test == settings.TestMode
	if latest.State.Open() && same && mayRate(*latest.SentAt) {
		return latest, nil
	}
	return tx.BeginRequest(c, rating.Send, Request{
		Episode: episode, Method: method, WordingVersion: wordingVersion, SentAt: &tx.Now, Test: settings.TestMode,
	})
}

// BeginRequest stores a new request of a conversation in the state that the event leads to. Without an episode it is
// one of the stretch that the conversation is in, as far as is known.
func (tx *Tx) BeginRequest(c Conversation, event rating.RequestEvent, r Request) (Request, error) {
	state, ok := RequestState("").After(event)
	if !ok {
		return Request{}, ErrNoTransition
	}
	var err error
	if r.Episode == 0 {
		if r.Episode, err = tx.currentEpisode(c); err != nil {
			return Request{}, err
		}
	}
	r.WorkspaceID, r.ID, r.ConversationID, r.State, r.CreatedAt = tx.Workspace, tx.NewID(), c.ID, state, tx.Now
	if r.SentAt != nil {
		if r.Again, err = tx.asksAgain(c.ID); err != nil {
			return Request{}, err
		}
	}
	if err := tx.holdAsks(r.ID); err != nil {
		return Request{}, err
	}
	if err := tx.db.Create(&r).Error; err != nil {
		return Request{}, err
	}
	if state != rating.Sent && state != rating.Scheduled {
		return r, nil
	}
	return r, tx.summariseConversation(c.ID)
}

// asksAgain reports whether a conversation has been rated or asked, tests aside.
func (tx *Tx) asksAgain(conversation string) (bool, error) {
	var rated, asked int64
	err := errors.Join(
		tx.rows().Model(&Rating{}).Where("conversation_id = ? AND why_not = ''", conversation).Count(&rated).Error,
		tx.rows().Model(&Request{}).Where("conversation_id = ? AND sent_at IS NOT NULL AND NOT test AND method <> ?", conversation, ByHome).
			Count(&asked).Error,
	)
	return rated+asked > 0, err
}

// currentEpisode is the number of the stretch that a conversation is in, or was in when it was closed, as far as is
// known without asking Intercom.
func (tx *Tx) currentEpisode(c Conversation) (int, error) {
	closed, err := one[Request](tx.rows().Where("conversation_id = ? AND closed_at IS NOT NULL", c.ID).Order("episode DESC"))
	if errors.Is(err, ErrNotFound) {
		return 1, nil
	} else if err != nil {
		return 0, err
	}
	reopened := c.State == StateOpen || c.State == StateSnoozed
	if reopened || (c.ClosedAt != nil && c.ClosedAt.After(*closed.ClosedAt)) {
		return closed.Episode + 1, nil
	}
	return closed.Episode, nil
}

// ErrNoTransition means that a request cannot go through an event in its state.
var ErrNoTransition = errors.New("the request cannot change in this way any more")

// MoveRequest takes a request through an event and stores other changes of its row with it; keys are column names. It
// answers ErrNoTransition, and changes nothing, when rating.Transitions does not have the step, be it because another
// transaction was first.
func (tx *Tx) MoveRequest(r Request, event rating.RequestEvent, changes map[string]any) (Request, error) {
	to, ok := r.State.After(event)
	if !ok {
		return r, ErrNoTransition
	}
	all := map[string]any{"state": to}
	maps.Copy(all, changes)
	if event == rating.Send && r.SentAt == nil {
		again, err := tx.asksAgain(r.ConversationID)
		if err != nil {
			return r, err
		}
		all["again"] = again
	}
	if err := tx.holdAsks(r.ID); err != nil {
		return r, err
	}
	result := tx.rows().Model(&Request{}).Where("id = ? AND state = ?", r.ID, r.State).Updates(columns(all))
	switch {
	case result.Error != nil:
		return r, result.Error
	case result.RowsAffected == 0:
		return r, ErrNoTransition
	}
	if event == rating.Send || r.State == rating.Scheduled || to == rating.Scheduled {
		if err := tx.summariseConversation(r.ConversationID); err != nil {
			return r, err
		}
	}
	return tx.Request(r.ID)
}

// ChangeRequest stores other changes of a request's row than its state; keys are column names.
func (tx *Tx) ChangeRequest(id string, changes map[string]any) error {
	if err := tx.holdAsks(id); err != nil {
		return err
	}
	return tx.rows().Model(&Request{}).Where("id = ?", id).Omit("state").Updates(columns(changes)).Error
}

// columns writes the facts among some changes as they are stored.
func columns(changes map[string]any) map[string]any {
	for key, value := range changes {
		if facts, ok := value.(rating.Close); ok {
			raw, err := json.Marshal(facts)
			if err != nil {
				panic(err) // numbers, texts and times only
			}
			changes[key] = gorm.Expr("?", string(raw))
		}
	}
	return changes
}

// RequestRated remembers that a request was answered; the time is that of the first answer.
func (tx *Tx) RequestRated(id string) error {
	if tx.known != nil {
		return tx.known.rated(tx, id)
	}
	return tx.answered(id, rating.Rate)
}

// RequestRemarked remembers that a request's rating has a remark.
func (tx *Tx) RequestRemarked(id string) error { return tx.answered(id, rating.Remark) }

func (tx *Tx) answered(id string, event rating.RequestEvent) error {
	r, err := tx.Request(id)
	if errors.Is(err, ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if r, err = tx.arrived(r); err != nil {
		return err
	}
	changes := map[string]any{}
	if r.RatedAt == nil {
		changes["rated_at"] = tx.Now
	}
	_, err = tx.MoveRequest(r, event, changes)
	return err
}

// arrived brings a request that somebody answers to where it was sent: it did arrive, whatever its sender was told.
func (tx *Tx) arrived(r Request) (Request, error) {
	if r.State == rating.Scheduled || r.State == rating.Failed {
		return tx.MoveRequest(r, rating.Send, map[string]any{"sent_at": tx.Now})
	}
	return r, nil
}

// RequestAfter is the newest request of the conversation that was sent after this one; ErrNotFound without one.
func (tx *Tx) RequestAfter(r Request) (Request, error) {
	q := tx.rows().Where("conversation_id = ? AND id <> ? AND sent_at IS NOT NULL", r.ConversationID, r.ID)
	if r.SentAt != nil {
		q = q.Where("sent_at > ?", *r.SentAt)
	}
	return one[Request](q.Order("sent_at DESC, id DESC"))
}

// SetRequestCredit stores who worked before the request, once.
func (tx *Tx) SetRequestCredit(id string, who rating.Part, rule rating.CreditRule) error {
	if err := tx.holdAsks(id); err != nil {
		return err
	}
	return tx.rows().Model(&Request{}).Where("id = ? AND credit_rule = ''", id).Updates(map[string]any{
		"teammate_id": who.ID, "teammate_name": who.Name, "credit_rule": rule,
	}).Error
}

// RequestsOf reads the requests of some conversations, each conversation's oldest first.
func (t Tenant) RequestsOf(ctx context.Context, conversations ...string) ([]Request, error) {
	return list[Request](t.rows(ctx).Where("conversation_id IN ?", conversations).Order("conversation_id, created_at, id"))
}

// RequestsOf reads the requests of a conversation, oldest first, inside the transaction.
func (tx *Tx) RequestsOf(conversation string) ([]Request, error) {
	return list[Request](tx.rows().Where("conversation_id = ?", conversation).Order("created_at, id"))
}

// ContactAskedAt is when a contact was last asked, in any conversation of the workspace but by one request; zero for
// never.
func (tx *Tx) ContactAskedAt(contact, butRequest string) (time.Time, error) {
	if contact == "" {
		return time.Time{}, nil
	}
	r, err := one[Request](tx.rows().Where("contact_id = ? AND sent_at IS NOT NULL AND id <> ?", contact, butRequest).Order("sent_at DESC"))
	if errors.Is(err, ErrNotFound) {
		return time.Time{}, nil
	} else if err != nil {
		return time.Time{}, err
	}
	return *r.SentAt, nil
}

// OpenRequests reads requests that wait for an answer and were sent at a time or before it, the oldest first, and makes
// other writers of them wait: all at once and in one order, since they are of many conversations.
func (tx *Tx) OpenRequests(sentBy time.Time, limit int) ([]Request, error) {
	open, err := list[Request](tx.rows().Where("state IN ('sent', 'seen') AND sent_at <= ?", sentBy).Order("sent_at, id").Limit(limit))
	if err != nil {
		return nil, err
	}
	return open, tx.holdAsks(idsOf(open)...)
}

// DueRequests reads the requests of a conversation that are to be sent by now, oldest first.
func (t Tenant) DueRequests(ctx context.Context, conversation string) ([]Request, error) {
	return list[Request](t.rows(ctx).Where("conversation_id = ? AND state = ? AND due_at <= ?", conversation, rating.Scheduled, t.store.now()).
		Order("created_at, id"))
}

// OverdueRequests lists the conversations with a request that should have been sent before a time, or, where the
// customer's Workflow has to send it, before another.
func (tx *Tx) OverdueRequests(before, beforeByWorkflow time.Time) ([]string, error) {
	var ids []string
	err := tx.rows().Model(&Request{}).Where("state = 'scheduled' AND (method <> ? AND due_at < ? OR due_at < ?)",
		ByWorkflowCard, before, beforeByWorkflow).Distinct().Order("conversation_id").Pluck("conversation_id", &ids).Error
	return ids, err
}
