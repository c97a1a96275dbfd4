-- Recounts: the figures of a workspace counted anew, to check them or to build them again, and how far that has come.

-- +goose Up

-- At most one of each kind for a workspace; after is the conversation, then the local day, that was done last. Each begins
-- with a round of its own, so that nobody goes on with the one before.
CREATE TABLE recounts (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    kind          TEXT NOT NULL CHECK (kind IN ('check', 'rebuild')),
    round         INTEGER NOT NULL,
    why           TEXT NOT NULL CHECK (why IN ('asked', 'nightly', 'zone', 'version')),
    stage         TEXT NOT NULL CHECK (stage IN ('summaries', 'rollups', 'ended')),
    after         TEXT NOT NULL,
    done          BIGINT NOT NULL,
    total         BIGINT NOT NULL,
    drifted       BIGINT NOT NULL,
    drifts        TEXT NOT NULL,
    begun_at      TIMESTAMP NOT NULL,
    touched_at    TIMESTAMP NOT NULL,
    finished_at   TIMESTAMP,
    PRIMARY KEY (workspace_id, kind)
);

-- How much of the figures is built, in per cent; below 100 the pages say so.
ALTER TABLE workspaces ADD COLUMN reports_percent INTEGER NOT NULL DEFAULT 100;
