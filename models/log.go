package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Checkpoint puts what is in SQLite's log into the file and empties the log. Readers in other processes may keep it from that; then
// done is false. PostgreSQL sees to that itself.
func (s *Store) Checkpoint(ctx context.Context) (done bool, err error) {
	if s.dialect != SQLite {
		return true, nil
	}
	db, err := s.SQL()
	if err != nil {
		return false, err
	}
	return runCheckpoint(ctx, db, "TRUNCATE")
}

func runCheckpoint(ctx context.Context, db *sql.DB, how string) (done bool, err error) {
	var busy, frames, moved int
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+how+")").Scan(&busy, &frames, &moved); err != nil {
		return false, fmt.Errorf("putting the log into the database: %w", err)
	}
	return busy == 0, nil
}

// KeepLog is how large SQLite's log may stay, in bytes. It is a sixteenth of that by itself, unless somebody reads an old state for
// long while others write, or somebody always reads; and it never gets smaller by itself.
const KeepLog = 64 << 20

// TrimLog empties SQLite's log when it is larger than KeepLog. Where readers are in the way it is left for the next time.
func (s *Store) TrimLog(ctx context.Context) error {
	sizes, err := s.Files()
	if err != nil || sizes["wal"] <= KeepLog {
		return err
	}
	_, err = s.emptyLog(ctx)
	return err
}

// ErrBusyLog means that somebody reads from SQLite's log just now.
var ErrBusyLog = errors.New("somebody reads from the database's log, which still holds what was erased")

// Scrub takes what was erased out of SQLite's log, too; the database itself is overwritten where something is erased
// (secure_delete). It answers ErrBusyLog where readers are in the way. PostgreSQL does the like with VACUUM by itself.
func (s *Store) Scrub(ctx context.Context) error {
	if s.dialect != SQLite {
		return nil
	}
	done, err := s.emptyLog(ctx)
	if err == nil && !done {
		err = ErrBusyLog
	}
	return err
}

// emptyLog empties SQLite's log unless somebody reads from it. Whoever writes waits a tenth of a second at most: most of the log is put
// into the file beside them.
func (s *Store) emptyLog(ctx context.Context) (done bool, err error) {
	db := openSQLite(address{dialect: SQLite, path: s.path}.file("?_busy_timeout=100&_synchronous=FULL"))
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := runCheckpoint(ctx, db, "PASSIVE"); err != nil {
		return false, err
	}
	return runCheckpoint(ctx, db, "TRUNCATE")
}
