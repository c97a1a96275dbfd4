-- Rollups of all channels together beside those of each channel: most pages read all of them, and these are few. They are
-- derived again when the program starts, as after every new declaration of figures.

-- +goose Up

-- Where by_channel is false the row is of all channels together, and channel is empty.
DROP TABLE rollup_days;
CREATE TABLE rollup_days (
    workspace_id          TEXT NOT NULL,
    teammate_of           TEXT NOT NULL CHECK (teammate_of IN ('any', 'latest', 'first')),
    by_channel            BOOLEAN NOT NULL,
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
    PRIMARY KEY (workspace_id, teammate_of, by_channel, day, channel, teammate_id)
);

DROP TABLE rollup_moves;
CREATE TABLE rollup_moves (
    workspace_id  TEXT NOT NULL,
    teammate_of   TEXT NOT NULL CHECK (teammate_of IN ('any', 'latest', 'first')),
    by_channel    BOOLEAN NOT NULL,
    day           TEXT NOT NULL,
    channel       TEXT NOT NULL,
    teammate_id   TEXT NOT NULL,
    first_score   INTEGER NOT NULL,
    first_scale   INTEGER NOT NULL,
    latest_score  INTEGER NOT NULL,
    latest_scale  INTEGER NOT NULL,
    pairs         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, teammate_of, by_channel, day, channel, teammate_id, first_score, first_scale, latest_score, latest_scale)
);

DROP TABLE rollup_asks;
CREATE TABLE rollup_asks (
    workspace_id  TEXT NOT NULL,
    teammate_of   TEXT NOT NULL CHECK (teammate_of IN ('any', 'request')),
    by_channel    BOOLEAN NOT NULL,
    day           TEXT NOT NULL,
    channel       TEXT NOT NULL,
    teammate_id   TEXT NOT NULL,
    sent          BIGINT NOT NULL,
    rated         BIGINT NOT NULL,
    sent_again    BIGINT NOT NULL,
    rated_again   BIGINT NOT NULL,
    closed        BIGINT NOT NULL,
    asked         BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, teammate_of, by_channel, day, channel, teammate_id)
);
