package models

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrServed means that another process serves the same SQLite database.
var ErrServed = errors.New("another Rerate serves this SQLite database already; stop that one, or use PostgreSQL for several")

// Serve says that this process serves a database, until leave is called or the process ends, however it ends. A SQLite database is
// served by one process: another gets ErrServed. Commands that work beside a server do not ask. PostgreSQL is served by any number.
func Serve(url string) (leave func(), err error) {
	where, err := parseURL(url)
	if err != nil || where.dialect != SQLite {
		return func() {}, err
	}
	path, err := where.real()
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path+".serve.lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock of the database: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		who, _ := io.ReadAll(io.LimitReader(file, 20))
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%s (process %s): %w", path, strings.TrimSpace(string(who)), ErrServed)
		}
		return nil, fmt.Errorf("locking the database: %w", err)
	}
	// Who it is helps whoever is refused; the lock holds without it.
	_ = file.Truncate(0)
	_, _ = file.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	return func() { letGo(file) }, nil
}

// letGo gives up the lock of a file and closes it. Closing alone would leave the lock to any program that is just being
// started: it has the file, too, until it runs.
func letGo(file *os.File) {
	_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
	_ = file.Close()
}

// real is the path of the SQLite file without links, so that two names of one file have one lock. Its folder is made.
func (a address) real() (string, error) {
	if err := os.MkdirAll(filepath.Dir(a.path), 0o700); err != nil {
		return "", fmt.Errorf("making the folder of the database: %w", err)
	}
	if path, err := filepath.EvalSymlinks(a.path); err == nil {
		return path, nil
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(a.path)) // the file is still to come
	return filepath.Join(folder, filepath.Base(a.path)), err
}
