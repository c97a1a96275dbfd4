// Package models keeps Rerate's rows: typed access to SQLite or PostgreSQL, always within one workspace,
// and the transactions in which ratings, summaries and rollups move together.
package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/crc32"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/plugin/dbresolver"
)

// Dialect names the database engine.
type Dialect string

// The two engines.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Store opens tenants. It is safe for concurrent use.
type Store struct {
	db      *gorm.DB
	readers *sql.DB // of SQLite, or of a read replica; nil where there are none
	dialect Dialect
	path    string // SQLite: the file
	now     func() time.Time
	newID   func() string
	fewRows int // see Tx.rebuildSoon
	bounds  bounds
	group   *group
	turn    chan struct{} // whoever writes beside the group holds it; see Write
	line    int32         // tells the line of this process for rollups from those of others; see Tx.standInLine
	unknown *gorm.DB      // answers errUnknown to everything

	committed Committed
}

// Config says where the rows are and where time and ids come from.
type Config struct {
	URL     string           // sqlite://PATH or postgres://…
	ReadURL string           // of a PostgreSQL that follows the one of URL, for MayLag; may be empty
	Now     func() time.Time // the clock; times are stored in UTC and to the microsecond
	NewID   func() string    // a new unique id that sorts by creation, such as UUIDv7

	Committed Committed // nil: nobody wants to be told
}

// Open opens a migrated database.
func Open(ctx context.Context, config Config) (*Store, error) {
	where, err := parseURL(config.URL)
	if err != nil {
		return nil, err
	}
	if where.dialect == SQLite { // whose log lies beside the file, not beside a link to it
		if where.path, err = where.real(); err != nil {
			return nil, err
		}
	}
	writer, err := where.openWriter(impatient)
	if err != nil {
		return nil, err
	}
	s := &Store{
		dialect: where.dialect, path: where.path, newID: config.NewID, fewRows: fewRows, bounds: usualBounds, committed: config.Committed,
	}
	s.now = func() time.Time { return config.Now().UTC().Truncate(time.Microsecond) }
	settings := &gorm.Config{NowFunc: s.now, Logger: logger.Discard, TranslateError: true}
	pool := watchCommits(writer, writer, config.Committed, config.Now)
	if where.dialect == Postgres {
		s.db, err = gorm.Open(postgres.New(postgres.Config{Conn: pool}), settings)
	} else {
		s.db, err = gorm.Open(sqlite.New(sqlite.Config{Conn: pool}), settings)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the database: %w", err), writer.Close())
	}
	if where.dialect == SQLite {
		if err := s.addReaders(where); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if config.ReadURL != "" {
		if err := s.addReplica(config.ReadURL); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if err := errors.Join(guardAsks(s.db), countRatings(s.db)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.SchemaFits(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.unknown = s.db.Session(&gorm.Session{NewDB: true})
	_ = s.unknown.AddError(errUnknown)
	s.line = int32(crc32.ChecksumIEEE([]byte(s.newID()))) //nolint:gosec // any bits will do
	s.turn = make(chan struct{}, writersBesideGroup(where.dialect))
	s.group = newGroup(s)
	return s, nil
}

// addReaders gives SQLite a pool of read-only connections, so that a slow page never holds up a rating.
func (s *Store) addReaders(where address) error {
	readers := openSQLite(where.file("?mode=ro&_query_only=true&_busy_timeout=5000&_cache_size=-4000&_stmt_cache_size=200"))
	readers.SetMaxOpenConns(4)
	readers.SetMaxIdleConns(4)
	s.readers = readers
	return s.db.Use(dbresolver.Register(dbresolver.Config{
		Replicas: []gorm.Dialector{sqlite.New(sqlite.Config{Conn: readers})},
	}))
}

// Close releases every connection, once the acts that wait are done.
func (s *Store) Close() error {
	if s.group != nil {
		s.group.close()
	}
	db, err := s.db.DB()
	if err != nil {
		return err
	}
	if s.readers != nil {
		err = s.readers.Close()
	}
	return errors.Join(err, db.Close()) // the last of SQLite's connections puts its log into the file, which a reader may not
}

// SQL is the connection pool for writes, which the job queue shares.
func (s *Store) SQL() (*sql.DB, error) { return s.db.DB() }

// Dialect is the engine behind the store.
func (s *Store) Dialect() Dialect { return s.dialect }

// Ready proves that a row can be written durably, not only that the database answers.
func (s *Store) Ready(ctx context.Context) error {
	probe := OAuthState{IDHash: "readiness probe", ExpiresAt: s.now().Add(-time.Hour)} // swept like any other
	if err := s.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&probe).Error; err != nil {
		return fmt.Errorf("the database cannot be written: %w", err)
	}
	return s.SchemaFits(ctx)
}

// address is a parsed RERATE_DATABASE_URL.
type address struct {
	dialect Dialect
	path    string // SQLite: the file
	dsn     string // PostgreSQL: the URL
}

func parseURL(raw string) (address, error) {
	if path, ok := strings.CutPrefix(raw, "sqlite://"); ok && path != "" {
		return address{dialect: SQLite, path: path}, nil
	}
	if strings.HasPrefix(raw, "postgres://") || strings.HasPrefix(raw, "postgresql://") {
		return address{dialect: Postgres, dsn: raw}, nil
	}
	return address{}, errors.New("RERATE_DATABASE_URL must be sqlite://PATH or postgres://USER:PASSWORD@HOST/DATABASE")
}

// file is the DSN of the SQLite file; its path is escaped so that "?" or "#" in a folder's name stay part of it.
func (a address) file(options string) string {
	return "file:" + (&url.URL{Path: a.path}).EscapedPath() + options
}

func (a address) openWriter(patience patience) (*sql.DB, error) {
	if a.dialect == Postgres {
		return openPostgres(a.dsn, patience)
	}
	if err := checkSQLiteVersion(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(a.path), 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of the database: %w", err)
	}
	db := openSQLite(a.file("?_busy_timeout=5000&_journal_mode=WAL&_synchronous=FULL&_txlock=immediate" +
		"&_foreign_keys=on&_secure_delete=on&_cache_size=-16000&_stmt_cache_size=200"))
	// One writer: waiting in Go is fair and cheap, waiting in SQLite is neither.
	db.SetMaxOpenConns(1)
	return db, nil
}

// Versions 3.7.0 to 3.51.2 of SQLite can corrupt a database when the WAL is reset at the wrong moment.
const oldestSQLite = 3_051_003

func checkSQLiteVersion() error {
	version, number, _ := sqlite3.Version()
	if number < oldestSQLite {
		return fmt.Errorf("this build holds SQLite %s, which can corrupt data; build with 3.51.3 or newer", version)
	}
	return nil
}
