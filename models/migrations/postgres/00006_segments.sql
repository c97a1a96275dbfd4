-- What Intercom knows of contacts and their companies, segments over it, and messages to those who are in them. The two
-- dialects differ in TIMESTAMP/TIMESTAMPTZ only.

-- +goose Up
-- profile_at is when Intercom was last asked for everything about the contact, profile_next_at the time before which it
-- is not asked again. gone_at is set while Intercom says that there is no such contact, or that it was archived.
ALTER TABLE contacts ADD COLUMN locale TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN signed_up_at TIMESTAMPTZ;
ALTER TABLE contacts ADD COLUMN last_seen_at TIMESTAMPTZ;
ALTER TABLE contacts ADD COLUMN unsubscribed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE contacts ADD COLUMN attributes TEXT NOT NULL DEFAULT '{}';
ALTER TABLE contacts ADD COLUMN profile_at TIMESTAMPTZ;
ALTER TABLE contacts ADD COLUMN profile_next_at TIMESTAMPTZ;
ALTER TABLE contacts ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN gone_at TIMESTAMPTZ;

CREATE TABLE companies (
    workspace_id  TEXT NOT NULL REFERENCES workspaces (id),
    id            TEXT NOT NULL,
    external_id   TEXT NOT NULL,
    name          TEXT NOT NULL,
    plan          TEXT NOT NULL,
    size          INTEGER NOT NULL,
    attributes    TEXT NOT NULL,
    updated_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE contact_companies (
    workspace_id  TEXT NOT NULL,
    contact_id    TEXT NOT NULL,
    company_id    TEXT NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, company_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, company_id) REFERENCES companies (workspace_id, id)
);
CREATE INDEX contacts_of_company ON contact_companies (workspace_id, company_id);

-- What a contact did, each kind of event once: how often in all, and when last.
CREATE TABLE contact_events (
    workspace_id  TEXT NOT NULL,
    contact_id    TEXT NOT NULL,
    name          TEXT NOT NULL,
    count         INTEGER NOT NULL,
    last_at       TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, contact_id, name),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);

-- A segment and the message to those who are in it. worked_through_at is when everybody was first looked at since the
-- conditions changed: who is in it before that did not enter it.
CREATE TABLE segments (
    workspace_id       TEXT NOT NULL REFERENCES workspaces (id),
    id                 TEXT NOT NULL,
    name               TEXT NOT NULL,
    version            INTEGER NOT NULL,
    rules              TEXT NOT NULL,
    channel            TEXT NOT NULL CHECK (channel IN ('in_app', 'email')),
    subject            TEXT NOT NULL,
    body               TEXT NOT NULL,
    automatic          BOOLEAN NOT NULL,
    paused             BOOLEAN NOT NULL,
    worked_through_at  TIMESTAMPTZ,
    created_at         TIMESTAMPTZ NOT NULL,
    saved_at           TIMESTAMPTZ NOT NULL,
    saved_by           TEXT NOT NULL,
    deleted_at         TIMESTAMPTZ,
    PRIMARY KEY (workspace_id, id)
);

CREATE TABLE segment_versions (
    workspace_id  TEXT NOT NULL,
    segment_id    TEXT NOT NULL,
    version       INTEGER NOT NULL,
    rules         TEXT NOT NULL,
    author_id     TEXT NOT NULL,
    saved_at      TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, segment_id, version),
    FOREIGN KEY (workspace_id, segment_id) REFERENCES segments (workspace_id, id)
);

-- Who is in a segment now, by its present version.
CREATE TABLE segment_members (
    workspace_id  TEXT NOT NULL,
    segment_id    TEXT NOT NULL,
    contact_id    TEXT NOT NULL,
    entered_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (workspace_id, segment_id, contact_id),
    FOREIGN KEY (workspace_id, segment_id) REFERENCES segments (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX segments_of_contact ON segment_members (workspace_id, contact_id);

-- One message to one contact. The unique key makes a second one for the same segment and version impossible.
CREATE TABLE segment_messages (
    workspace_id     TEXT NOT NULL,
    id               TEXT NOT NULL,
    segment_id       TEXT NOT NULL,
    version          INTEGER NOT NULL,
    contact_id       TEXT NOT NULL,
    automatic        BOOLEAN NOT NULL,
    planned_by       TEXT NOT NULL,
    channel          TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('waiting', 'begun', 'sent', 'failed', 'skipped')),
    detail           TEXT NOT NULL,
    attempts         INTEGER NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    due_at           TIMESTAMPTZ NOT NULL,
    begun_at         TIMESTAMPTZ,
    done_at          TIMESTAMPTZ,
    request_id       TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    message_id       TEXT NOT NULL,
    wording_version  INTEGER NOT NULL,
    test             BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, segment_id, version, contact_id),
    FOREIGN KEY (workspace_id, segment_id) REFERENCES segments (workspace_id, id)
);
CREATE INDEX segment_messages_by_state ON segment_messages (workspace_id, state, due_at);
CREATE INDEX segment_messages_of_segment ON segment_messages (workspace_id, segment_id, created_at, id);
CREATE INDEX segment_messages_of_contact ON segment_messages (workspace_id, contact_id);
