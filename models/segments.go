package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm/clause"

	"rerate/internal/segment"
)

// Segment is a saved set of conditions on contacts, with the message to those who are in it.
type Segment struct {
	WorkspaceID     string `gorm:"primaryKey"`
	ID              string `gorm:"primaryKey"`
	Name            string
	Version         int           // of the rules
	Rules           segment.Rules `gorm:"serializer:json"`
	Channel         MessageChannel
	Subject         string // of an e-mail
	Body            string
	Automatic       bool       // whoever enters gets the message
	Paused          bool       // nothing is sent for now
	WorkedThroughAt *time.Time // when everybody was first looked at by these rules: who is in it before did not enter
	CreatedAt       time.Time
	SavedAt         time.Time
	SavedBy         string // teammate
	DeletedAt       *time.Time
}

// SegmentVersion is the rules of a segment as somebody saved them.
type SegmentVersion struct {
	WorkspaceID string        `gorm:"primaryKey"`
	SegmentID   string        `gorm:"primaryKey"`
	Version     int           `gorm:"primaryKey;autoIncrement:false"`
	Rules       segment.Rules `gorm:"serializer:json"`
	AuthorID    string
	SavedAt     time.Time
}

// SegmentMember says that a contact is in a segment now, by its present version.
type SegmentMember struct {
	WorkspaceID string `gorm:"primaryKey"`
	SegmentID   string `gorm:"primaryKey"`
	ContactID   string `gorm:"primaryKey"`
	EnteredAt   time.Time
}

// Segments lists the segments by name.
func (t Tenant) Segments(ctx context.Context) ([]Segment, error) {
	return list[Segment](t.rows(ctx).Where("deleted_at IS NULL").Order("name, id"))
}

// Segment reads a segment that is not deleted.
func (t Tenant) Segment(ctx context.Context, id string) (Segment, error) {
	return one[Segment](t.rows(ctx).Where("id = ? AND deleted_at IS NULL", id))
}

// Segment reads a segment that is not deleted and keeps everybody else from changing it until the transaction ends.
func (tx *Tx) Segment(id string) (Segment, error) {
	return one[Segment](lockForUpdate(tx.rows().Where("id = ? AND deleted_at IS NULL", id)))
}

// HoldSegments reads all segments, or those with the given ids, and keeps them as they are until the transaction ends.
func (tx *Tx) HoldSegments(ids ...string) ([]Segment, error) {
	query := tx.rows().Where("deleted_at IS NULL")
	if len(ids) > 0 {
		query = query.Where("id IN ?", ids)
	}
	return list[Segment](lock(query.Order("id"), clause.LockingStrengthShare))
}

// SaveSegment stores a segment: a new one where the ID is empty. Other rules make the next version, in which nobody is yet;
// messages that wait by the old ones are not sent.
func (tx *Tx) SaveSegment(s Segment, by string) (Segment, error) {
	s.WorkspaceID, s.SavedAt, s.SavedBy = tx.Workspace, tx.Now, by
	if s.ID == "" {
		s.ID, s.Version, s.CreatedAt, s.WorkedThroughAt, s.DeletedAt = tx.NewID(), 1, tx.Now, nil, nil
		if err := tx.db.Create(&s).Error; err != nil {
			return s, err
		}
		return s, tx.addSegmentVersion(s)
	}
	known, err := tx.Segment(s.ID)
	if err != nil {
		return s, err
	}
	s.CreatedAt, s.Version, s.WorkedThroughAt, s.DeletedAt = known.CreatedAt, known.Version, known.WorkedThroughAt, nil
	if known.Rules.Same(s.Rules) {
		return s, tx.updateSegment(s)
	}
	s.Version, s.WorkedThroughAt = known.Version+1, nil
	if err := tx.emptySegment(s.ID, "The conditions were changed before it was sent."); err != nil {
		return s, err
	}
	return s, errors.Join(tx.updateSegment(s), tx.addSegmentVersion(s))
}

func (tx *Tx) updateSegment(s Segment) error {
	return tx.rows().Model(&Segment{}).Where("id = ?", s.ID).Select("*").Omit("workspace_id", "id", "created_at").UpdateColumns(&s).Error
}

func (tx *Tx) addSegmentVersion(s Segment) error {
	return tx.db.Create(&SegmentVersion{
		WorkspaceID: tx.Workspace, SegmentID: s.ID, Version: s.Version, Rules: s.Rules, AuthorID: s.SavedBy, SavedAt: s.SavedAt,
	}).Error
}

// emptySegment takes everybody out and skips what waits to be sent.
func (tx *Tx) emptySegment(id, why string) error {
	if err := tx.rows().Where("segment_id = ?", id).Delete(&SegmentMember{}).Error; err != nil {
		return err
	}
	return tx.rows().Model(&SegmentMessage{}).Where("segment_id = ? AND state = ?", id, MessageWaiting).
		Updates(map[string]any{"state": MessageSkipped, "detail": why, "done_at": tx.Now}).Error
}

