package models

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"time"
)

// ReadSQL is a pool for reading what must not be a moment old, without keeping anybody who writes waiting.
func (s *Store) ReadSQL() (*sql.DB, error) {
	if s.dialect == SQLite {
		return s.readers, nil
	}
	return s.SQL()
}

// Pools are the pools of connections by what they are for.
func (s *Store) Pools() (map[string]*sql.DB, error) {
	db, err := s.SQL()
	if err != nil {
		return nil, err
	}
	pools := map[string]*sql.DB{"main": db}
	if s.readers != nil {
		pools["readers"] = s.readers
	}
	return pools, nil
}

// Waiting is how many rows the outbox holds, and how long the oldest that is due has been so.
func (s *Store) Waiting(ctx context.Context) (rows int, late time.Duration, err error) {
	var n int64
	var oldest []Outbox
	db := s.db.WithContext(ctx)
	if err := db.Model(&Outbox{}).Count(&n).Error; err != nil {
		return 0, 0, err
	}
	now := s.now()
	if err := db.Where("due_at <= ?", now).Order("due_at").Limit(1).Find(&oldest).Error; err != nil || len(oldest) == 0 {
		return int(n), 0, err
	}
	return int(n), now.Sub(oldest[0].DueAt), nil
}

// ActsWaiting is how many answers of customers wait for a transaction of their own or others', or for the disk. It asks nobody.
func (s *Store) ActsWaiting() int {
	s.group.mu.Lock()
	defer s.group.mu.Unlock()
	return s.group.waiting()
}

// ActsRefused is how many answers of customers were refused since the start because too many waited.
func (s *Store) ActsRefused() int {
	s.group.mu.Lock()
	defer s.group.mu.Unlock()
	return s.group.refused
}

// Files are the sizes in bytes of SQLite's file ("database") and of the log beside it ("wal"); PostgreSQL has none here.
func (s *Store) Files() (map[string]int64, error) {
	if s.dialect != SQLite {
		return nil, nil
	}
	sizes := map[string]int64{}
	for name, path := range map[string]string{"database": s.path, "wal": s.path + "-wal"} {
		info, err := os.Stat(path)
		switch {
		case err == nil:
			sizes[name] = info.Size()
		case errors.Is(err, fs.ErrNotExist):
			sizes[name] = 0
		default:
			return nil, err
		}
	}
	return sizes, nil
}
