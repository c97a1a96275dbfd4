-- Where a contact was last, as Intercom says it.

-- +goose Up
ALTER TABLE contacts ADD COLUMN location TEXT NOT NULL DEFAULT '';
