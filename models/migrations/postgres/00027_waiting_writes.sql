-- What waits to be written is found by its conversation. To find it through the ratings PostgreSQL read all that waited.

-- +goose Up
DROP INDEX write_backs_waiting;
CREATE INDEX write_backs_waiting ON write_backs (workspace_id, conversation_id, due_at) WHERE state = 'waiting';
