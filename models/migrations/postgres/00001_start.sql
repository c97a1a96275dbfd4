-- The first schema. Every table of a workspace leads its key with workspace_id, so that a distributed
-- PostgreSQL can shard by it. The two dialects differ in TIMESTAMP/TIMESTAMPTZ and BLOB/BYTEA only.

-- +goose Up
CREATE TABLE workspaces (
    id                TEXT PRIMARY KEY,
    name              TEXT NOT NULL,
    region            TEXT NOT NULL,
    token             BYTEA,
    token_invalid_at  TIMESTAMPTZ,
    installer_id      TEXT NOT NULL,
    settings          TEXT NOT NULL,
    has_example_data  BOOLEAN NOT NULL DEFAULT FALSE,
    installed_at      TIMESTAMPTZ NOT NULL,
    uninstalled_at    TIMESTAMPTZ
);

CREATE TABLE teammates (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    id            TEXT NOT NULL,
    name          TEXT NOT NULL,
    email         TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'viewer')),
    created_at    TIMESTAMPTZ NOT NULL,
    signed_in_at  TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id)
);

-- Found by the hash of the cookie's value alone: before that nobody knows the workspace.
CREATE TABLE sessions (
    id_hash       TEXT PRIMARY KEY,
    workspace_id  TEXT NOT NULL,
    teammate_id   TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (workspace_id, teammate_id) REFERENCES teammates (workspace_id, id)
);
CREATE INDEX sessions_of_teammate ON sessions (workspace_id, teammate_id);

-- OAuth states that were handed out and not yet used: a row is deleted when its state comes back.
CREATE TABLE oauth_states (
    id_hash     TEXT PRIMARY KEY,
    expires_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE api_keys (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    id            TEXT NOT NULL,
    name          TEXT NOT NULL,
    key_hash      TEXT NOT NULL UNIQUE,
    read_only     BOOLEAN NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    created_by    TEXT NOT NULL,
    revoked_at    TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE wordings (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    version       INTEGER NOT NULL,
    body          TEXT NOT NULL,
    author_id     TEXT NOT NULL,
    published_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, version)
);

CREATE TABLE contacts (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    id            TEXT NOT NULL,
    external_id   TEXT NOT NULL,
    role          TEXT NOT NULL,
    email         TEXT NOT NULL,
    name          TEXT NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL,
    erased_at     TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id)
);

-- read_at is when the conversation was last read from Intercom: NULL means that its contacts and channel
-- are not known yet. The lease lets one worker at a time write to the conversation.
CREATE TABLE conversations (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    id            TEXT NOT NULL,
    channel       TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    read_at       TIMESTAMPTZ,
    deleted_at    TIMESTAMPTZ,
    lease         TEXT NOT NULL DEFAULT '',
    leased_until  TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE conversation_contacts (
    workspace_id     TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    contact_id       TEXT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, contact_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
);
CREATE INDEX conversations_of_contact ON conversation_contacts (workspace_id, contact_id);

CREATE TABLE requests (
    workspace_id     TEXT NOT NULL,
    id               TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    episode          INTEGER NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('suppressed', 'scheduled', 'cancelled', 'sent', 'seen',
                         'rated', 'remarked', 'expired', 'failed')),
    method           TEXT NOT NULL,
    wording_version  INTEGER NOT NULL,
    rule             TEXT NOT NULL DEFAULT '',
    closed_at        TIMESTAMPTZ,
    created_at       TIMESTAMPTZ NOT NULL,
    sent_at          TIMESTAMPTZ,
    rated_at         TIMESTAMPTZ,
    teammate_id      TEXT NOT NULL DEFAULT '',
    teammate_name    TEXT NOT NULL DEFAULT '',
    credit_rule      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
);
CREATE INDEX requests_of_conversation ON requests (workspace_id, conversation_id, created_at);
CREATE INDEX requests_by_created_at ON requests (workspace_id, created_at, id);
CREATE INDEX requests_by_sent_at ON requests (workspace_id, sent_at);

