-- Conversations with tags, for reports of one tag.

-- +goose Up
CREATE INDEX conversations_tagged ON conversations (workspace_id, tags, id) WHERE tags <> '[]';
