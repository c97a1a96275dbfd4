package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// ErrNotFound means that the workspace has no such row.
var ErrNotFound = errors.New("not found")

// Tenant is one workspace's rows. Every query goes through it or through Tx, so none can leave the workspace.
type Tenant struct {
	store     *Store
	Workspace string // Intercom's id_code
}

// Tenant opens the rows of a workspace, which need not be installed.
func (s *Store) Tenant(workspace string) Tenant { return Tenant{store: s, Workspace: workspace} }

// rows starts a query on the workspace's rows of one table.
func (t Tenant) rows(ctx context.Context) *gorm.DB {
	return t.store.db.WithContext(ctx).Where("workspace_id = ?", t.Workspace)
}

// Tx is one write transaction of one workspace. It carries the time, so that all its rows agree.
type Tx struct {
	db        *gorm.DB
	Workspace string
	Now       time.Time
	newID     func() string
	fewRows   int       // see rebuildSoon
	line      int32     // see standInLine
	settings  *Settings // read once per transaction
	held      bool      // settings cannot change until the transaction ends

	// Summaries as they were and as they are now: the rollups move by them at the end of the transaction, all at once
	// and in the order of their keys, so that two transactions never wait for each other in a circle.
	before, next []Summary
	asks         map[string]*ask // the same for requests, by id, as they were; nil for one that is new
	holdsAsks    bool            // holdAsks was called

	known   *known  // the only rows that there are for an act that shares a transaction; nil: all
	written written // what it stores
}

// txKey finds the transaction in the context of its statements.
type txKey struct{}

// Write runs do in one transaction: all of it is durable when Write answers nil, none of it otherwise.
//
// SQLite takes one writer at a time, and who of many comes next is left to chance. So that an answer of a customer waits for
// one other transaction at most, only one of those stands in line with the group.
func (t Tenant) Write(ctx context.Context, do func(*Tx) error) error {
	select {
	case t.store.turn <- struct{}{}:
		defer func() { <-t.store.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return t.store.db.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		tx := t.store.newTx(ctx, db, t.Workspace, t.store.now())
		if err := do(tx); err != nil {
			return err
		}
		return tx.moveRollups()
	})
}

func (s *Store) newTx(ctx context.Context, db *gorm.DB, workspace string, now time.Time) *Tx {
	tx := &Tx{Workspace: workspace, Now: now, newID: s.newID, fewRows: s.fewRows, line: s.line}
	tx.db = db.WithContext(context.WithValue(ctx, txKey{}, tx))
	return tx
}

// NewID makes a new unique id.
func (tx *Tx) NewID() string { return tx.newID() }

// SQL is the transaction itself, so that a job can be put in with the rows that need it.
func (tx *Tx) SQL() (*sql.Tx, error) {
	if tx.known != nil {
		return nil, errUnknown
	}
	switch pool := tx.db.Statement.ConnPool.(type) {
	case *sql.Tx:
		return pool, nil
	case *watchedTx:
		return pool.Tx, nil
	case *gorm.PreparedStmtTX:
		if inner, ok := pool.Tx.(*sql.Tx); ok {
			return inner, nil
		}
	}
	return nil, fmt.Errorf("unexpected transaction type %T", tx.db.Statement.ConnPool)
}

func (tx *Tx) rows() *gorm.DB { return tx.db.Where("workspace_id = ?", tx.Workspace) }

// lockForUpdate makes other writers of the same row wait.
func lockForUpdate(db *gorm.DB) *gorm.DB { return lock(db, clause.LockingStrengthUpdate) }

// lock takes the rows that are read. SQLite has one writer at a time anyway.
func lock(db *gorm.DB, strength string) *gorm.DB {
	if db.Name() == "sqlite" {
		return db
	}
	return db.Clauses(clause.Locking{Strength: strength})
}

// lockOf takes the rows of one table of a join.
func lockOf(db *gorm.DB, table string) *gorm.DB {
	if db.Name() == "sqlite" {
		return db
	}
	return db.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate, Table: clause.Table{Name: table}})
}

// one reads a single row and says ErrNotFound in our own words.
func one[Row any](query *gorm.DB) (Row, error) {
	var row Row
	err := query.Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, ErrNotFound
	}
	return row, err
}

func list[Row any](query *gorm.DB) ([]Row, error) {
	rows := []Row{}
	err := query.Find(&rows).Error
	return rows, err
}
