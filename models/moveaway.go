package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// moveSource is the one connection to the SQLite database that is moved.
type moveSource struct {
	pool    *sql.DB
	conn    *sql.Conn
	away    bool // it was moved away before
	wasAway bool // the same, whatever has been done since
	open    bool // a transaction is under way
}

// lockPatience is how long the move waits for those who write.
const lockPatience = time.Minute

func (m Transfer) openSource(ctx context.Context) (*moveSource, error) {
	where, err := parseURL(m.From)
	if err != nil {
		return nil, err
	}
	if where.dialect != SQLite {
		return nil, errors.New("RERATE_DATABASE_URL must name the SQLite database that is to be moved, sqlite://PATH")
	}
	s, err := where.openSource(ctx)
	if err != nil {
		return nil, err
	}
	if err := schemaIs(ctx, s.pool, SQLite); err != nil {
		return nil, errors.Join(fmt.Errorf("the SQLite database: %w", err), s.pool.Close())
	}
	if s.conn, err = s.pool.Conn(ctx); err != nil {
		return nil, errors.Join(err, s.pool.Close())
	}
	return s, nil
}

// openSource opens a file that is there already.
func (a address) openSource(ctx context.Context) (*moveSource, error) {
	if _, err := os.Stat(a.path); err != nil {
		return nil, fmt.Errorf("there is no SQLite database: %w", err)
	}
	if err := checkSQLiteVersion(); err != nil {
		return nil, err
	}
	db := openSQLite(a.file(fmt.Sprintf("?_busy_timeout=%d&_synchronous=FULL&_foreign_keys=on&_secure_delete=on&_cache_size=-16000", lockPatience.Milliseconds())))
	place, err := movedAway(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &moveSource{pool: db, away: place != "", wasAway: place != ""}, nil
}

func (s *moveSource) begin(ctx context.Context, readOnly bool) error {
	statement := "BEGIN IMMEDIATE"
	if readOnly || s.away {
		statement = "BEGIN"
	}
	if _, err := s.conn.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("waiting for the right to write to SQLite: %w", err)
	}
	s.open = true
	return nil
}

func (s *moveSource) close(ctx context.Context) error {
	var err error
	if s.open {
		_, err = s.conn.ExecContext(ctx, "ROLLBACK")
	}
	return errors.Join(err, s.conn.Close(), s.pool.Close())
}

// movedAwayTable is there in a SQLite database that was moved away. Triggers then refuse every write, also of a server
// that has had the file open all the while.
const movedAwayTable = "moved_away"

// ErrMovedAway means that the SQLite database was moved to PostgreSQL.
var ErrMovedAway = errors.New("this SQLite database was moved away and takes nothing any more; " +
	"set RERATE_DATABASE_URL to where it is now, or take this one up again with `rerate migrate --reopen`")

// movedAway says where a SQLite database was moved to; "" when it was not.
func movedAway(ctx context.Context, db *sql.DB) (place string, err error) {
	var there int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE name = ?", movedAwayTable).Scan(&there); err != nil || there == 0 {
		return "", err
	}
	err = db.QueryRowContext(ctx, "SELECT place FROM "+movedAwayTable).Scan(&place)
	return place, err
}

// refuseMoved answers ErrMovedAway for a database that was moved.
func refuseMoved(ctx context.Context, db *sql.DB, dialect Dialect) error {
	if dialect != SQLite {
		return nil
	}
	place, err := movedAway(ctx, db)
	if err == nil && place != "" {
		err = fmt.Errorf("it is at %s now: %w", place, ErrMovedAway)
	}
	return err
}

// closeAway ends the transaction with the database closed for whoever writes.
func (s *moveSource) closeAway(ctx context.Context, place string, at time.Time) error {
	if s.away {
		return nil
	}
	tables, err := s.ownTables(ctx)
	if err != nil {
		return err
	}
	statements := []string{fmt.Sprintf("CREATE TABLE %s (place TEXT NOT NULL, at TIMESTAMP NOT NULL)", movedAwayTable)}
	for _, table := range tables {
		for _, change := range []string{"INSERT", "UPDATE", "DELETE"} {
			statements = append(statements, fmt.Sprintf(
				`CREATE TRIGGER %s BEFORE %s ON "%s" BEGIN SELECT RAISE(ABORT, 'the database was moved away'); END`, awayTrigger(table, change), change, table))
		}
	}
	for _, statement := range statements {
		if _, err := s.conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if _, err := s.conn.ExecContext(ctx, "INSERT INTO "+movedAwayTable+" VALUES (?, ?)", place, at); err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return err
	}
	s.open, s.away = false, true
	return nil
}

func awayTrigger(table, change string) string {
	return fmt.Sprintf(`"%s_%s_%s"`, movedAwayTable, strings.ToLower(change), table)
}

// reopen takes back closeAway.
func (s *moveSource) reopen(ctx context.Context) error {
	if _, err := s.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	s.open = true
	triggers, err := texts(ctx, s.conn, "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE ?", movedAwayTable+"_%")
	if err != nil {
		return err
	}
	for _, trigger := range triggers {
		if _, err := s.conn.ExecContext(ctx, fmt.Sprintf(`DROP TRIGGER "%s"`, trigger)); err != nil {
			return err
		}
	}
	if _, err := s.conn.ExecContext(ctx, "DROP TABLE "+movedAwayTable); err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return err
	}
	s.open, s.away = false, false
	return nil
}

// Reopen takes up a SQLite database again that was moved away.
func Reopen(ctx context.Context, url string) (err error) {
	where, err := parseURL(url)
	if err != nil {
		return err
	}
	if where.dialect != SQLite {
		return errors.New("RERATE_DATABASE_URL must name the SQLite database that was moved away, sqlite://PATH")
	}
	s, err := where.openSource(ctx)
	if err != nil {
		return err
	}
	if s.conn, err = s.pool.Conn(ctx); err != nil {
		return errors.Join(err, s.pool.Close())
	}
	defer func() { err = errors.Join(err, s.close(context.WithoutCancel(ctx))) }()
	if !s.away {
		return errors.New("the SQLite database was not moved away; there is nothing to do")
	}
	return s.reopen(ctx)
}

// ownTables are all that somebody writes to.
func (s *moveSource) ownTables(ctx context.Context) ([]string, error) {
	all, err := texts(ctx, s.conn, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
	return slices.DeleteFunc(all, func(name string) bool {
		return strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "rating_words_index") || name == movedAwayTable
	}), err
}

// has checks that every table of SQLite is moved or known to be left out.
func (s *moveSource) has(ctx context.Context, tables []movedTable) error {
	names, err := s.ownTables(ctx)
	for _, name := range names {
		is := func(t movedTable) bool { return t.name == name }
		if !slices.ContainsFunc(tables, is) && !leftOut(name) {
			return fmt.Errorf("PostgreSQL has no table %s", name)
		}
	}
	return err
}

// queryer is a connection of database/sql.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// texts reads the one column of a query.
func texts(ctx context.Context, db queryer, query string, args ...any) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
