package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"rerate/internal/rating"
)

// SetUp is how far a workspace has come, from what has happened in it; a nil time is what has not. Made-up conversations
// and wordings do not count.
type SetUp struct {
	WebhookAt   *time.Time // the newest webhook
	CardRatedAt *time.Time // the first answer that came through Rerate, counted or not
	PublishedAt *time.Time // the first wording by a teammate
	ReRatedAt   *time.Time // the first valid rating that can be compared with an earlier one
}

// SetUp looks at what has happened in the workspace.
func (t Tenant) SetUp(ctx context.Context) (SetUp, error) {
	var s SetUp
	event, err := t.LastEvent(ctx)
	if err == nil {
		s.WebhookAt = &event.ReceivedAt
	} else if !errors.Is(err, ErrNotFound) {
		return s, err
	}
	answers := func() *gorm.DB {
		return t.rows(ctx).Where("source IN ? AND conversation_id NOT LIKE ?", []Source{FromCard, FromLink, FromQuickReply, FromHome}, ExamplePrefix+"%")
	}
	first := func(q *gorm.DB) (*time.Time, error) {
		r, err := one[Rating](q.Order("at"))
		if errors.Is(err, ErrNotFound) {
			return nil, nil
		}
		return &r.At, err
	}
	if s.CardRatedAt, err = first(answers()); err != nil {
		return s, err
	}
	if s.ReRatedAt, err = first(answers().Where("why_not = '' AND change <> ?", rating.First)); err != nil {
		return s, err
	}
	w, err := one[Wording](t.rows(ctx).Where("author_id <> '' AND author_id NOT LIKE ?", ExamplePrefix+"%").Order("version"))
	if err == nil {
		s.PublishedAt = &w.PublishedAt
	} else if !errors.Is(err, ErrNotFound) {
		return s, err
	}
	return s, nil
}

// HealthSeen remembers that Intercom has asked whether the installation works.
func (tx *Tx) HealthSeen() error {
	return tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace).Update("health_at", tx.Now).Error
}
