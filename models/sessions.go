package models

import (
	"context"
	"errors"
	"time"
)

// ErrLastAdmin means that a workspace would be left without anybody who may change it.
var ErrLastAdmin = errors.New("the last admin cannot become a viewer; make somebody else admin first")

// Session is one sign-in of a teammate in one browser. Only a hash of the cookie's value is kept.
type Session struct {
	IDHash      string `gorm:"primaryKey"`
	WorkspaceID string
	TeammateID  string
	CreatedAt   time.Time
	ExpiresAt   time.Time
}

// StartSession stores a session for a teammate of the workspace.
func (tx *Tx) StartSession(idHash, teammate string, lasts time.Duration) error {
	return tx.db.Create(&Session{
		IDHash: idHash, WorkspaceID: tx.Workspace, TeammateID: teammate,
		CreatedAt: tx.Now, ExpiresAt: tx.Now.Add(lasts),
	}).Error
}

// Session finds a session that has not ended, and whose it is: the one look-up before which nobody knows the
// workspace.
func (s *Store) Session(ctx context.Context, idHash string) (Session, Teammate, error) {
	session, err := one[Session](s.db.WithContext(ctx).Where("id_hash = ? AND expires_at > ?", idHash, s.now()))
	if err != nil {
		return Session{}, Teammate{}, err
	}
	who, err := one[Teammate](s.Tenant(session.WorkspaceID).rows(ctx).Where("id = ?", session.TeammateID))
	return session, who, err
}

// EndSession signs one browser out.
func (s *Store) EndSession(ctx context.Context, idHash string) error {
	return s.db.WithContext(ctx).Where("id_hash = ?", idHash).Delete(&Session{}).Error
}

// OAuthState is one OAuth round trip that has begun and not come back.
type OAuthState struct {
	IDHash    string `gorm:"primaryKey"`
	ExpiresAt time.Time
}

// TableName keeps GORM from writing "o_auth_states".
func (OAuthState) TableName() string { return "oauth_states" }

// StartOAuth remembers a state that was handed out.
func (s *Store) StartOAuth(ctx context.Context, idHash string, lasts time.Duration) error {
	return s.db.WithContext(ctx).Create(&OAuthState{IDHash: idHash, ExpiresAt: s.now().Add(lasts)}).Error
}

// FinishOAuth uses a state up. It answers false when the state was never handed out, was used or is too old.
func (s *Store) FinishOAuth(ctx context.Context, idHash string) (bool, error) {
	result := s.db.WithContext(ctx).Where("id_hash = ? AND expires_at > ?", idHash, s.now()).Delete(&OAuthState{})
	return result.RowsAffected == 1, result.Error
}

// Sweep deletes sessions and OAuth states that have ended, calls that are too old or too many, files that nobody has added,
// and old notifications, messages and digests. docs/operations.md lists what each table is bounded by.
func (s *Store) Sweep(ctx context.Context) error {
	db := s.db.WithContext(ctx)
	return errors.Join(
		db.Where("expires_at < ?", s.now()).Delete(&Session{}).Error,
		db.Where("expires_at < ?", s.now()).Delete(&OAuthState{}).Error,
		s.TrimCalls(ctx, KeepCalls),
		s.sweepEvents(ctx),
		s.sweepImports(ctx),
		s.sweepDeliveries(ctx),
		s.sweepDigestMails(ctx),
	)
}

// APIKey opens the management API for one workspace. Only a hash of the key is kept.
type APIKey struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Name        string
	KeyHash     string
	ReadOnly    bool
	CreatedAt   time.Time
	CreatedBy   string // a teammate's name, or "command line"
	RevokedAt   *time.Time
}

// TableName keeps GORM from guessing.
func (APIKey) TableName() string { return "api_keys" }

// AddAPIKey stores a new key.
func (tx *Tx) AddAPIKey(key APIKey) (APIKey, error) {
	key.WorkspaceID, key.ID, key.CreatedAt = tx.Workspace, tx.NewID(), tx.Now
	return key, tx.db.Create(&key).Error
}

// APIKeys lists the keys that work, newest first.
func (t Tenant) APIKeys(ctx context.Context) ([]APIKey, error) {
	return list[APIKey](t.rows(ctx).Where("revoked_at IS NULL").Order("created_at DESC, id DESC"))
}

// RevokeAPIKey ends a key at once.
func (tx *Tx) RevokeAPIKey(id string) error {
	result := tx.rows().Model(&APIKey{}).Where("id = ? AND revoked_at IS NULL", id).Update("revoked_at", tx.Now)
	if result.Error == nil && result.RowsAffected == 0 {
		return ErrNotFound
	}
	return result.Error
}

// APIKey finds a key that works: the one look-up before which nobody knows the workspace.
func (s *Store) APIKey(ctx context.Context, keyHash string) (APIKey, error) {
	return one[APIKey](s.db.WithContext(ctx).Where("key_hash = ? AND revoked_at IS NULL", keyHash))
}
