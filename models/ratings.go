package models

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"rerate/internal/rating"
)

// Source says where a rating came from.
type Source string

// The sources. Intercom is its own rating, Teammate is feedback that a teammate recorded by hand.
const (
	FromCard       Source = "card"
	FromLink       Source = "link"
	FromQuickReply Source = "quick_reply"
	FromHome       Source = "home"
	FromIntercom   Source = "intercom"
	FromImport     Source = "import"
	FromTeammate   Source = "teammate"
)

// WhyNot says why a rating is left out of every figure; empty means that it is valid.
type WhyNot string

// The reasons. Unverified waits until Intercom has said that the contact takes part in the conversation.
const (
	Valid      WhyNot = ""
	Unverified WhyNot = "unverified"
	Suspect    WhyNot = "suspect"
	Void       WhyNot = "void"
	Test       WhyNot = "test"
	Undone     WhyNot = "undone"
)

// WhyNots are the reasons, Valid aside.
var WhyNots = []WhyNot{Unverified, Suspect, Void, Test, Undone}

// Integrity says how sure it is that the person who was asked gave the answer.
type Integrity string

// The labels: signed by Intercom, a person on the hosted page, an answer there that may be a scanner's, Intercom's own
// rating, an imported one, one that a teammate wrote down.
const (
	ByMessenger Integrity = "messenger"
	ByPerson    Integrity = "person"
	Doubtful    Integrity = "doubtful"
	ByIntercom  Integrity = "intercom"
	ByImport    Integrity = "import"
	ByTeammate  Integrity = "teammate"
)

// integrity is the label of an answer of which nothing else is known.
func (s Source) integrity() Integrity {
	switch s {
	case FromLink:
		return ByPerson
	case FromIntercom:
		return ByIntercom
	case FromImport:
		return ByImport
	case FromTeammate:
		return ByTeammate
	}
	return ByMessenger
}

// Rating is one answer. Its score is never changed or deleted by a later one.
type Rating struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	ConversationID string
	ContactID      string
	RequestID      string // empty: not an answer to a request of ours
	Revision       int    // 1 for the first answer of the contact to the request
	Source         Source
	SourceKey      string // the same each time the same answer arrives
	Score          int    // 1 is worst
	Scale          int    // how many options there were
	Sentiment      rating.Sentiment
	Emoji          string // as the customer saw it
	Label          string
	WordingVersion int // 0: not asked in our words
	Locale         string
	Remark         string
	RemarkAt       *time.Time
	WhatChanged    string // fixed, explained, still_broken, tapped_wrong or empty
	At             time.Time
	Change         rating.Change // against the first valid rating; derived
	PreviousScore  *int          // of the valid rating before; derived
	WhyNot         WhyNot
	TeammateID     string // who is credited, once Intercom has been read
	TeammateName   string
	CreditRule     rating.CreditRule
	Channel        string
	Integrity      Integrity
	Doubt          string // why a suspect answer is one, for the team
	ImportID       string // the file that it came with; empty otherwise
	HandledAt      *time.Time
	HandledBy      string // the teammate who said so, by name
	Replied        YesNo  // a teammate replied between the contact's valid rating before and this one; Either: not known
}

// Value is the score on its scale.
func (r Rating) Value() rating.Score {
	return rating.Score{Value: r.Score, Of: r.Scale, Sentiment: r.Sentiment}
}

// Valid reports whether the rating is part of the figures.
func (r Rating) Valid() bool { return r.WhyNot == Valid }

// ByTime orders ratings as History does.
const byTime = "at, id"

