-- What waits to be written is found by its conversation, as in PostgreSQL.

-- +goose Up
DROP INDEX write_backs_waiting;
CREATE INDEX write_backs_waiting ON write_backs (workspace_id, conversation_id, due_at) WHERE state = 'waiting';

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('write_backs', 'write_backs_waiting', '3000 3000 3 1');
ANALYZE sqlite_schema;
