package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// DeliveryState is what became of a delivery.
type DeliveryState string

// The states. Gathered ones are told of in one message for several; skipped ones turned out not to be worth one.
const (
	DeliveryWaiting  DeliveryState = "waiting"
	DeliveryDone     DeliveryState = "done"
	DeliveryFailed   DeliveryState = "failed"
	DeliverySkipped  DeliveryState = "skipped"
	DeliveryGathered DeliveryState = "gathered"
)

// DeliveryStates are all of them.
var DeliveryStates = []DeliveryState{DeliveryWaiting, DeliveryDone, DeliveryFailed, DeliverySkipped, DeliveryGathered}

// Delivery is one message to one endpoint, sent or to be sent. What it says is not stored: it is made when it is sent.
type Delivery struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"` // the receiver sees it, the same at every try
	EndpointID  string
	Type        string
	Key         string // the same for the same thing; unique for an endpoint
	RatingID    string // that it speaks of; empty for none
	State       DeliveryState
	At          time.Time // when what it tells of happened
	DueAt       time.Time // not before
	NextAt      time.Time // of the next try
	Attempts    int
	Status      int    // HTTP status of the newest answer; 0: there was none
	Detail      string // what became of it, in plain words
	SummaryID   string // of the delivery that it was gathered into
	CreatedAt   time.Time
	DoneAt      *time.Time
}

// PlanDelivery puts in a message. One about the same thing that is there already stays as it is, unless it was skipped:
// then it waits again, as a new one.
func (tx *Tx) PlanDelivery(d Delivery) error {
	d.WorkspaceID, d.ID, d.State, d.CreatedAt, d.NextAt = tx.Workspace, tx.NewID(), DeliveryWaiting, tx.Now, d.DueAt
	return tx.db.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "workspace_id"}, {Name: "endpoint_id"}, {Name: "key"}},
		DoUpdates: clause.Assignments(map[string]any{
			"state": DeliveryWaiting, "at": d.At, "due_at": d.DueAt, "next_at": d.DueAt, "attempts": 0, "status": 0, "detail": "", "done_at": gorm.Expr("NULL"),
		}),
		Where: clause.Where{Exprs: []clause.Expression{clause.Eq{Column: clause.Column{Table: "deliveries", Name: "state"}, Value: DeliverySkipped}}},
	}).Create(&d).Error
}

// DeliveryOf reads the message to an endpoint about one thing.
func (tx *Tx) DeliveryOf(endpoint, key string) (Delivery, error) {
	return one[Delivery](tx.rows().Where("endpoint_id = ? AND key = ?", endpoint, key))
}

// NextDelivery reads the message to an endpoint that is due first; ErrNotFound when none is due.
func (tx *Tx) NextDelivery(endpoint string) (Delivery, error) {
	return one[Delivery](tx.rows().Where("endpoint_id = ? AND state = ? AND next_at <= ?", endpoint, DeliveryWaiting, tx.Now).
		Order("next_at, id"))
}

// Delivery reads one message inside the transaction.
func (tx *Tx) Delivery(id string) (Delivery, error) {
	return one[Delivery](tx.rows().Where("id = ?", id))
}

// SaveDelivery stores what became of a message.
func (tx *Tx) SaveDelivery(d Delivery) error {
	d.WorkspaceID = tx.Workspace
	return tx.rows().Model(&Delivery{}).Where("id = ?", d.ID).Select("*").Omit("workspace_id", "id", "endpoint_id", "created_at").UpdateColumns(&d).Error
}

// DropDelivery takes out a message that nobody has to hear of.
func (tx *Tx) DropDelivery(id string) error {
	return tx.rows().Where("id = ?", id).Delete(&Delivery{}).Error
}

// DeliveriesInto reads the messages that were gathered into one, oldest first.
func (tx *Tx) DeliveriesInto(summary string) ([]Delivery, error) {
	return list[Delivery](tx.rows().Where("summary_id = ?", summary).Order("at, id"))
}

// OverdueEndpoints lists the endpoints with a message that should have been tried before a time. Those that rest or are
// paused are not overdue.
func (tx *Tx) OverdueEndpoints(before time.Time) ([]string, error) {
	var ids []string
	err := tx.db.Raw(`SELECT DISTINCT e.id FROM endpoints AS e
		JOIN deliveries AS d ON d.workspace_id = e.workspace_id AND d.endpoint_id = e.id
		WHERE e.workspace_id = ? AND NOT e.paused AND (e.rest_until IS NULL OR e.rest_until < ?) AND d.state = ? AND d.next_at < ?
		ORDER BY e.id`, tx.Workspace, before, DeliveryWaiting, before).Scan(&ids).Error
	return ids, err
}

// DeliveryFilter narrows messages; empty fields do not.
type DeliveryFilter struct {
	Endpoint string
	State    DeliveryState
}

// Deliveries lists messages, newest first, after a place in the list.
func (t Tenant) Deliveries(ctx context.Context, f DeliveryFilter, after *Cursor, limit int) ([]Delivery, error) {
	q := t.rows(ctx).Where("endpoint_id = ?", f.Endpoint)
	if f.State != "" {
		q = q.Where("state = ?", f.State)
	}
	if after != nil {
		q = q.Where("(created_at < ? OR (created_at = ? AND id < ?))", after.At, after.At, after.ID)
	}
	return list[Delivery](q.Order("created_at DESC, id DESC").Limit(limit))
}

// CountDeliveries counts the messages of each endpoint by state.
func (t Tenant) CountDeliveries(ctx context.Context) (map[string]map[DeliveryState]int, error) {
	var rows []struct {
		EndpointID string
		State      DeliveryState
		N          int
	}
	err := t.rows(ctx).Model(&Delivery{}).Select("endpoint_id, state, COUNT(*) AS n").Group("endpoint_id, state").Scan(&rows).Error
	counts := map[string]map[DeliveryState]int{}
	for _, r := range rows {
		if counts[r.EndpointID] == nil {
			counts[r.EndpointID] = map[DeliveryState]int{}
		}
		counts[r.EndpointID][r.State] = r.N
	}
	return counts, err
}

// KeepDeliveries is how long messages are listed: for exactly-once, longer than any may wait.
const KeepDeliveries = 30 * 24 * time.Hour

// sweepDeliveries deletes old messages, some at a time.
func (s *Store) sweepDeliveries(ctx context.Context) error {
	const bite = 1000
	for {
		result := s.db.WithContext(ctx).Exec(`DELETE FROM deliveries WHERE (workspace_id, id) IN
			(SELECT workspace_id, id FROM deliveries WHERE created_at < ? ORDER BY created_at LIMIT ?)`, s.now().Add(-KeepDeliveries), bite)
		if result.Error != nil || result.RowsAffected < bite {
			return errors.Join(result.Error, ctx.Err())
		}
	}
}
