package models

import "database/sql"

// Readers is the pool that only reads; nil on PostgreSQL.
func (s *Store) Readers() *sql.DB { return s.readers }
