-- The weekly digest by e-mail.

-- +goose Up

-- When a workspace wants its digest: on a weekday (0 is Sunday) from an hour on, in the workspace's time zone. since is when
-- this was last changed: no earlier time is caught up.
CREATE TABLE digests (
    workspace_id  TEXT PRIMARY KEY REFERENCES workspaces (id),
    enabled       BOOLEAN NOT NULL,
    weekday       INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    hour          INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    since         TIMESTAMPTZ NOT NULL,
    saved_by      TEXT NOT NULL,
    saved_at      TIMESTAMPTZ NOT NULL
);

-- Who gets it: a teammate, at the address that Intercom knows, or an address alone.
CREATE TABLE digest_recipients (
    workspace_id    TEXT NOT NULL REFERENCES workspaces (id),
    id              TEXT NOT NULL,
    teammate_id     TEXT NOT NULL,
    email           TEXT NOT NULL,
    added_at        TIMESTAMPTZ NOT NULL,
    unsubscribed_at TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, teammate_id, email)
);

-- One mail: the key makes a second one to the same address for the same week impossible. week is its Monday.
CREATE TABLE digest_mails (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    id            TEXT NOT NULL,
    week          TEXT NOT NULL,
    email         TEXT NOT NULL,
    recipient_id  TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'begun', 'sent', 'failed', 'unclear', 'skipped')),
    detail        TEXT NOT NULL,
    attempts      INTEGER NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    due_at        TIMESTAMPTZ NOT NULL,
    give_up_at    TIMESTAMPTZ NOT NULL,
    done_at       TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, week, email)
);
CREATE INDEX digest_mails_due ON digest_mails (workspace_id, due_at) WHERE state IN ('waiting', 'begun');
