-- Ratings that come from elsewhere: files of old ratings, and Intercom's own past.

-- +goose Up

-- One uploaded file of ratings and what became of it. At most one at a time is being added or taken back.
CREATE TABLE imports (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    id            TEXT NOT NULL,
    file_name     TEXT NOT NULL,
    file          BLOB,
    options       TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('uploaded', 'adding', 'added', 'removing', 'removed', 'cancelled')),
    author        TEXT NOT NULL,
    total         INTEGER NOT NULL DEFAULT 0,
    reached       INTEGER NOT NULL DEFAULT 0,
    staged        INTEGER NOT NULL DEFAULT 0,
    prepared      INTEGER NOT NULL DEFAULT 0,
    known         INTEGER NOT NULL DEFAULT 0,
    twins         INTEGER NOT NULL DEFAULT 0,
    bad           INTEGER NOT NULL DEFAULT 0,
    problems      TEXT NOT NULL DEFAULT '[]',
    created_at    TIMESTAMP NOT NULL,
    touched_at    TIMESTAMP NOT NULL,
    finished_at   TIMESTAMP,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX imports_under_way ON imports (workspace_id) WHERE state IN ('adding', 'removing');

-- The rows of a file that is being added, before they are ratings. They count nowhere.
CREATE TABLE import_rows (
    workspace_id     TEXT NOT NULL,
    import_id        TEXT NOT NULL,
    line             INTEGER NOT NULL,
    rating_id        TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    contact_id       TEXT NOT NULL,
    source_key       TEXT NOT NULL,
    score            INTEGER NOT NULL,
    scale            INTEGER NOT NULL,
    sentiment        TEXT NOT NULL,
    emoji            TEXT NOT NULL,
    label            TEXT NOT NULL,
    remark           TEXT NOT NULL,
    at               TIMESTAMP NOT NULL,
    teammate_id      TEXT NOT NULL,
    teammate_name    TEXT NOT NULL,
    channel          TEXT NOT NULL,
    PRIMARY KEY (workspace_id, import_id, line),
    FOREIGN KEY (workspace_id, import_id) REFERENCES imports (workspace_id, id)
);
CREATE INDEX import_rows_of_unit ON import_rows (workspace_id, import_id, conversation_id, contact_id);

-- What summaries and ratings will say once the import is added or taken back. Whoever changes a rating meanwhile
-- throws away what is pending for its conversation, and it is derived again. ratings = 0: there is no summary then.
CREATE TABLE pending_summaries (
    workspace_id     TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    contact_id       TEXT NOT NULL,
    import_id        TEXT NOT NULL,
    day              TEXT NOT NULL,
    channel          TEXT NOT NULL,
    teammate_id      TEXT NOT NULL,
    first_score      INTEGER NOT NULL,
    first_scale      INTEGER NOT NULL,
    latest_score     INTEGER NOT NULL,
    latest_scale     INTEGER NOT NULL,
    first_sentiment  TEXT NOT NULL,
    latest_sentiment TEXT NOT NULL,
    best_sentiment   TEXT NOT NULL,
    worst_sentiment  TEXT NOT NULL,
    change           TEXT NOT NULL,
    ratings          INTEGER NOT NULL,
    credit           BIGINT NOT NULL,
    asked_again      BOOLEAN NOT NULL,
    latest_at        TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, contact_id)
);

CREATE TABLE pending_changes (
    workspace_id     TEXT NOT NULL,
    rating_id        TEXT NOT NULL,
    import_id        TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    change           TEXT NOT NULL,
    previous_score   INTEGER,
    PRIMARY KEY (workspace_id, rating_id)
);
CREATE INDEX pending_changes_of_conversation ON pending_changes (workspace_id, conversation_id);

ALTER TABLE ratings ADD COLUMN import_id TEXT NOT NULL DEFAULT '';
CREATE INDEX ratings_of_import ON ratings (workspace_id, import_id, conversation_id, contact_id) WHERE import_id <> '';

-- How far the reading of Intercom's past has come: one for each workspace. step goes up with every page, so that a job
-- that runs twice counts once. window_from and window_to bound the conversations being read, by when they were created.
CREATE TABLE backfills (
    workspace_id  TEXT PRIMARY KEY REFERENCES workspaces (id),
    state         TEXT NOT NULL CHECK (state IN ('running', 'paused', 'done', 'failed')),
    phase         TEXT NOT NULL CHECK (phase IN ('past', 'changed', 'whole')),
    step          INTEGER NOT NULL,
    days          INTEGER NOT NULL,
    window_from   TIMESTAMP NOT NULL,
    window_to     TIMESTAMP NOT NULL,
    after         TEXT NOT NULL,
    total         INTEGER NOT NULL,
    done          INTEGER NOT NULL,
    in_window     INTEGER NOT NULL,
    ratings       INTEGER NOT NULL,
    whole_total   INTEGER NOT NULL,
    whole_done    INTEGER NOT NULL,
    detail        TEXT NOT NULL,
    started_by    TEXT NOT NULL,
    started_at    TIMESTAMP NOT NULL,
    touched_at    TIMESTAMP NOT NULL,
    finished_at   TIMESTAMP
);

-- Conversations that the back-fill has found and has yet to read whole.
CREATE TABLE backfill_reads (
    workspace_id     TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id)
);
