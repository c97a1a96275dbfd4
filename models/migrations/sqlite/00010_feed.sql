-- The feed of ratings: search in remarks, marks of what was handled, and replies. Remarks that are there already are put
-- into the index when the program starts: see workspaces.search_version.

-- +goose Up
ALTER TABLE workspaces ADD COLUMN search_version INTEGER NOT NULL DEFAULT 0;

-- The words of a remark, folded by internal/words, each once. doc grows with the time of the rating, hour by hour.
CREATE TABLE rating_words (
    workspace_id  TEXT NOT NULL,
    rating_id     TEXT NOT NULL,
    doc           BIGINT NOT NULL UNIQUE,
    words         TEXT NOT NULL,
    PRIMARY KEY (workspace_id, rating_id)
);

-- The words are tokens already; what is not ASCII is part of one.
CREATE VIRTUAL TABLE rating_words_index USING fts5 (words, content='rating_words', content_rowid='doc', detail=none, columnsize=0, tokenize='ascii');
-- Words that are erased leave the index at once.
INSERT INTO rating_words_index (rating_words_index, rank) VALUES ('secure-delete', 1);

-- +goose StatementBegin
CREATE TRIGGER rating_words_added AFTER INSERT ON rating_words BEGIN
    INSERT INTO rating_words_index (rowid, words) VALUES (new.doc, new.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rating_words_dropped AFTER DELETE ON rating_words BEGIN
    INSERT INTO rating_words_index (rating_words_index, rowid, words) VALUES ('delete', old.doc, old.words);
END;
-- +goose StatementEnd

ALTER TABLE ratings ADD COLUMN handled_at TIMESTAMP;
ALTER TABLE ratings ADD COLUMN handled_by TEXT NOT NULL DEFAULT '';

CREATE INDEX ratings_with_remark ON ratings (workspace_id, at, id) WHERE remark <> '';
CREATE INDEX ratings_left_out ON ratings (workspace_id, why_not, at, id) WHERE why_not <> '';
CREATE INDEX ratings_handled ON ratings (workspace_id, at, id) WHERE handled_at IS NOT NULL;
CREATE INDEX ratings_of_contact ON ratings (workspace_id, contact_id, at, id);

-- What a teammate writes to the customer from a rating. begun_at is when it was first tried: what Intercom has of it is
-- not older. part_id is Intercom's part, once it is known.
CREATE TABLE replies (
    workspace_id     TEXT NOT NULL,
    id               TEXT NOT NULL,
    rating_id        TEXT NOT NULL,
    conversation_id  TEXT NOT NULL,
    author_id        TEXT NOT NULL,
    author_name      TEXT NOT NULL,
    body             TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    due_at           TIMESTAMP NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    detail           TEXT NOT NULL DEFAULT '',
    created_at       TIMESTAMP NOT NULL,
    begun_at         TIMESTAMP,
    done_at          TIMESTAMP,
    part_id          TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, rating_id) REFERENCES ratings (workspace_id, id)
);
CREATE INDEX replies_of_conversation ON replies (workspace_id, conversation_id, created_at);
CREATE INDEX replies_of_rating ON replies (workspace_id, rating_id);
CREATE INDEX replies_waiting ON replies (workspace_id, due_at) WHERE state = 'waiting';
