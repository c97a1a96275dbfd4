-- What Intercom asked of Rerate and Rerate of Intercom in the last days: what kind of call, about which conversation
-- and how it ended, never what was said in it. A workspace that has not installed Rerate may be called about, too.

-- +goose Up
CREATE TABLE calls (
    workspace_id     TEXT NOT NULL,
    id               TEXT NOT NULL,
    at               TIMESTAMP NOT NULL,
    direction        TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    kind             TEXT NOT NULL,
    path             TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    test             BOOLEAN NOT NULL,
    status           INTEGER NOT NULL,
    outcome          TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    reason           TEXT NOT NULL,
    micros           BIGINT NOT NULL,
    tab              TEXT NOT NULL CHECK (tab IN ('live', 'test', 'invalid')),
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX calls_by_tab ON calls (workspace_id, tab, at, id);
CREATE INDEX calls_by_at ON calls (workspace_id, at, id);
CREATE INDEX calls_of_conversation ON calls (workspace_id, conversation_id, at);

-- A look through what changed in a workspace between two times that is not finished: next_page is Intercom's cursor.
-- workspaces.polled_until says up to where everything has been seen.
CREATE TABLE polls (
    workspace_id  TEXT PRIMARY KEY REFERENCES workspaces (id),
    since         TIMESTAMP NOT NULL,
    until         TIMESTAMP NOT NULL,
    next_page     TEXT NOT NULL
);
