-- Erasing: of a workspace that was uninstalled, after a time in which it may come back; and of what has grown old.

-- +goose Up
ALTER TABLE workspaces ADD COLUMN erase_at TIMESTAMPTZ;
ALTER TABLE workspaces ADD COLUMN erased_at TIMESTAMPTZ;
UPDATE workspaces SET erase_at = uninstalled_at + INTERVAL '30 days' WHERE uninstalled_at IS NOT NULL;

-- What has grown old and is still to be erased is found among all that is not.
CREATE INDEX replies_with_words ON replies (workspace_id, created_at, id) WHERE body <> '';
CREATE INDEX feedback_with_words ON feedback (workspace_id, at, id) WHERE text <> '' OR contact_id <> '';
CREATE INDEX conversations_with_subject ON conversations (workspace_id, created_at, id) WHERE subject <> '';
