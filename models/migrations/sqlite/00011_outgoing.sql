-- Where a workspace wants to be told of ratings: addresses that get events, and Slack channels or addresses that get alerts.
-- Addresses and secrets are sealed; "shown" is what of an address may be looked at. No message is stored: it is made from
-- the rating's row when it is sent, so nothing that is erased there lives on here. The two dialects differ in
-- TIMESTAMP/TIMESTAMPTZ and BLOB/BYTEA only.

-- +goose Up
CREATE TABLE endpoints (
    workspace_id         TEXT NOT NULL REFERENCES workspaces (id),
    id                   TEXT NOT NULL,
    kind                 TEXT NOT NULL CHECK (kind IN ('events', 'slack', 'alert')),
    name                 TEXT NOT NULL,
    shown                TEXT NOT NULL,
    url                  BLOB,
    secret               BLOB,
    secret_before        BLOB,
    secret_before_until  TIMESTAMP,
    events               TEXT NOT NULL,
    low                  BOOLEAN NOT NULL,
    worse                BOOLEAN NOT NULL,
    with_remark          BOOLEAN NOT NULL,
    per_hour             INTEGER NOT NULL,
    paused               BOOLEAN NOT NULL,
    paused_why           TEXT NOT NULL,
    failing_since        TIMESTAMP,
    failures             INTEGER NOT NULL,
    rest_until           TIMESTAMP,
    busy_until           TIMESTAMP,
    hour_began_at        TIMESTAMP,
    hour_sent            INTEGER NOT NULL,
    created_at           TIMESTAMP NOT NULL,
    created_by           TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- One message to one endpoint. The unique key makes a second one about the same thing impossible. next_at is the time of
-- the next try, which is put off while one is under way. There is no foreign key to endpoints: a rating that is being
-- stored must not wait for an admin who deletes one.
CREATE TABLE deliveries (
    workspace_id  TEXT NOT NULL,
    id            TEXT NOT NULL,
    endpoint_id   TEXT NOT NULL,
    type          TEXT NOT NULL,
    key           TEXT NOT NULL,
    rating_id     TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'skipped', 'gathered')),
    at            TIMESTAMP NOT NULL,
    due_at        TIMESTAMP NOT NULL,
    next_at       TIMESTAMP NOT NULL,
    attempts      INTEGER NOT NULL,
    status        INTEGER NOT NULL,
    detail        TEXT NOT NULL,
    summary_id    TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    done_at       TIMESTAMP,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, endpoint_id, key)
);
CREATE INDEX deliveries_by_state ON deliveries (workspace_id, endpoint_id, state, next_at);
CREATE INDEX deliveries_by_time ON deliveries (workspace_id, endpoint_id, created_at, id);
CREATE INDEX deliveries_of_summary ON deliveries (workspace_id, summary_id);
CREATE INDEX deliveries_by_age ON deliveries (created_at);
