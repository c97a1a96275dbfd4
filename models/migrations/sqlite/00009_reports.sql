-- Reports: what else a summary says, rollups in three views of who is credited and of what was asked, and which requests ask
-- again. Rollups and the new facts of older rows are derived again when the program starts: see workspaces.reports_version.

-- +goose Up
ALTER TABLE workspaces ADD COLUMN reports_version INTEGER NOT NULL DEFAULT 0;

-- replied: whether a teammate replied between the contact's rating before and this one; empty where that is not known.
ALTER TABLE ratings ADD COLUMN replied TEXT NOT NULL DEFAULT '' CHECK (replied IN ('', 'yes', 'no'));
CREATE INDEX ratings_by_teammate ON ratings (workspace_id, teammate_id, at, id);

ALTER TABLE requests ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE summaries ADD COLUMN latest_id TEXT NOT NULL DEFAULT '';
ALTER TABLE summaries ADD COLUMN first_teammate_id TEXT NOT NULL DEFAULT '';
ALTER TABLE summaries ADD COLUMN replied TEXT NOT NULL DEFAULT '';
ALTER TABLE summaries ADD COLUMN waiting BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX summaries_by_day ON summaries (workspace_id, day);
CREATE INDEX summaries_by_latest ON summaries (workspace_id, latest_at, latest_id);
CREATE INDEX summaries_low ON summaries (workspace_id, latest_at, latest_id) WHERE latest_sentiment = 'negative';
CREATE INDEX summaries_waiting ON summaries (workspace_id, latest_at, latest_id) WHERE waiting;

ALTER TABLE pending_summaries ADD COLUMN latest_id TEXT NOT NULL DEFAULT '';
ALTER TABLE pending_summaries ADD COLUMN first_teammate_id TEXT NOT NULL DEFAULT '';
ALTER TABLE pending_summaries ADD COLUMN replied TEXT NOT NULL DEFAULT '';
ALTER TABLE pending_summaries ADD COLUMN waiting BOOLEAN NOT NULL DEFAULT FALSE;

-- Each summary stands in three rows: of all (any), of who is credited with its latest rating, and with its first.
DROP TABLE rollup_days;
CREATE TABLE rollup_days (
    workspace_id          TEXT NOT NULL,
    teammate_of           TEXT NOT NULL CHECK (teammate_of IN ('any', 'latest', 'first')),
    day                   TEXT NOT NULL,
    channel               TEXT NOT NULL,
    teammate_id           TEXT NOT NULL,
    rated                 BIGINT NOT NULL,
    first_positive        BIGINT NOT NULL,
    latest_positive       BIGINT NOT NULL,
    best_positive         BIGINT NOT NULL,
    worst_positive        BIGINT NOT NULL,
    credit                BIGINT NOT NULL,
    better                BIGINT NOT NULL,
    same                  BIGINT NOT NULL,
    worse                 BIGINT NOT NULL,
    gained                BIGINT NOT NULL,
    lost                  BIGINT NOT NULL,
    first_positive_again  BIGINT NOT NULL,
    first_negative        BIGINT NOT NULL,
    asked                 BIGINT NOT NULL,
    answered              BIGINT NOT NULL,
    recovered             BIGINT NOT NULL,
    answered_with_reply   BIGINT NOT NULL,
    recovered_with_reply  BIGINT NOT NULL,
    answered_alone        BIGINT NOT NULL,
    recovered_alone       BIGINT NOT NULL,
    latest_negative       BIGINT NOT NULL,
    waiting               BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, teammate_of, day, channel, teammate_id)
);

DROP TABLE rollup_moves;
CREATE TABLE rollup_moves (
    workspace_id  TEXT NOT NULL,
    teammate_of   TEXT NOT NULL CHECK (teammate_of IN ('any', 'latest', 'first')),
    day           TEXT NOT NULL,
    channel       TEXT NOT NULL,
    teammate_id   TEXT NOT NULL,
    first_score   INTEGER NOT NULL,
    first_scale   INTEGER NOT NULL,
    latest_score  INTEGER NOT NULL,
    latest_scale  INTEGER NOT NULL,
    pairs         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, teammate_of, day, channel, teammate_id, first_score, first_scale, latest_score, latest_scale)
);

-- Each request stands in two rows: of all, and of the teammate whom it belongs to. Sent and rated belong to the local day it
-- was sent, closed and asked to the one on which its episode was closed.
CREATE TABLE rollup_asks (
    workspace_id  TEXT NOT NULL,
    teammate_of   TEXT NOT NULL CHECK (teammate_of IN ('any', 'request')),
    day           TEXT NOT NULL,
    channel       TEXT NOT NULL,
    teammate_id   TEXT NOT NULL,
    sent          BIGINT NOT NULL,
    rated         BIGINT NOT NULL,
    sent_again    BIGINT NOT NULL,
    rated_again   BIGINT NOT NULL,
    closed        BIGINT NOT NULL,
    asked         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, teammate_of, day, channel, teammate_id)
);

UPDATE requests SET again = TRUE WHERE sent_at IS NOT NULL AND (
    EXISTS (SELECT 1 FROM ratings r WHERE r.workspace_id = requests.workspace_id AND r.conversation_id = requests.conversation_id
        AND r.why_not = '' AND r.at < requests.sent_at)
    OR EXISTS (SELECT 1 FROM requests before WHERE before.workspace_id = requests.workspace_id
        AND before.conversation_id = requests.conversation_id AND before.test = FALSE AND before.method <> 'home'
        AND before.sent_at < requests.sent_at));
