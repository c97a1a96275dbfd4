-- The ledger by the time of its rows, and who changed which settings.

-- +goose Up
-- A row of the ledger stands at the close of its episode; one that was asked by hand in an episode that is still
-- open, at the asking.
CREATE INDEX requests_of_ledger ON requests (workspace_id, (COALESCE(closed_at, sent_at, created_at)), id);

-- One row for each time that settings were saved with a difference: the settings whole, before and after, as JSON.
CREATE TABLE settings_changes (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    id            TEXT NOT NULL,
    at            TIMESTAMPTZ NOT NULL,
    author        TEXT NOT NULL,
    before        TEXT NOT NULL,
    after         TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX settings_changes_by_at ON settings_changes (workspace_id, at, id);
