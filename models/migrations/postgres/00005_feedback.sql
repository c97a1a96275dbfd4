-- Feedback that is no rating: what a customer writes on Messenger Home without a conversation, and what a teammate
-- writes down. It is in no figure.

-- +goose Up
-- source_key is the same each time the same feedback arrives; a score of 0 is none.
CREATE TABLE feedback (
    workspace_id     TEXT NOT NULL REFERENCES workspaces (id),
    id               TEXT NOT NULL,
    source           TEXT NOT NULL CHECK (source IN ('home', 'teammate')),
    source_key       TEXT NOT NULL,
    text             TEXT NOT NULL,
    category         TEXT NOT NULL,
    score            INTEGER NOT NULL,
    scale            INTEGER NOT NULL,
    emoji            TEXT NOT NULL,
    label            TEXT NOT NULL,
    locale           TEXT NOT NULL,
    contact_id       TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    teammate_id      TEXT NOT NULL,
    teammate_name    TEXT NOT NULL,
    test             BOOLEAN NOT NULL,
    at               TIMESTAMPTZ NOT NULL,
    handled_at       TIMESTAMPTZ,
    handled_by       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, source_key),
    CHECK (score BETWEEN 0 AND scale)
);
CREATE INDEX feedback_by_at ON feedback (workspace_id, at, id);
CREATE INDEX feedback_of_contact ON feedback (workspace_id, contact_id);

-- The conversation that Messenger Home offered a contact last, with an id that one answer can use once.
CREATE TABLE home_looks (
    workspace_id     TEXT NOT NULL REFERENCES workspaces (id),
    contact_id       TEXT NOT NULL,
    id               TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    at               TIMESTAMPTZ NOT NULL,
    used_at          TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, contact_id)
);

-- The bodies that have rated from Home, by their hash: the same body is never taken for another conversation.
CREATE TABLE home_taps (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    body_hash     TEXT NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, body_hash)
);

-- The subject by which a customer knows a conversation again; chats have none.
ALTER TABLE conversations ADD COLUMN subject TEXT NOT NULL DEFAULT '';
