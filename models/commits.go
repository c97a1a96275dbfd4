package models

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Committed is told of each transaction that has made ratings durable: of how many, and how long it took from when it was asked for.
// Files of old ratings are not among them. It must not wait for anything.
type Committed func(ratings int, took time.Duration)

// beginner is a pool or one connection of it.
type beginner interface {
	gorm.ConnPool
	gorm.TxBeginner
}

// commits is who begins transactions, where somebody wants to be told of commits.
type commits struct {
	beginner
	pool *sql.DB
	tell Committed
	now  func() time.Time
}

// watchCommits has tell told of what is written through what it answers: the pool, or one connection of it.
func watchCommits(through beginner, pool *sql.DB, tell Committed, now func() time.Time) gorm.ConnPool {
	if tell == nil {
		return through
	}
	return &commits{through, pool, tell, now}
}

// countRatings counts what is stored within a transaction that is watched.
func countRatings(db *gorm.DB) error {
	return db.Callback().Create().After("gorm:create").Register("rerate:count_ratings", func(db *gorm.DB) {
		if tx, watched := db.Statement.ConnPool.(*watchedTx); watched && db.Error == nil && db.Statement.Table == "ratings" {
			tx.ratings += int(db.RowsAffected)
		}
	})
}

// GetDBConn is the pool itself.
func (c *commits) GetDBConn() (*sql.DB, error) { return c.pool, nil }

// BeginTx begins a transaction that is watched.
func (c *commits) BeginTx(ctx context.Context, options *sql.TxOptions) (gorm.ConnPool, error) {
	began := c.now()
	tx, err := c.beginner.BeginTx(ctx, options)
	if err != nil {
		return nil, err
	}
	return &watchedTx{Tx: tx, pool: c, began: began}, nil
}

// watchedTx counts the ratings that it stores, but for those that are rolled back to a savepoint.
type watchedTx struct {
	*sql.Tx
	pool    *commits
	began   time.Time
	ratings int
	saved   map[string]int // as they were at each savepoint
}

// ExecContext looks out for savepoints.
func (t *watchedTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := t.Tx.ExecContext(ctx, query, args...)
	if name, found := strings.CutPrefix(query, "SAVEPOINT "); found && err == nil {
		if t.saved == nil {
			t.saved = map[string]int{}
		}
		t.saved[name] = t.ratings
	} else if name, found := strings.CutPrefix(query, "ROLLBACK TO SAVEPOINT "); found && err == nil {
		t.ratings = t.saved[name]
	}
	return result, err
}

// Commit ends the transaction and tells.
func (t *watchedTx) Commit() error {
	if err := t.Tx.Commit(); err != nil {
		return err
	}
	if t.ratings > 0 {
		t.pool.tell(t.ratings, t.pool.now().Sub(t.began))
	}
	return nil
}
