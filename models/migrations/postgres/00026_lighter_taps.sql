-- What every answer writes stands in fewer trees: no index that another can do for.

-- +goose Up
ALTER TABLE outbox DROP CONSTRAINT outbox_pkey;
ALTER TABLE outbox ADD PRIMARY KEY (workspace_id, due_at, id);
DROP INDEX outbox_by_due_at;

DROP INDEX write_backs_of_conversation;

-- Who is credited is known only later.
DROP INDEX ratings_by_teammate;
CREATE INDEX ratings_by_teammate ON ratings (workspace_id, teammate_id, at, id) WHERE teammate_id <> '';
