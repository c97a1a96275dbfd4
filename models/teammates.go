package models

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm/clause"
)

// Role says what a teammate may do in Rerate.
type Role string

// The roles. An admin may change things, a viewer may read them.
const (
	Admin  Role = "admin"
	Viewer Role = "viewer"
)

// Teammate is a person in the Intercom inbox.
type Teammate struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // Intercom's admin id
	Name        string
	Email       string
	Role        Role
	CreatedAt   time.Time
	SignedInAt  *time.Time
}

// Teammates lists the workspace's teammates by name.
func (t Tenant) Teammates(ctx context.Context) ([]Teammate, error) {
	return list[Teammate](t.rows(ctx).Order("name, id"))
}

// Teammate reads one teammate, ErrNotFound where nobody of that id is known.
func (tx *Tx) Teammate(id string) (Teammate, error) {
	return one[Teammate](tx.rows().Where("id = ?", id))
}

// SaveTeammate adds a teammate, or refreshes name and e-mail of one that is known; the role of a known one stays.
func (tx *Tx) SaveTeammate(who Teammate) (Teammate, error) {
	who.WorkspaceID, who.CreatedAt, who.Email = tx.Workspace, tx.Now, strings.ToLower(who.Email)
	if who.Role == "" {
		who.Role = Viewer
	}
	columns := []string{"name", "email"}
	if who.SignedInAt != nil {
		columns = append(columns, "signed_in_at")
	}
	err := tx.db.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}, {Name: "id"}},
		DoUpdates: clause.AssignmentColumns(columns),
	}).Create(&who).Error
	if err != nil {
		return Teammate{}, err
	}
	return one[Teammate](tx.rows().Where("id = ?", who.ID))
}

// HasAdmin reports whether anybody may change the workspace's settings yet.
func (tx *Tx) HasAdmin() (bool, error) {
	var n int64
	err := tx.rows().Model(&Teammate{}).Where("role = ?", Admin).Count(&n).Error
	return n > 0, err
}

// SetRole changes what a teammate may do and signs the teammate out everywhere, so that it holds at once.
// The last admin cannot be made a viewer: ErrLastAdmin.
func (tx *Tx) SetRole(id string, role Role) error {
	admins, err := list[Teammate](lockForUpdate(tx.rows().Where("role = ?", Admin)))
	if err != nil {
		return err
	}
	if role != Admin && len(admins) == 1 && admins[0].ID == id {
		return ErrLastAdmin
	}
	result := tx.rows().Model(&Teammate{}).Where("id = ? AND role <> ?", id, role).Update("role", role)
	if result.Error != nil || result.RowsAffected == 0 {
		return result.Error
	}
	return tx.rows().Where("teammate_id = ?", id).Delete(&Session{}).Error
}

// HasTeammateEmail reports whether the address belongs to a teammate: such a person's tap is never counted.
func (tx *Tx) HasTeammateEmail(email string) (bool, error) {
	if email == "" {
		return false, nil
	}
	if tx.known != nil {
		if email != tx.known.Email {
			return false, errUnknown
		}
		return tx.known.teammates[strings.ToLower(email)], nil
	}
	var n int64
	err := tx.rows().Model(&Teammate{}).Where("email = ?", strings.ToLower(email)).Count(&n).Error
	return n > 0, err
}

// TeammateNames are the names of all teammates by id.
func (tx *Tx) TeammateNames() (map[string]string, error) {
	all, err := list[Teammate](tx.rows())
	names := map[string]string{}
	for _, t := range all {
		names[t.ID] = t.Name
	}
	return names, err
}
