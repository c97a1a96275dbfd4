package models

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// A Migration prepares tables that are not ours, such as those of the job queue, on the same database.
type Migration func(ctx context.Context, db *sql.DB, dialect Dialect) error

// Migrate brings the database at url to the schema of this program, once, under a lock that every starter of
// Rerate takes. It refuses a database that a newer Rerate has migrated; others run after that and before our own.
func Migrate(ctx context.Context, url string, others ...Migration) error {
	address, err := parseURL(url)
	if err != nil {
		return err
	}
	db, err := address.openWriter(patient)
	if err != nil {
		return err
	}
	defer db.Close()
	unlock, err := address.lock(ctx)
	if err != nil {
		return fmt.Errorf("waiting for the migration lock: %w", err)
	}
	defer unlock()
	return migrateOpen(ctx, db, address.dialect, others)
}

// migrateOpen is Migrate for a database that nobody else migrates.
func migrateOpen(ctx context.Context, db *sql.DB, dialect Dialect, others []Migration) error {
	if err := refuseMoved(ctx, db, dialect); err != nil {
		return err
	}
	provider, err := newProvider(db, dialect)
	if err != nil {
		return err
	}
	if err := refuseNewer(ctx, provider); err != nil {
		return err
	}
	for _, other := range others {
		if err := other(ctx, db, dialect); err != nil {
			return fmt.Errorf("preparing the job tables: %w", err)
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}
	return nil
}

func newProvider(db *sql.DB, dialect Dialect) (*goose.Provider, error) {
	folder, gooseDialect := "migrations/sqlite", goose.DialectSQLite3
	if dialect == Postgres {
		folder, gooseDialect = "migrations/postgres", goose.DialectPostgres
	}
	files, err := fs.Sub(migrations, folder)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(gooseDialect, db, files)
}

// ErrNewerSchema means that a newer Rerate has migrated the database.
var ErrNewerSchema = errors.New("the database was written by a newer Rerate; start that version, or restore a backup made before the upgrade")

func refuseNewer(ctx context.Context, provider *goose.Provider) error {
	current, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema version: %w", err)
	}
	sources := provider.ListSources()
	if newest := sources[len(sources)-1].Version; current > newest {
		return fmt.Errorf("schema version %d, known up to %d: %w", current, newest, ErrNewerSchema)
	}
	return nil
}

// SchemaFits answers nil when the database has exactly the schema of this program.
func (s *Store) SchemaFits(ctx context.Context) error {
	db, err := s.db.DB()
	if err != nil {
		return err
	}
	if err := refuseMoved(ctx, db, s.dialect); err != nil {
		return err
	}
	return schemaIs(ctx, db, s.dialect)
}

// schemaIs answers nil when the database has exactly the schema of this program.
func schemaIs(ctx context.Context, db *sql.DB, dialect Dialect) error {
	provider, err := newProvider(db, dialect)
	if err != nil {
		return err
	}
	if err := refuseNewer(ctx, provider); err != nil {
		return err
	}
	pending, err := provider.HasPending(ctx)
	if err != nil {
		return err
	}
	if pending {
		return errors.New("the database has an older schema; run `rerate migrate`")
	}
	return nil
}

// lock waits until no other process migrates the same database. PostgreSQL holds an advisory lock on a
// connection of its own; SQLite locks a file beside the database, also against a second switch to WAL.
func (a address) lock(ctx context.Context) (unlock func(), err error) {
	if a.dialect == Postgres {
		return a.lockPostgres(ctx)
	}
	file, err := os.OpenFile(a.path+".migrate.lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		_ = file.Close()
		return nil, err
	}
	return func() { letGo(file) }, nil
}

// The key of PostgreSQL's advisory lock: any fixed number will do; this one spells "rerate".
const advisoryLock = 0x726572617465

func (a address) lockPostgres(ctx context.Context) (func(), error) {
	db, err := a.openWriter(patient)
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", advisoryLock); err != nil {
		return nil, errors.Join(err, conn.Close(), db.Close())
	}
	return func() { _ = conn.Close(); _ = db.Close() }, nil
}
