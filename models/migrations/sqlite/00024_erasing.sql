-- Erasing: of a workspace that was uninstalled, after a time in which it may come back; and of what has grown old.

-- +goose Up
ALTER TABLE workspaces ADD COLUMN erase_at TIMESTAMP;
ALTER TABLE workspaces ADD COLUMN erased_at TIMESTAMP;
UPDATE workspaces SET erase_at = strftime('%Y-%m-%d %H:%M:%f', uninstalled_at, '+30 days') || '+00:00' WHERE uninstalled_at IS NOT NULL;

-- What has grown old and is still to be erased is found among all that is not.
CREATE INDEX replies_with_words ON replies (workspace_id, created_at, id) WHERE body <> '';
CREATE INDEX feedback_with_words ON feedback (workspace_id, at, id) WHERE text <> '' OR contact_id <> '';
CREATE INDEX conversations_with_subject ON conversations (workspace_id, created_at, id) WHERE subject <> '';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('replies', 'replies_with_words', '10000 10000 1 1'),
    ('feedback', 'feedback_with_words', '10000 10000 1 1'),
    ('conversations', 'conversations_with_subject', '75000 75000 1 1');
ANALYZE sqlite_schema;
