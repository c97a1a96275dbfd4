package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm/clause"

	"rerate/internal/rating"
	"rerate/internal/stats"
)

// Digest is when a workspace wants its weekly digest, in its own time zone.
type Digest struct {
	WorkspaceID string `gorm:"primaryKey"`
	Enabled     bool
	Weekday     time.Weekday
	Hour        int
	Since       time.Time // of the times above: nothing before it is caught up
	SavedBy     string    // the teammate's name
	SavedAt     time.Time
}

// DigestRecipient is who gets it: a teammate, or an address alone.
type DigestRecipient struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ID             string `gorm:"primaryKey"`
	TeammateID     string
	Email          string // where there is no teammate
	AddedAt        time.Time
	UnsubscribedAt *time.Time
}

// DigestMail is the one mail of a week to an address.
type DigestMail struct {
	WorkspaceID string    `gorm:"primaryKey"`
	ID          string    `gorm:"primaryKey"`
	Week        stats.Day // its Monday
	Email       string
	RecipientID string
	State       DigestState
	Detail      string // what became of it, for the team
	Attempts    int
	CreatedAt   time.Time
	DueAt       time.Time // not before; also the end of a worker's time with it
	GiveUpAt    time.Time // not sent by then, it is not sent by itself any more
	DoneAt      *time.Time
}

// DigestState is where a mail of the digest stands.
type DigestState string

// The states. One that has begun is being handed to the mail server; unclear means that nobody knows whether it was sent.
const (
	DigestWaiting DigestState = "waiting"
	DigestBegun   DigestState = "begun"
	DigestSent    DigestState = "sent"
	DigestFailed  DigestState = "failed"
	DigestUnclear DigestState = "unclear"
	DigestSkipped DigestState = "skipped"
)

// defaultDigest is off; when it is turned on, the week that has just ended is told on Monday morning.
func defaultDigest(workspace string) Digest {
	return Digest{WorkspaceID: workspace, Weekday: time.Monday, Hour: 9}
}

// Digest reads when the workspace wants its digest.
func (t Tenant) Digest(ctx context.Context) (Digest, error) {
	d, err := one[Digest](t.rows(ctx))
	if errors.Is(err, ErrNotFound) {
		return defaultDigest(t.Workspace), nil
	}
	return d, err
}

// HoldDigest is Tenant.Digest inside the transaction; nobody else changes or plans the digest until it ends.
func (tx *Tx) HoldDigest() (Digest, error) {
	d := defaultDigest(tx.Workspace)
	d.Since, d.SavedAt = tx.Now, tx.Now
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&d).Error; err != nil {
		return Digest{}, err
	}
	return one[Digest](lockForUpdate(tx.rows()))
}

// SaveDigest stores when the workspace wants its digest.
func (tx *Tx) SaveDigest(d Digest) error {
	d.WorkspaceID, d.SavedAt = tx.Workspace, tx.Now
	return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&d).Error
}

// DigestRecipients lists who gets the digest, and who has unsubscribed.
func (t Tenant) DigestRecipients(ctx context.Context) ([]DigestRecipient, error) {
	return list[DigestRecipient](t.rows(ctx).Order("added_at, id"))
}

// DigestRecipients lists them inside the transaction.
func (tx *Tx) DigestRecipients() ([]DigestRecipient, error) {
	return list[DigestRecipient](tx.rows().Order("added_at, id"))
}

// AddDigestRecipient has a teammate or an address get the digest from now on, also one that had unsubscribed.
func (tx *Tx) AddDigestRecipient(teammate, email string) error {
	r := DigestRecipient{WorkspaceID: tx.Workspace, ID: tx.NewID(), TeammateID: teammate, Email: email, AddedAt: tx.Now}
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&r).Error; err != nil {
		return err
	}
	return tx.rows().Model(&DigestRecipient{}).Where("teammate_id = ? AND email = ? AND unsubscribed_at IS NOT NULL", teammate, email).
		Updates(map[string]any{"added_at": tx.Now, "unsubscribed_at": nil}).Error
}

// RemoveDigestRecipient forgets a recipient.
func (tx *Tx) RemoveDigestRecipient(id string) error {
	return tx.rows().Where("id = ?", id).Delete(&DigestRecipient{}).Error
}

// UnsubscribeDigest remembers that a recipient wants no more. Doing it again, or for nobody, changes nothing.
func (tx *Tx) UnsubscribeDigest(id string) error {
	return tx.rows().Model(&DigestRecipient{}).Where("id = ? AND unsubscribed_at IS NULL", id).Update("unsubscribed_at", tx.Now).Error
}

// PlanDigest puts in the mail of a week to an address. It answers false when there is one already.
func (tx *Tx) PlanDigest(m DigestMail) (DigestMail, bool, error) {
	m.WorkspaceID, m.ID, m.State, m.CreatedAt, m.DueAt = tx.Workspace, tx.NewID(), DigestWaiting, tx.Now, tx.Now
	result := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&m)
	return m, result.RowsAffected == 1, result.Error
}

// DigestMail reads one mail and makes other workers of it wait.
func (tx *Tx) DigestMail(id string) (DigestMail, error) {
	return one[DigestMail](lockForUpdate(tx.rows().Where("id = ?", id)))
}

// SaveDigestMail stores what became of a mail.
func (tx *Tx) SaveDigestMail(m DigestMail) error {
	return tx.rows().Model(&DigestMail{}).Where("id = ?", m.ID).
		Select("state", "detail", "attempts", "due_at", "give_up_at", "done_at").UpdateColumns(&m).Error
}

// OverdueDigestMails lists what should have been sent before a time.
func (t Tenant) OverdueDigestMails(ctx context.Context, before time.Time) ([]DigestMail, error) {
	return list[DigestMail](t.rows(ctx).Where("state IN ? AND due_at < ?", []DigestState{DigestWaiting, DigestBegun}, before).Order("due_at, id").Limit(100))
}

// DigestMails lists the mails of a week and later, the newest week first.
func (t Tenant) DigestMails(ctx context.Context, since stats.Day) ([]DigestMail, error) {
	return list[DigestMail](t.rows(ctx).Where("week >= ?", since).Order("week DESC, email, id"))
}

// DigestRemarks lists valid ratings of a sentiment with a remark: the furthest from the middle first, of these the newest.
// What an erased contact said is not among them.
func (t Tenant) DigestRemarks(ctx context.Context, r stats.Range, sentiment rating.Sentiment, limit int) ([]Rating, error) {
	order := "(score - 1.0) / (scale - 1)"
	if sentiment == rating.Positive {
		order += " DESC"
	}
	return list[Rating](t.rows(ctx).Where("at >= ? AND at < ? AND why_not = '' AND remark <> '' AND sentiment = ?", r.Start(), r.End(), sentiment).
		Where(`NOT EXISTS (SELECT 1 FROM contacts AS c WHERE c.workspace_id = ratings.workspace_id
			AND c.id = ratings.contact_id AND c.erased_at IS NOT NULL)`).
		Order(order + ", at DESC, id DESC").Limit(limit))
}

// KeepDigestMails is how long what became of a mail is listed: the weeks that the page shows, and two more.
const KeepDigestMails = 14 * 7 * 24 * time.Hour

// sweepDigestMails deletes old mails.
func (s *Store) sweepDigestMails(ctx context.Context) error {
	return s.db.WithContext(ctx).Where("created_at < ?", s.now().Add(-KeepDigestMails)).Delete(&DigestMail{}).Error
}
