package models

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Readers is the pool that only reads; nil on PostgreSQL.
func (s *Store) Readers() *sql.DB { return s.readers }

// LookNoFurther makes lists look at so many rows only, so that a few are very many.
func (s *Store) LookNoFurther(remarks, found, rows, counted int) {
	s.bounds = bounds{remarks: remarks, found: found, rows: rows, counted: counted, tagged: rows}
}

// FewRows has a rebuild of more rows than these go on in the background.
func (s *Store) FewRows(n int) {
	s.fewRows = n
}

// Exec runs a statement in the transaction, past everything that knows of rollups.
func (tx *Tx) Exec(statement string) error { return tx.db.Exec(statement).Error }

// WriteRequests changes requests, past everything that knows of rollups.
func (tx *Tx) WriteRequests() error {
	return tx.rows().Model(&Request{}).Where("id = ''").Update("teammate_id", "x").Error
}

// Listen calls heard with each statement, its values in it.
func (s *Store) Listen(heard func(statement string)) {
	s.db = s.db.Session(&gorm.Session{Logger: listener{logger.Discard, heard}})
}

type listener struct {
	logger.Interface
	heard func(string)
}

func (l listener) LogMode(logger.LogLevel) logger.Interface { return l }

func (l listener) Trace(_ context.Context, _ time.Time, statement func() (string, int64), _ error) {
	said, _ := statement()
	l.heard(said)
}

// NameRequest gives a request another id.
func (tx *Tx) NameRequest(id, name string) error {
	if err := tx.holdAsks(id, name); err != nil {
		return err
	}
	return tx.rows().Model(&Request{}).Where("id = ?", id).UpdateColumn("id", name).Error
}

// MigratedTo opens a database with the schema of an earlier version of this program.
func MigratedTo(ctx context.Context, url string, version int64) (*sql.DB, error) {
	where, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	db, err := where.openWriter(patient)
	if err != nil {
		return nil, err
	}
	provider, err := newProvider(db, where.dialect)
	if err == nil {
		_, err = provider.UpTo(ctx, version)
	}
	return db, err
}

// LoseLog has the group bring a log to the disk that is not there, until found is called.
func (s *Store) LoseLog() (found func()) {
	path := s.group.log.path
	s.group.log.path += ".none"
	return func() { s.group.log.path = path }
}
