package models

import (
	"context"
	"database/sql/driver"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// syncer brings SQLite's log to the disk for acts that are committed, and answers them then. The next acts are done meanwhile:
// SQLite itself would keep everybody from writing for as long as the disk takes, which is as long as the acts take.
//
// SQLite reads the log up to its last whole commit, so what is on the disk of it is a beginning of what was committed, and an act
// is answered when that holds its commit. A checkpoint brings the log to the disk first, and others who write do so with all that
// stood in the log before; so nothing that an act has led to is there without the act.
type syncer struct {
	path  string
	file  *os.File // the log, as it was the last time
	mu    sync.Mutex
	wait  []committedActs
	held  atomic.Int64 // acts that are not answered yet
	wake  chan struct{}
	ended chan struct{}
}

// committedActs are acts that are committed and not on the disk yet.
type committedActs struct {
	acts    []*act
	durable func() // is told when they are; nil: nobody wants to be told
}

func newSyncer(path string) *syncer {
	s := &syncer{path: path, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	go s.run()
	return s
}

// add has acts answered when the log, as it is now, is on the disk.
func (s *syncer) add(acts committedActs) {
	if len(acts.acts) == 0 {
		return
	}
	s.held.Add(int64(len(acts.acts)))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wait = append(s.wait, acts)
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// close answers everybody who waits, and ends. Nobody is added any more.
func (s *syncer) close() {
	close(s.wake)
	<-s.ended
}

func (s *syncer) run() {
	defer close(s.ended)
	for range s.wake {
		s.mu.Lock()
		all := s.wait
		s.wait = nil
		s.mu.Unlock()
		err := s.sync()
		for _, committed := range all {
			if err == nil && committed.durable != nil {
				committed.durable()
			}
			s.held.Add(-int64(len(committed.acts)))
			for _, a := range committed.acts {
				a.done <- err
			}
		}
	}
	if s.file != nil {
		_ = s.file.Close()
	}
}

// sync brings the log to the disk. Where that fails nobody knows what is stored.
func (s *syncer) sync() error {
	if err := s.open(); err != nil {
		return fmt.Errorf("opening the database's log: %w", err)
	}
	if err := syncData(s.file); err != nil {
		return fmt.Errorf("bringing the database's log to the disk: %w", err)
	}
	return nil
}

// open opens the log, if it is not the one that is open.
func (s *syncer) open() error {
	now, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	if s.file != nil {
		if before, err := s.file.Stat(); err == nil && os.SameFile(before, now) {
			return nil
		}
		_ = s.file.Close()
	}
	s.file, err = os.Open(s.path)
	return err
}

// commitToLog does acts in a transaction that only stands in SQLite's log when it is committed.
func (s *Store) commitToLog(ctx context.Context, committed *committedActs, do func(*gorm.DB) error) error {
	began := s.now()
	pool, err := s.SQL()
	if err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // it goes back to the pool
	if _, err := conn.ExecContext(ctx, "PRAGMA synchronous = NORMAL"); err != nil {
		return err
	}
	defer func() {
		if _, err := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous = FULL"); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // nobody else gets a connection that promises less
		}
	}()
	var tell Committed
	if s.committed != nil {
		tell = func(ratings int, _ time.Duration) {
			committed.durable = func() { s.committed(ratings, s.now().Sub(began)) }
		}
	}
	db := s.db.WithContext(ctx)
	db.Statement.ConnPool = watchCommits(conn, pool, tell, s.now)
	return db.Transaction(do)
}
