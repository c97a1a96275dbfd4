package models

import (
	"context"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Feedback is what somebody wrote who was not asked to rate: a customer on Messenger Home (Source FromHome), or a
// teammate who writes down what a customer said (FromTeammate). It is in no figure.
type Feedback struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	Source         Source
	SourceKey      string // the same each time the same feedback arrives
	Text           string
	Category       string // a key that the Inbox's form knows; empty on Home
	Score          int    // 0: none was given
	Scale          int    // how many options there were; 0 without a score
	Emoji          string // as whoever chose it saw it
	Label          string
	Locale         string
	ContactID      string // whose feedback it is; empty: not known
	ConversationID string // empty: not about one
	TeammateID     string // who wrote it down; empty on Home
	TeammateName   string
	Test           bool // given in test mode
	At             time.Time
	HandledAt      *time.Time
	HandledBy      string // the teammate's name
}

// TableName is the table; the library would look for feedbacks.
func (Feedback) TableName() string { return "feedback" }

// FeedbackFilter narrows a list of feedback. Empty fields do not narrow.
type FeedbackFilter struct {
	Source       Source
	Category     string
	Score        int
	Handled      YesNo
	Contact      string
	Conversation string
	Text         string // part of the text; letter case of ASCII does not matter
}

// AddFeedback stores feedback. It answers false when the same (by SourceKey) is stored already, and for a contact who
// was erased.
func (tx *Tx) AddFeedback(f Feedback) (bool, error) {
	if f.ContactID != "" {
		contact, err := one[Contact](tx.rows().Where("id = ?", f.ContactID))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return false, err
		}
		if contact.ErasedAt != nil {
			return false, nil
		}
	}
	f.WorkspaceID, f.ID, f.At = tx.Workspace, tx.NewID(), tx.Now
	result := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&f)
	return result.RowsAffected == 1, result.Error
}

// HandleFeedback marks feedback as handled by a teammate, or with an empty name as open again. What is marked already
// keeps who was first. It answers ErrNotFound where there is none.
func (tx *Tx) HandleFeedback(id, by string) error {
	if _, err := one[Feedback](tx.rows().Where("id = ?", id)); err != nil {
		return err
	}
	q := tx.rows().Model(&Feedback{}).Where("id = ?", id)
	if by == "" {
		return q.Updates(map[string]any{"handled_at": gorm.Expr("NULL"), "handled_by": ""}).Error
	}
	return q.Where("handled_at IS NULL").Updates(map[string]any{"handled_at": tx.Now, "handled_by": by}).Error
}

// Feedback lists feedback, newest first, after the cursor if there is one.
func (t Tenant) Feedback(ctx context.Context, f FeedbackFilter, after *Cursor, limit int) ([]Feedback, error) {
	q := t.feedback(ctx, f)
	if after != nil {
		q = q.Where("at < ? OR (at = ? AND id < ?)", after.At, after.At, after.ID)
	}
	return list[Feedback](q.Order("at DESC, id DESC").Limit(limit))
}

// CountFeedback counts what Feedback lists.
func (t Tenant) CountFeedback(ctx context.Context, f FeedbackFilter) (int64, error) {
	var n int64
	err := t.feedback(ctx, f).Model(&Feedback{}).Count(&n).Error
	return n, err
}

func (t Tenant) feedback(ctx context.Context, f FeedbackFilter) *gorm.DB {
	q := t.rows(ctx)
	for column, value := range map[string]string{
		"source": string(f.Source), "category": f.Category, "contact_id": f.Contact, "conversation_id": f.Conversation,
	} {
		if value != "" {
			q = q.Where(clause.Eq{Column: clause.Column{Name: column}, Value: value})
		}
	}
	if f.Score != 0 {
		q = q.Where("score = ?", f.Score)
	}
	if f.Text != "" {
		q = q.Where(`LOWER(text) LIKE ? ESCAPE '!'`, "%"+likely.Replace(strings.ToLower(f.Text))+"%")
	}
	return f.Handled.narrow(q, "handled_at IS NOT NULL", "handled_at IS NULL")
}

// likely makes a text one that LIKE takes as it stands.
var likely = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")
