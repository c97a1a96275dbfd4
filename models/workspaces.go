package models

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rerate/internal/rating"
)

// Settings are a workspace's settings, stored as JSON.
type Settings = rating.Settings

// Workspace is one Intercom workspace that installed Rerate.
type Workspace struct {
	ID             string `gorm:"primaryKey"` // Intercom's id_code
	Name           string
	Region         string // US, EU or AU
	Token          []byte // Intercom's access token, encrypted; nil once uninstalled
	TokenInvalidAt *time.Time
	InstallerID    string   // the teammate whose name our notes carry
	Settings       Settings `gorm:"serializer:json"`
	HasExampleData bool
	InstalledAt    time.Time
	UninstalledAt  *time.Time
	EraseAt        *time.Time // once uninstalled: from when on what is stored of it is erased
	ErasedAt       *time.Time // when that was done
	PolledUntil    *time.Time // up to where the reconciling poll has seen Intercom's changes
	DryRunAt       *time.Time // when somebody last looked at what the rules would do
	HealthAt       *time.Time // when Intercom last asked whether the installation works
	ReportsVersion int        // of the declaration of figures by which its reports were built
	SearchVersion  int        // of the index of words that has all its remarks
	ReportsPercent int        // how much of them is built
}

// Rebuilding reports whether figures may be wrong because they are being built again, and how many per cent are done.
func (w Workspace) Rebuilding() (percent int, yes bool) {
	if w.ReportsVersion < ReportsVersion && w.ReportsPercent == 100 {
		return 0, true // it is about to begin
	}
	return w.ReportsPercent, w.ReportsPercent < 100
}

// Connected reports whether Rerate may call Intercom for this workspace.
func (w Workspace) Connected() bool {
	return w.UninstalledAt == nil && w.TokenInvalidAt == nil && len(w.Token) > 0
}

// Get reads the workspace, installed or not; ErrNotFound when it never was.
func (t Tenant) Get(ctx context.Context) (Workspace, error) {
	return one[Workspace](t.store.db.WithContext(ctx).Where("id = ?", t.Workspace))
}

// Get reads the workspace inside the transaction.
func (tx *Tx) Get() (Workspace, error) {
	if tx.known != nil {
		if tx.known.workspace.ID == "" {
			return Workspace{}, ErrNotFound
		}
		return tx.known.workspace, nil
	}
	return one[Workspace](tx.db.Where("id = ?", tx.Workspace))
}

// Settings reads the workspace's settings, once per transaction.
func (tx *Tx) Settings() (Settings, error) {
	if tx.settings == nil {
		w, err := tx.Get()
		if err != nil {
			return Settings{}, fmt.Errorf("reading the settings of workspace %s: %w", tx.Workspace, err)
		}
		tx.settings = &w.Settings
	}
	return *tx.settings, nil
}

// holdSettings reads the settings and keeps them as they are until the transaction ends: with the strength Share so
// that no rating is counted on a day of a time zone that an admin is just leaving, with Update so that none is
// counted meanwhile.
func (tx *Tx) holdSettings(strength string) (Settings, error) {
	if !tx.held || strength == clause.LockingStrengthUpdate {
		w, err := one[Workspace](lock(tx.db.Where("id = ?", tx.Workspace), strength))
		if err != nil {
			return Settings{}, fmt.Errorf("reading the settings of workspace %s: %w", tx.Workspace, err)
		}
		tx.settings, tx.held = &w.Settings, true
	}
	return *tx.settings, nil
}

// Install stores the workspace as connected, keeping the settings of an earlier installation, and the time of one that
// has not ended: what was closed while Intercom refused our access is still asked about.
func (tx *Tx) Install(w Workspace) error {
	known, err := tx.Get()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	w.ID, w.InstalledAt, w.TokenInvalidAt, w.UninstalledAt = tx.Workspace, tx.Now, nil, nil
	w.EraseAt, w.ErasedAt = nil, nil
	if err != nil {
		w.ReportsVersion, w.ReportsPercent, w.SearchVersion = ReportsVersion, 100, SearchVersion // there is nothing to build yet
	}
	if err == nil && known.UninstalledAt == nil {
		w.InstalledAt = known.InstalledAt
	}
	return tx.db.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{
			"name", "region", "token", "token_invalid_at", "installer_id", "installed_at", "uninstalled_at", "erase_at", "erased_at",
		}),
	}).Create(&w).Error
}

// Uninstall forgets the token and every endpoint, and ends every session. The rest stays for Grace and is then erased.
func (tx *Tx) Uninstall() error {
	if err := tx.db.Model(&Workspace{}).Where("id = ? AND uninstalled_at IS NULL", tx.Workspace).
		Updates(map[string]any{"token": nil, "uninstalled_at": tx.Now, "erase_at": tx.Now.Add(Grace)}).Error; err != nil {
		return err
	}
	if err := tx.forgetEndpoints(); err != nil {
		return err
	}
	return tx.rows().Delete(&Session{}).Error
}

// SetToken stores the token under another encryption.
func (tx *Tx) SetToken(sealed []byte) error {
	return tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace).Update("token", sealed).Error
}

// TokenInvalid remembers that Intercom refused the token, so that the dashboard asks to reconnect.
func (tx *Tx) TokenInvalid() error {
	return tx.db.Model(&Workspace{}).Where("id = ? AND token_invalid_at IS NULL", tx.Workspace).
		Update("token_invalid_at", tx.Now).Error
}

// SaveSettings stores checked settings. A new time zone moves every rating to its new local day: at once, or, where there
// are many, by a rebuild that somebody has to go on with.
func (tx *Tx) SaveSettings(s Settings) error {
	if problems := s.Validate(); problems != nil {
		return problems
	}
	before, err := tx.holdSettings(clause.LockingStrengthUpdate)
	if err != nil {
		return err
	}
	body, err := json.Marshal(s.Clean())
	if err != nil {
		return err
	}
	if err := tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace).Update("settings", gorm.Expr("?", string(body))).Error; err != nil {
		return err
	}
	tx.settings = &s
	if before.TimeZone == s.TimeZone {
		return nil
	}
	return tx.rebuildSoon(RecountZone)
}

// Workspaces lists every workspace that is installed now, for jobs that visit all of them.
func (s *Store) Workspaces(ctx context.Context) ([]Workspace, error) {
	return list[Workspace](s.db.WithContext(ctx).Where("uninstalled_at IS NULL").Order("id"))
}