-- source_key says where a rating came from in a way that is the same each time it arrives: it makes a
-- replayed or repeated answer impossible to store twice.
CREATE TABLE ratings (
    workspace_id     TEXT NOT NULL,
    id               TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    contact_id       TEXT NOT NULL,
    request_id       TEXT NOT NULL DEFAULT '',
    revision         INTEGER NOT NULL DEFAULT 0,
    source           TEXT NOT NULL CHECK (source IN ('card', 'link', 'quick_reply', 'home', 'intercom',
                         'import', 'teammate')),
    source_key       TEXT NOT NULL,
    score            INTEGER NOT NULL,
    scale            INTEGER NOT NULL,
    sentiment        TEXT NOT NULL CHECK (sentiment IN ('negative', 'neutral', 'positive')),
    emoji            TEXT NOT NULL,
    label            TEXT NOT NULL,
    wording_version  INTEGER NOT NULL DEFAULT 0,
    locale           TEXT NOT NULL DEFAULT '',
    remark           TEXT NOT NULL DEFAULT '',
    remark_at        TIMESTAMPTZ,
    what_changed     TEXT NOT NULL DEFAULT '',
    at               TIMESTAMPTZ NOT NULL,
    change           TEXT NOT NULL DEFAULT 'first' CHECK (change IN ('first', 'better', 'same', 'worse')),
    previous_score   INTEGER,
    why_not          TEXT NOT NULL DEFAULT '' CHECK (why_not IN ('', 'unverified', 'suspect', 'void', 'test', 'undone')),
    teammate_id      TEXT NOT NULL DEFAULT '',
    teammate_name    TEXT NOT NULL DEFAULT '',
    credit_rule      TEXT NOT NULL DEFAULT '',
    channel          TEXT NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, source_key),
    CHECK (scale BETWEEN 2 AND 10 AND score BETWEEN 1 AND scale),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
);
CREATE INDEX ratings_of_conversation ON ratings (workspace_id, conversation_id, contact_id, at);
CREATE INDEX ratings_by_at ON ratings (workspace_id, at, id);
CREATE INDEX ratings_of_request ON ratings (workspace_id, request_id);

-- What one contact said in one conversation: the unit of every figure. Derived from ratings in the same
-- transaction; day is the local day of the latest valid rating; credit is positives ÷ ratings in units of
-- models.CreditUnit.
CREATE TABLE summaries (
    workspace_id     TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    contact_id       TEXT NOT NULL,
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
    latest_at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, contact_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id)
);

-- The rollups: sums over summaries. They are rebuilt from them at any time, see models/rollup.go.
CREATE TABLE rollup_days (
    workspace_id     TEXT NOT NULL,
    day              TEXT NOT NULL,
    channel          TEXT NOT NULL,
    teammate_id      TEXT NOT NULL,
    rated            BIGINT NOT NULL,
    first_positive   BIGINT NOT NULL,
    latest_positive  BIGINT NOT NULL,
    best_positive    BIGINT NOT NULL,
    worst_positive   BIGINT NOT NULL,
    credit           BIGINT NOT NULL,
    better           BIGINT NOT NULL,
    same             BIGINT NOT NULL,
    worse            BIGINT NOT NULL,
    first_negative   BIGINT NOT NULL,
    asked            BIGINT NOT NULL,
    answered         BIGINT NOT NULL,
    recovered        BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, day, channel, teammate_id)
);

CREATE TABLE rollup_moves (
    workspace_id  TEXT NOT NULL,
    day           TEXT NOT NULL,
    channel       TEXT NOT NULL,
    teammate_id   TEXT NOT NULL,
    first_score   INTEGER NOT NULL,
    first_scale   INTEGER NOT NULL,
    latest_score  INTEGER NOT NULL,
    latest_scale  INTEGER NOT NULL,
    pairs         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, day, channel, teammate_id, first_score, first_scale, latest_score, latest_scale)
);

-- What has to be written to Intercom after a rating, and what became of it.
CREATE TABLE write_backs (
    workspace_id     TEXT NOT NULL,
    rating_id        TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('note', 'follow_up', 'attributes', 'event', 'tag', 'native_rating')),
    conversation_id  TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'skipped')),
    due_at           TIMESTAMPTZ NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    detail           TEXT NOT NULL DEFAULT '',
    with_remark      BOOLEAN NOT NULL DEFAULT FALSE,
    done_at          TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, rating_id, kind),
    FOREIGN KEY (workspace_id, rating_id) REFERENCES ratings (workspace_id, id)
);
CREATE INDEX write_backs_of_conversation ON write_backs (workspace_id, conversation_id, state);

-- Webhooks are hints: what they are about is kept, what they say is read again from Intercom.
CREATE TABLE events (
    workspace_id     TEXT NOT NULL,
    id               TEXT NOT NULL,
    notification_id  TEXT NOT NULL,
    topic            TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    contact_id       TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    received_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, notification_id)
);
