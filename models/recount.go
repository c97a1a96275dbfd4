package models

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/plugin/dbresolver"
)

// Recount counts the figures of a workspace anew, piece by piece and beside everything else, and holds what it counts
// against what is stored. A check says what differs; a rebuild also stores what it counted.
type Recount struct {
	WorkspaceID string      `gorm:"primaryKey"`
	Kind        RecountKind `gorm:"primaryKey"`
	Round       int         // goes up each time one is begun
	Why         RecountWhy
	Stage       RecountStage
	After       string  // the conversation, or the local day, that was done last
	Done        int64   // of the stage: what contacts said in conversations, or days
	Total       int64   // about; 0 before it is known
	Drifted     int64   // how many values were not what was counted
	Drifts      []Drift `gorm:"serializer:json"` // the first of them
	BegunAt     time.Time
	TouchedAt   time.Time
	FinishedAt  *time.Time

	uncompared []Unit // of the last piece: whose ratings do not say how they compare
}

// RecountKind says what is done about what differs.
type RecountKind string

// The kinds.
const (
	Check   RecountKind = "check"
	Rebuild RecountKind = "rebuild"
)

// RecountWhy says why a recount was begun.
type RecountWhy string

// The reasons: an admin or the command line, every night, another time zone, figures that are declared anew.
const (
	RecountAsked   RecountWhy = "asked"
	RecountNightly RecountWhy = "nightly"
	RecountZone    RecountWhy = "zone"
	RecountVersion RecountWhy = "version"
)

// RecountStage is what a recount is at.
type RecountStage string

// The stages, in their order: summaries against ratings, then rollups against summaries and requests.
const (
	RecountSummaries RecountStage = "summaries"
	RecountRollups   RecountStage = "rollups"
	RecountEnded     RecountStage = "ended"
)

// UnderWay reports whether there is more to count.
func (r Recount) UnderWay() bool { return r.Stage == RecountSummaries || r.Stage == RecountRollups }

// summariesShare is about how much of the time goes into the first stage, in per cent.
const summariesShare = 70

// Percent is how far it has come; 100 only when it has ended.
func (r Recount) Percent() int {
	part := func(share int64) int64 { return share * min(r.Done, r.Total) / max(r.Total, 1) }
	switch r.Stage {
	case RecountSummaries:
		return int(part(summariesShare))
	case RecountRollups:
		return int(summariesShare + part(99-summariesShare))
	case RecountEnded:
	}
	return 100
}

// NewRecount is a recount that has not begun.
func NewRecount(kind RecountKind, why RecountWhy) Recount {
	return Recount{Kind: kind, Why: why, Stage: RecountSummaries, Drifts: []Drift{}}
}

// BeginRecount begins a recount, in place of the one of its kind before. Whoever calls it has it gone on with by
// Tenant.GoOn. A rebuild marks every figure as being rebuilt.
func (tx *Tx) BeginRecount(kind RecountKind, why RecountWhy) error {
	if _, err := tx.holdSettings(clause.LockingStrengthUpdate); err != nil {
		return err
	}
	known, err := one[Recount](tx.rows().Where("kind = ?", kind))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	r := NewRecount(kind, why)
	r.WorkspaceID, r.Round, r.BegunAt, r.TouchedAt = tx.Workspace, known.Round+1, tx.Now, tx.Now
	return tx.saveRecount(r)
}

func (tx *Tx) saveRecount(r Recount) error {
	r.TouchedAt = tx.Now
	if err := tx.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&r).Error; err != nil || r.Kind == Check {
		return err
	}
	w := tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace)
	if r.UnderWay() {
		return w.Where("reports_percent <> ?", r.Percent()).Update("reports_percent", r.Percent()).Error
	}
	return w.Updates(map[string]any{"reports_percent": 100, "reports_version": ReportsVersion}).Error
}

// RebuildReports is a rebuild of summaries and rollups from its beginning to its end in this transaction, for a workspace
// that has little to count.
func (tx *Tx) RebuildReports() error { return tx.rebuildAtOnce(RecountAsked) }

func (tx *Tx) rebuildAtOnce(why RecountWhy) error {
	if err := tx.BeginRecount(Rebuild, why); err != nil {
		return err
	}
	tx.before, tx.next, tx.asks = nil, nil, nil // what is counted below has moved already
	r, err := one[Recount](tx.rows().Where("kind = ?", Rebuild))
	for err == nil && r.UnderWay() {
		err = tx.recountPiece(&r)
	}
	if err != nil {
		return err
	}
	return tx.saveRecount(r)
}

// fewRows is up to how many ratings, and as many requests, are counted anew while everybody else waits.
const fewRows = 2000

// rebuildSoon has the figures built again: at once where that takes no time, or else by a rebuild that somebody goes on with.
func (tx *Tx) rebuildSoon(why RecountWhy) error {
	for _, table := range []any{&Rating{}, &Request{}} {
		var more []string
		if err := tx.rows().Model(table).Offset(tx.fewRows).Limit(1).Pluck("id", &more).Error; err != nil {
			return err
		}
		if len(more) > 0 {
			return tx.BeginRecount(Rebuild, why)
		}
	}
	return tx.rebuildAtOnce(why)
}