// AddRating stores an answer and moves the conversation's summary and the rollups with it. When the same
// answer (by SourceKey) is stored already nothing changes: added is false and the stored row is returned.
// The caller has taken the conversation with Tx.Conversation.
func (tx *Tx) AddRating(r Rating) (stored Rating, added bool, err error) {
	r.WorkspaceID, r.ID = tx.Workspace, tx.NewID()
	if r.Change == "" {
		r.Change = rating.First
	}
	if r.Integrity == "" {
		r.Integrity = r.Source.integrity()
	}
	if tx.known != nil {
		return tx.known.add(tx, r)
	}
	result := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&r)
	if result.Error != nil {
		return Rating{}, false, result.Error
	}
	if result.RowsAffected == 0 {
		stored, err = one[Rating](tx.rows().Where("source_key = ?", r.SourceKey))
		return stored, false, err
	}
	if err := tx.indexRatings([]Rating{r}); err != nil {
		return Rating{}, false, err
	}
	if err := tx.summarise(r.ConversationID, r.ContactID); err != nil {
		return Rating{}, false, err
	}
	stored, err = tx.Rating(r.ID)
	return stored, true, err
}

// Rating reads one rating inside the transaction.
func (tx *Tx) Rating(id string) (Rating, error) { return one[Rating](tx.rows().Where("id = ?", id)) }

// LatestAnswer is the newest answer of a contact to a request, undone or not; ErrNotFound when there is none. An answer
// that may not be theirs never stands in their way, so it is none of these, not even where an admin counts it.
func (tx *Tx) LatestAnswer(request, contact string) (Rating, error) {
	if tx.known != nil {
		return tx.known.latestAnswer(request, contact)
	}
	return one[Rating](tx.rows().Where("request_id = ? AND contact_id = ? AND integrity <> ?", request, contact, Doubtful).
		Order("revision DESC"))
}

// AddRemark adds the customer's words to a rating that has none yet. It answers false when it has, and for a contact
// who was erased.
func (tx *Tx) AddRemark(id, remark string) (bool, error) {
	result := tx.rows().Model(&Rating{}).Where("id = ? AND remark_at IS NULL", id).
		Where(`NOT EXISTS (SELECT 1 FROM contacts c WHERE c.workspace_id = ratings.workspace_id
			AND c.id = ratings.contact_id AND c.erased_at IS NOT NULL)`).
		Updates(map[string]any{"remark": remark, "remark_at": tx.Now})
	if result.Error != nil || result.RowsAffected != 1 {
		return false, result.Error
	}
	r, err := tx.Rating(id)
	if err != nil {
		return false, err
	}
	return true, tx.reindex(r)
}

// SetWhatChanged stores the customer's reason for another rating.
func (tx *Tx) SetWhatChanged(id, reason string) error {
	return tx.rows().Model(&Rating{}).Where("id = ?", id).Update("what_changed", reason).Error
}

// SetWhyNot takes a rating out of the figures, or back in with Valid.
func (tx *Tx) SetWhyNot(r Rating, why WhyNot) error {
	if err := tx.rows().Model(&Rating{}).Where("id = ?", r.ID).Update("why_not", why).Error; err != nil {
		return err
	}
	return tx.summarise(r.ConversationID, r.ContactID)
}

// Judge stores what is thought of an answer of the hosted page by now: whether it counts, how sure that is, why not, when
// it was given, and as which of the contact's answers.
func (tx *Tx) Judge(r Rating) error {
	if err := tx.rows().Model(&Rating{}).Where("id = ?", r.ID).Updates(map[string]any{
		"why_not": r.WhyNot, "integrity": r.Integrity, "doubt": r.Doubt, "at": r.At, "revision": r.Revision,
	}).Error; err != nil {
		return err
	}
	if err := tx.reindex(r); err != nil {
		return err
	}
	return tx.summarise(r.ConversationID, r.ContactID)
}

// SetCredit stores who a rating belongs to. It is taken once: a rating that has a teammate keeps it.
func (tx *Tx) SetCredit(r Rating, who rating.Part, rule rating.CreditRule) error {
	if err := tx.rows().Model(&Rating{}).Where("id = ? AND credit_rule = ''", r.ID).Updates(map[string]any{
		"teammate_id": who.ID, "teammate_name": who.Name, "credit_rule": rule,
	}).Error; err != nil {
		return err
	}
	return tx.summarise(r.ConversationID, r.ContactID)
}

