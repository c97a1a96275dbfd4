package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Restoring puts a backup in the place of a SQLite database. The backup is copied beside the database, checked and migrated
// there, and then takes its name in one step: a kill leaves the old one or the new one whole. What was there before gets a
// name of its own and is never deleted.
type Restoring struct {
	To      string // the database's URL
	From    string // the backup's file
	Replace bool   // put a database aside that is there
	Others  []Migration
	Now     func() time.Time
}

// Restored is what came of it.
type Restored struct {
	Size   int64  // bytes
	Summed bool   // the backup held its own sum, and it was right
	Aside  string // where the database is that was there before; empty: there was none
}

// What keeps a backup from being restored.
var (
	ErrOtherRestore = errors.New("rerate restores SQLite databases only; with PostgreSQL use pg_restore, such as: pg_restore --clean --if-exists --dbname=URL FILE")
	ErrInUse        = errors.New("the database is in use; stop Rerate and its commands first")
	ErrIsThere      = errors.New("there is a database already; --replace puts it aside")
)

// Run restores.
func (r Restoring) Run(ctx context.Context) (done Restored, err error) {
	where, err := parseURL(r.To)
	if err != nil {
		return done, err
	}
	if where.dialect != SQLite {
		return done, ErrOtherRestore
	}
	if err := checkSQLiteVersion(); err != nil {
		return done, err
	}
	if where.path, err = where.real(); err != nil {
		return done, err
	}
	leave, err := Serve(r.To) // no server runs, or starts meanwhile
	if errors.Is(err, ErrServed) {
		return done, ErrInUse
	} else if err != nil {
		return done, err
	}
	defer leave()
	unlock, err := where.lock(ctx)
	if err != nil {
		return done, fmt.Errorf("waiting for the migration lock: %w", err)
	}
	defer unlock()
	there := exists(where.path)
	if there && !r.Replace {
		return done, fmt.Errorf("%s: %w", where.path, ErrIsThere)
	}
	if there {
		hold, err := where.takeAlone(ctx)
		if err != nil {
			return done, err
		}
		defer hold()
	}
	part := address{dialect: SQLite, path: where.path + ".restore"}
	defer part.remove()
	if done.Size, done.Summed, err = r.prepare(ctx, part); err != nil {
		return done, err
	}
	aside := where.path + ".before-" + r.Now().UTC().Format("20060102T150405.000000Z")
	if err := where.putAside(aside); err != nil {
		return done, fmt.Errorf("putting the old database aside: %w", err)
	}
	if there {
		done.Aside = aside
	}
	if err := os.Rename(part.path, where.path); err != nil {
		return done, err
	}
	return done, syncFolder(filepath.Dir(where.path))
}

// prepare makes the database that is to be, as one file that is on the disk.
func (r Restoring) prepare(ctx context.Context, part address) (size int64, summed bool, err error) {
	part.remove() // of one that was killed
	if summed, err = copyBackup(part.path, r.From); err != nil {
		return 0, false, err
	}
	db, err := part.openWriter(patient)
	if err != nil {
		return 0, false, err
	}
	err = r.check(ctx, db)
	if err == nil {
		_, err = db.ExecContext(ctx, "PRAGMA journal_mode = DELETE") // all in one file
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return 0, false, err
	}
	file, err := os.Open(part.path)
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return 0, false, err
	}
	return info.Size(), summed, file.Sync()
}

func copyBackup(part, from string) (summed bool, err error) {
	if log, err := os.Stat(from + "-wal"); err == nil && log.Size() > 0 {
		return false, fmt.Errorf("%s: %s-wal lies beside it, so it is a database in use; copy it with rerate backup", from, from)
	}
	source, err := os.Open(from)
	if err != nil {
		return false, err
	}
	defer func() { _ = source.Close() }()
	if info, err := source.Stat(); err != nil || !info.Mode().IsRegular() {
		return false, errors.Join(err, fmt.Errorf("%s: it is not a file", from))
	}
	file, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return false, err
	}
	summed, err = copySummed(file, source)
	if err = errors.Join(err, file.Close()); err != nil {
		return false, fmt.Errorf("%s: it is %w", from, err)
	}
	return summed, nil
}

// check reads all of the copy and brings it to this program's schema.
func (r Restoring) check(ctx context.Context, db *sql.DB) error {
	var ours int
	err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('goose_db_version', 'workspaces', 'ratings')").Scan(&ours)
	if err != nil {
		return fmt.Errorf("%s: it is not sound: %w", r.From, err)
	}
	if ours != 3 {
		return fmt.Errorf("%s: it is a SQLite database, but not Rerate's", r.From)
	}
	if err := checkSound(ctx, db); err != nil {
		return fmt.Errorf("%s: it is %w", r.From, err)
	}
	if err := migrateOpen(ctx, db, SQLite, r.Others); err != nil {
		return fmt.Errorf("%s: %w", r.From, err)
	}
	return nil
}

// takeAlone keeps everybody else from a database until hold is called, and puts what is in its log into the file itself. A file
// that SQLite cannot read is in nobody's use and stays as it is.
func (a address) takeAlone(ctx context.Context) (hold func(), err error) {
	if err := a.readable(ctx); isBusy(err) {
		return nil, ErrInUse
	} else if err != nil {
		return func() {}, nil //nolint:nilerr // nobody uses what SQLite cannot read
	}
	db := openSQLite(a.file("?mode=rw&_busy_timeout=0"))
	db.SetMaxOpenConns(1)
	// Leaving the log takes being the only one. Without a log nobody even reads beside an exclusive transaction.
	for _, statement := range []string{"PRAGMA journal_mode = DELETE", "BEGIN EXCLUSIVE"} {
		if _, err = db.ExecContext(ctx, statement); err != nil {
			break
		}
	}
	var mode string
	if err == nil {
		err = db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode)
	}
	if isBusy(err) || mode == "wal" { // somebody came in between
		_ = db.Close()
		return nil, ErrInUse
	}
	return func() { _ = db.Close() }, nil
}

// readable is nil for a file that SQLite takes for a database. It changes nothing, in the log either.
func (a address) readable(ctx context.Context) error {
	db := openSQLite(a.file("?mode=ro&_query_only=true&_busy_timeout=5000"))
	defer db.Close()
	var n int
	return db.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&n)
}

func isBusy(err error) bool {
	var failed sqlite3.Error
	return errors.As(err, &failed) && (failed.Code == sqlite3.ErrBusy || failed.Code == sqlite3.ErrLocked)
}

// beside is what SQLite keeps beside a database.
var beside = []string{"-wal", "-shm", "-journal"}

// putAside gives a database a second name, and takes what lies beside it away from the first: the file that comes there next must
// not be read together with them. There is nothing beside a database that takeAlone could read.
func (a address) putAside(name string) error {
	if exists(a.path) {
		if err := os.Link(a.path, name); err != nil {
			return err
		}
	}
	for _, end := range beside {
		if exists(a.path + end) {
			if err := os.Rename(a.path+end, name+end); err != nil {
				return err
			}
		}
	}
	return syncFolder(filepath.Dir(a.path))
}

// remove deletes a database that is no longer wanted.
func (a address) remove() {
	for _, end := range append([]string{""}, beside...) {
		_ = os.Remove(a.path + end)
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
