-- A wording that somebody is still writing: at most one for each workspace, and it need not be valid. id is new each
-- time it is saved, so that nobody saves over what they have not seen.

-- +goose Up
CREATE TABLE wording_drafts (
    workspace_id  TEXT PRIMARY KEY REFERENCES workspaces (id),
    id            TEXT NOT NULL,
    body          TEXT NOT NULL,
    based_on      INTEGER NOT NULL,
    author_id     TEXT NOT NULL,
    saved_at      TIMESTAMP NOT NULL
);