// SetReplied stores whether a teammate replied between the contact's rating before and this one.
func (tx *Tx) SetReplied(r Rating, replied YesNo) error {
	if err := tx.rows().Model(&Rating{}).Where("id = ?", r.ID).Update("replied", replied).Error; err != nil {
		return err
	}
	return tx.summarise(r.ConversationID, r.ContactID)
}

// RatingsOf reads every rating of a conversation, oldest first, inside the transaction.
func (tx *Tx) RatingsOf(conversation string) ([]Rating, error) {
	return list[Rating](tx.rows().Where("conversation_id = ?", conversation).Order(byTime))
}

// Rating reads one rating.
func (t Tenant) Rating(ctx context.Context, id string) (Rating, error) {
	return one[Rating](t.rows(ctx).Where("id = ?", id))
}

// RatingsOf reads every rating of some conversations, oldest first.
func (t Tenant) RatingsOf(ctx context.Context, conversations ...string) ([]Rating, error) {
	return list[Rating](t.rows(ctx).Where("conversation_id IN ?", conversations).Order(byTime))
}

// HistoryOf picks the valid ratings of one contact in one conversation. It is nil when there are none.
func HistoryOf(ratings []Rating, conversation, contact string) rating.History {
	var rated []rating.Rated
	for _, r := range ratings {
		if r.Valid() && r.ConversationID == conversation && r.ContactID == contact {
			rated = append(rated, rating.Rated{ID: r.ID, Score: r.Value(), At: r.At})
		}
	}
	if rated == nil {
		return nil
	}
	return rating.NewHistory(rated)
}

// summarise derives again what one contact said in one conversation: the change and the previous score of each
// rating, the summary row, and, when the transaction ends, the rollups, from which the old summary is taken and to
// which the new is added.
func (tx *Tx) summarise(conversation, contact string) error {
	settings, err := tx.holdSettings(clause.LockingStrengthShare)
	if err != nil {
		return err
	}
	if err := tx.dropPending(conversation); err != nil {
		return err
	}
	ratings, err := list[Rating](tx.rows().Where("conversation_id = ? AND contact_id = ?", conversation, contact).Order(byTime))
	if err != nil {
		return err
	}
	if err := tx.compare(ratings); err != nil {
		return err
	}
	around, err := tx.circumstancesOf(conversation)
	if err != nil {
		return err
	}
	var next []Summary
	if summary, ok := newSummary(ratings, around[conversation], settings.Location()); ok {
		next = append(next, summary)
	}
	before, err := list[Summary](tx.rows().Where("conversation_id = ? AND contact_id = ?", conversation, contact))
	if err != nil {
		return err
	}
	if err := tx.replaceSummaries(before, next); err != nil {
		return err
	}
	tx.before, tx.next = append(tx.before, before...), append(tx.next, next...)
	return nil
}

// compare writes change and previous score where they are not what the earlier valid ratings say.
func (tx *Tx) compare(ratings []Rating) error {
	for i, r := range compared(ratings) {
		if sameChange(r, ratings[i]) {
			continue
		}
		if err := tx.rows().Model(&Rating{}).Where("id = ?", r.ID).
			Updates(map[string]any{"change": r.Change, "previous_score": r.PreviousScore}).Error; err != nil {
			return err
		}
	}
	return nil
}

// compared are ratings, oldest first, with the change and the previous score that the earlier valid ones say.
func compared(ratings []Rating) []Rating {
	all := slices.Clone(ratings)
	var first, previous *Rating
	for i := range all {
		r := &all[i]
		r.Change, r.PreviousScore = rating.First, nil
		if first != nil {
			r.Change, r.PreviousScore = r.Value().ChangeFrom(first.Value()), &previous.Score
		}
		if r.Valid() {
			previous = r
			if first == nil {
				first = r
			}
		}
	}
	return all
}

func sameChange(a, b Rating) bool {
	return a.Change == b.Change && equal(a.PreviousScore, b.PreviousScore)
}

func equal(a, b *int) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
