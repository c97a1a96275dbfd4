package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrOtherBackup means that the engine has a program of its own for copies.
var ErrOtherBackup = errors.New("rerate copies SQLite databases only; with PostgreSQL use pg_dump, such as: pg_dump --format=custom --file=FILE URL")

// Backup writes a copy of an SQLite database, as it is at one moment, to a file that must not be there yet, and answers its size in
// bytes. Others go on reading and writing meanwhile. The file appears under its name when it is whole, checked and on the disk; it is
// closed to other users.
func (s *Store) Backup(ctx context.Context, path string) (size int64, err error) {
	if s.dialect != SQLite {
		return 0, ErrOtherBackup
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("%s is there already; name a file that is not", path)
	}
	part := path + ".part"
	file, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return 0, fmt.Errorf("making the copy: %w", err)
	}
	defer func() { _ = file.Close() }()
	defer func() {
		if err != nil {
			_ = os.Remove(part)
		}
	}()
	if err := s.copyTo(ctx, part); err != nil {
		return 0, fmt.Errorf("copying the database: %w", err)
	}
	if err := checkCopy(ctx, part); err != nil {
		return 0, fmt.Errorf("the copy is %w", err)
	}
	if err := addSum(file); err != nil {
		return 0, fmt.Errorf("ending the copy: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	if err := errors.Join(file.Sync(), os.Rename(part, path)); err != nil {
		return 0, err
	}
	return info.Size(), syncFolder(filepath.Dir(path))
}

// copyTo has SQLite write what it reads in one moment. The readers' connections may write nothing, not even elsewhere.
func (s *Store) copyTo(ctx context.Context, path string) error {
	var from string
	if err := s.readers.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&from); err != nil {
		return err
	}
	db := openSQLite(address{dialect: SQLite, path: from}.file("?mode=ro&_busy_timeout=5000"))
	defer db.Close()
	_, err := db.ExecContext(ctx, "VACUUM INTO ?", path)
	return err
}

// checkCopy reads all of a copy.
func checkCopy(ctx context.Context, path string) error {
	db := openSQLite(address{dialect: SQLite, path: path}.file("?mode=ro&_query_only=true"))
	defer db.Close()
	return checkSound(ctx, db)
}

// checkSound reads all of a database. Its error goes on after "it is".
func checkSound(ctx context.Context, db *sql.DB) error {
	var said string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&said); err != nil {
		return fmt.Errorf("not sound: %w", err)
	}
	if said != "ok" {
		return fmt.Errorf("not sound: %s", strings.Join(strings.Fields(said), " "))
	}
	var table string
	err := db.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`).Scan(&table)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("not sound: %w", err)
	}
	return fmt.Errorf("not sound: rows of %s name others that are not there", table)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = folder.Close() }()
	return folder.Sync()
}
