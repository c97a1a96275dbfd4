package models

import (
	"context"
	"errors"
	"time"

	"rerate/internal/rating"
)

// Wording is one published version of a workspace's wording.
type Wording struct {
	WorkspaceID string         `gorm:"primaryKey"`
	Version     int            `gorm:"primaryKey;autoIncrement:false"`
	Body        rating.Wording `gorm:"serializer:json"`
	AuthorID    string         // a teammate, or "" for Rerate itself
	PublishedAt time.Time
}

// PublishWording stores a checked wording as the next version.
func (tx *Tx) PublishWording(body rating.Wording, author string) (Wording, error) {
	body = body.Clean()
	if problems := body.Validate(); problems != nil {
		return Wording{}, problems
	}
	if _, err := one[Workspace](lockForUpdate(tx.db.Where("id = ?", tx.Workspace))); err != nil {
		return Wording{}, err
	}
	latest, err := one[Wording](tx.rows().Order("version DESC"))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Wording{}, err
	}
	next := Wording{WorkspaceID: tx.Workspace, Version: latest.Version + 1, Body: body, AuthorID: author, PublishedAt: tx.Now}
	return next, tx.db.Create(&next).Error
}

// Wording reads the version that is asked with now.
func (t Tenant) Wording(ctx context.Context) (Wording, error) {
	return one[Wording](t.rows(ctx).Order("version DESC"))
}

// Wordings lists all versions, newest first.
func (t Tenant) Wordings(ctx context.Context) ([]Wording, error) {
	return list[Wording](t.rows(ctx).Order("version DESC"))
}

// Wording reads the version that is asked with now, inside the transaction.
func (tx *Tx) Wording() (Wording, error) { return one[Wording](tx.rows().Order("version DESC")) }

// WordingVersion reads one version inside the transaction.
func (tx *Tx) WordingVersion(version int) (Wording, error) {
	if tx.known != nil {
		if w, ok := tx.known.wordings[version]; ok {
			return w, nil
		}
		return Wording{}, errUnknown
	}
	return one[Wording](tx.rows().Where("version = ?", version))
}

// WordingsBefore lists the versions below one, newest first; below 0 means all.
func (t Tenant) WordingsBefore(ctx context.Context, version, limit int) ([]Wording, error) {
	q := t.rows(ctx)
	if version > 0 {
		q = q.Where("version < ?", version)
	}
	return list[Wording](q.Order("version DESC").Limit(limit))
}
