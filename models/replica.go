package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"gorm.io/gorm"
)

// lagKey is in the context of what may be a moment old.
type lagKey struct{}

// MayLag lets what is read with this context, outside of transactions, come from a read replica, where there is one. It is for
// figures and files, never for what decides a write or shows somebody what they have just done.
func MayLag(ctx context.Context) context.Context { return context.WithValue(ctx, lagKey{}, true) }

// replica is a second PostgreSQL that follows the first.
type replica struct {
	pool *sql.DB
	now  func() time.Time

	mu      sync.Mutex
	checked time.Time
	fit     bool
}

const (
	replicaEvery    = 5 * time.Second // how often somebody looks whether it can be used
	replicaPatience = time.Second     // how long that may take
	longestLag      = 30              // seconds; the job queue writes every few seconds, so a replica that hears of nothing is cut off
)

// addReplica has queries that may lag asked there while it is there and keeps up.
func (s *Store) addReplica(url string) error {
	where, err := parseURL(url)
	if err != nil || where.dialect != Postgres || s.dialect != Postgres {
		return errors.New("RERATE_DATABASE_READ_URL must be a PostgreSQL that follows the one of RERATE_DATABASE_URL")
	}
	pool, err := openPostgres(where.dsn, readOnly)
	if err != nil {
		return fmt.Errorf("RERATE_DATABASE_READ_URL: %w", err)
	}
	s.readers = pool
	r := &replica{pool: pool, now: s.now}
	calls := s.db.Callback()
	return errors.Join(
		calls.Query().Before("gorm:query").Register("rerate:replica", r.divert),
		calls.Row().Before("gorm:row").Register("rerate:replica", r.divert),
	)
}

func (r *replica) divert(db *gorm.DB) {
	ctx := db.Statement.Context
	if _, inTransaction := db.Statement.ConnPool.(gorm.TxCommitter); inTransaction || ctx.Value(lagKey{}) == nil || !r.usable(ctx) {
		return
	}
	db.Statement.ConnPool = failover{ConnPool: db.Statement.ConnPool, replica: r.pool}
}

// usable looks now and then; whoever comes while somebody looks goes by what was found before.
func (r *replica) usable(ctx context.Context) bool {
	r.mu.Lock()
	now := r.now()
	look := now.Sub(r.checked) >= replicaEvery || now.Before(r.checked)
	if look {
		r.checked = now
	}
	fit := r.fit
	r.mu.Unlock()
	if !look {
		return fit
	}
	fit = r.keepsUp(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fit = fit
	return fit
}

func (r *replica) keepsUp(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, replicaPatience)
	defer cancel()
	var behind float64
	err := r.pool.QueryRowContext(ctx, `SELECT CASE WHEN pg_is_in_recovery()
		THEN COALESCE(EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 1000) ELSE 0 END`).Scan(&behind)
	return err == nil && behind < longestLag
}

// failover asks the primary what the replica cannot answer: it has gone, or is behind a migration.
type failover struct {
	gorm.ConnPool
	replica *sql.DB
}

// QueryContext asks for rows.
func (f failover) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := f.replica.QueryContext(ctx, query, args...)
	if err != nil && ctx.Err() == nil {
		return f.ConnPool.QueryContext(ctx, query, args...)
	}
	return rows, err
}

// QueryRowContext asks for one row.
func (f failover) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	row := f.replica.QueryRowContext(ctx, query, args...)
	if row.Err() != nil && ctx.Err() == nil {
		return f.ConnPool.QueryRowContext(ctx, query, args...)
	}
	return row
}
