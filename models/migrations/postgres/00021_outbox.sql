-- Jobs are stored with the answers that need them, and put into the queue when they are due.

-- +goose Up
CREATE TABLE outbox (
    workspace_id    TEXT NOT NULL,
    id              TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    due_at          TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX outbox_by_due_at ON outbox (workspace_id, due_at);

-- What waits to be written is found among all that was.
CREATE INDEX write_backs_waiting ON write_backs (workspace_id, due_at) WHERE state = 'waiting';