// DeleteSegment takes a segment out of use. What was sent stays in the books.
func (tx *Tx) DeleteSegment(id string) error {
	if _, err := tx.Segment(id); err != nil {
		return err
	}
	if err := tx.emptySegment(id, "The segment was deleted before it was sent."); err != nil {
		return err
	}
	return tx.rows().Model(&Segment{}).Where("id = ?", id).Update("deleted_at", tx.Now).Error
}

// SetSegment switches sending by itself, and pausing, of a segment.
func (tx *Tx) SetSegment(id string, automatic, paused bool) error {
	if _, err := tx.Segment(id); err != nil {
		return err
	}
	return tx.rows().Model(&Segment{}).Where("id = ?", id).Updates(map[string]any{"automatic": automatic, "paused": paused}).Error
}

// SegmentWorkedThrough remembers that everybody has been looked at by a version of the rules: from now on who comes in
// enters.
func (tx *Tx) SegmentWorkedThrough(id string, version int) error {
	return tx.rows().Model(&Segment{}).Where("id = ? AND version = ? AND worked_through_at IS NULL", id, version).
		Update("worked_through_at", tx.Now).Error
}

// EnterSegment puts a contact into a segment; false: they were in it.
func (tx *Tx) EnterSegment(id, contact string) (bool, error) {
	row := SegmentMember{WorkspaceID: tx.Workspace, SegmentID: id, ContactID: contact, EnteredAt: tx.Now}
	result := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	return result.RowsAffected == 1, result.Error
}

// LeaveSegment takes a contact out of a segment.
func (tx *Tx) LeaveSegment(id, contact string) error {
	return tx.rows().Where("segment_id = ? AND contact_id = ?", id, contact).Delete(&SegmentMember{}).Error
}

// MembersAmong says who of some contacts is in which segments, by contact and segment.
func (tx *Tx) MembersAmong(contacts []string) (map[string]map[string]bool, error) {
	rows, err := list[SegmentMember](tx.rows().Where("contact_id IN ?", contacts))
	if err != nil {
		return nil, err
	}
	in := map[string]map[string]bool{}
	for _, row := range rows {
		if in[row.ContactID] == nil {
			in[row.ContactID] = map[string]bool{}
		}
		in[row.ContactID][row.SegmentID] = true
	}
	return in, nil
}

// InSegment reports whether a contact is in a segment now.
func (tx *Tx) InSegment(id, contact string) (bool, error) {
	var n int64
	err := tx.rows().Model(&SegmentMember{}).Where("segment_id = ? AND contact_id = ?", id, contact).Count(&n).Error
	return n > 0, err
}

// MembersOf lists the contacts in a segment by id, after one of them.
func (t Tenant) MembersOf(ctx context.Context, segment, after string, limit int) ([]string, error) {
	var ids []string
	err := t.rows(ctx).Model(&SegmentMember{}).Where("segment_id = ? AND contact_id > ?", segment, after).
		Order("contact_id").Limit(limit).Pluck("contact_id", &ids).Error
	return ids, err
}

// SegmentCount is what a segment has come to.
type SegmentCount struct {
	Members  int64 // now
	Sent     int64 // messages, of all versions
	Answered int64 // of these
	Waiting  int64
	Failed   int64
	Skipped  int64
}

// SegmentCounts counts for every segment, by id.
func (t Tenant) SegmentCounts(ctx context.Context) (map[string]SegmentCount, error) {
	type row struct {
		SegmentID string
		State     MessageState
		N         int64
	}
	counts := map[string]SegmentCount{}
	var rows []row
	if err := t.rows(ctx).Model(&SegmentMember{}).Select("segment_id, COUNT(*) AS n").Group("segment_id").Scan(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		counts[r.SegmentID] = SegmentCount{Members: r.N}
	}
	rows = nil
	if err := t.rows(ctx).Model(&SegmentMessage{}).Select("segment_id, state, COUNT(*) AS n").Group("segment_id, state").Scan(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		c := counts[r.SegmentID]
		switch r.State {
		case MessageSent:
			c.Sent = r.N
		case MessageWaiting, MessageBegun:
			c.Waiting += r.N
		case MessageFailed:
			c.Failed = r.N
		case MessageSkipped:
			c.Skipped = r.N
		}
		counts[r.SegmentID] = c
	}
	rows = nil
	err := t.rows(ctx).Model(&SegmentMessage{}).Select("segment_id, COUNT(*) AS n").
		Where(`EXISTS (SELECT 1 FROM requests AS r WHERE r.workspace_id = segment_messages.workspace_id
			AND r.id = segment_messages.request_id AND r.rated_at IS NOT NULL)`).Group("segment_id").Scan(&rows).Error
	for _, r := range rows {
		c := counts[r.SegmentID]
		c.Answered = r.N
		counts[r.SegmentID] = c
	}
	return counts, err
}