// Recount reads how far the recount of a kind has come; ErrNotFound when there never was one.
func (t Tenant) Recount(ctx context.Context, kind RecountKind) (Recount, error) {
	return one[Recount](t.rows(ctx).Where("kind = ?", kind))
}

// RecountsUnderWay lists every workspace's recounts that somebody has to go on with; those of the night go on by themselves.
func (s *Store) RecountsUnderWay(ctx context.Context) ([]Recount, error) {
	return list[Recount](s.db.WithContext(ctx).Where("stage <> ? AND why <> ?", RecountEnded, RecountNightly).Order("workspace_id, kind"))
}

// OutdatedReports lists the workspaces whose figures were built by an earlier declaration, and are not being rebuilt.
func (s *Store) OutdatedReports(ctx context.Context) (ids []string, err error) {
	err = s.db.WithContext(ctx).Model(&Workspace{}).Where("reports_version < ?", ReportsVersion).
		Where("NOT EXISTS (SELECT 1 FROM recounts r WHERE r.workspace_id = workspaces.id AND r.kind = ? AND r.stage <> ?)", Rebuild, RecountEnded).
		Order("id").Pluck("id", &ids).Error
	return ids, err
}

// AllWorkspaces lists every workspace that was ever installed.
func (s *Store) AllWorkspaces(ctx context.Context) ([]Workspace, error) {
	return list[Workspace](s.db.WithContext(ctx).Order("id"))
}

// GoOn does the next piece of a recount, and stores how far it has come then. Any number may go on with the same one at
// once. A piece of a rebuild keeps whoever rates waiting for some hundredths of a second, one of a check nobody.
func (t Tenant) GoOn(ctx context.Context, kind RecountKind) (Recount, error) {
	r, err := t.Recount(ctx, kind)
	if err != nil || !r.UnderWay() {
		return r, err
	}
	if r.Total, err = t.about(ctx, r); err != nil {
		return r, err
	}
	if kind == Check {
		return t.goOnChecking(ctx, r)
	}
	err = t.Write(ctx, func(tx *Tx) error {
		if _, err := tx.holdSettings(clause.LockingStrengthUpdate); err != nil {
			return err
		}
		total := r.Total
		if r, err = one[Recount](tx.rows().Where("kind = ?", kind)); err != nil || !r.UnderWay() {
			return err
		}
		if r.Stage == RecountSummaries {
			r.Total = total
		}
		if err := tx.recountPiece(&r); err != nil {
			return err
		}
		return tx.saveRecount(r)
	})
	if err != nil {
		return r, err
	}
	return r, t.compareAgain(ctx, r.uncompared)
}

// compareAgain has ratings say again how they compare with those before them. Who rates takes the conversation first and
// then the settings, so this is no part of a piece, which has the settings.
func (t Tenant) compareAgain(ctx context.Context, units []Unit) error {
	for _, unit := range units {
		if err := t.Write(ctx, func(tx *Tx) error {
			if _, err := tx.Conversation(unit.ConversationID); err != nil {
				return err
			}
			return tx.summarise(unit.ConversationID, unit.ContactID)
		}); err != nil {
			return err
		}
	}
	return nil
}

// about is how much there is to do in the first stage, once it begins.
func (t Tenant) about(ctx context.Context, r Recount) (int64, error) {
	if r.Total > 0 || r.Stage != RecountSummaries {
		return r.Total, nil
	}
	var n int64
	err := t.rows(ctx).Model(&Summary{}).Count(&n).Error
	return n, err
}

func (t Tenant) goOnChecking(ctx context.Context, r Recount) (Recount, error) {
	next := r
	if err := t.CheckPiece(ctx, &next); err != nil {
		return r, err
	}
	return next, t.Write(ctx, func(tx *Tx) error {
		now, err := one[Recount](lockForUpdate(tx.rows().Where("kind = ?", Check)))
		if err != nil {
			return err
		}
		if now.Round != r.Round || now.Stage != r.Stage || now.After != r.After { // somebody else has done this piece
			next = now
			return nil
		}
		return tx.saveRecount(next)
	})
}

// CheckPiece does the next piece of a check that is stored nowhere. It locks nothing.
func (t Tenant) CheckPiece(ctx context.Context, r *Recount) (err error) {
	if r.Total, err = t.about(ctx, *r); err != nil {
		return err
	}
	return t.look(ctx, func(tx *Tx) error { return tx.recountPiece(r) })
}

// look reads everything as it is at one moment. Nobody waits for that, however long it takes.
func (t Tenant) look(ctx context.Context, do func(*Tx) error) error {
	db, options := t.store.db.WithContext(ctx), &sql.TxOptions{}
	if t.store.dialect == Postgres {
		options = &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	} else {
		db = db.Clauses(dbresolver.Read)
	}
	return db.Transaction(func(db *gorm.DB) error {
		return do(&Tx{db: db, Workspace: t.Workspace, Now: t.store.now(), newID: t.store.newID})
	}, options)
}
