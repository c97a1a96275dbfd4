package models

import (
	"context"
	"errors"
	"reflect"
	"time"

	"gorm.io/gorm/clause"
)

// SettingsChange is one time that somebody changed settings: all of them, before and after.
type SettingsChange struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	At          time.Time
	Author      string   // the name of a teammate or of an API key
	Before      Settings `gorm:"serializer:json"`
	After       Settings `gorm:"serializer:json"`
}

// ChangeSettings stores checked settings as SaveSettings does, and who changed them from what. Settings that are as
// they were leave no trace.
func (tx *Tx) ChangeSettings(s Settings, author string) error {
	before, err := tx.holdSettings(clause.LockingStrengthUpdate)
	if err != nil {
		return err
	}
	if err := tx.SaveSettings(s); err != nil {
		return err
	}
	before, s = before.Clean(), s.Clean()
	if reflect.DeepEqual(before, s) {
		return nil
	}
	return tx.db.Create(&SettingsChange{
		WorkspaceID: tx.Workspace, ID: tx.NewID(), At: tx.Now, Author: author, Before: before, After: s,
	}).Error
}

// SettingsChanges lists who changed what, newest first.
func (t Tenant) SettingsChanges(ctx context.Context, limit int) ([]SettingsChange, error) {
	return list[SettingsChange](t.rows(ctx).Order("at DESC, id DESC").Limit(limit))
}

// SettingsAt is the settings that were in force at a time, as far as their changes are known.
func (t Tenant) SettingsAt(ctx context.Context, at time.Time) (Settings, error) {
	next, err := one[SettingsChange](t.rows(ctx).Where("at > ?", at).Order("at, id"))
	if err == nil {
		return next.Before, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return Settings{}, err
	}
	w, err := t.Get(ctx)
	return w.Settings, err
}
