-- Asking by itself: what the rules saw of a close, when a request is due and what became of sending it, and what
-- is known of a conversation's course.

-- +goose Up
-- A row with closed_at is the ledger's one row for an episode; one without was asked by hand in an episode that
-- has not been closed yet, or besides that row.
ALTER TABLE requests ADD COLUMN automatic BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE requests ADD COLUMN test BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE requests ADD COLUMN asked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN contact_id TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN facts TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN due_at TIMESTAMP;
ALTER TABLE requests ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN seen_at TIMESTAMP;
CREATE UNIQUE INDEX requests_of_episode ON requests (workspace_id, conversation_id, episode) WHERE closed_at IS NOT NULL;
CREATE INDEX requests_due ON requests (workspace_id, due_at) WHERE state = 'scheduled';
CREATE INDEX requests_open ON requests (workspace_id, sent_at) WHERE state IN ('sent', 'seen');
CREATE INDEX requests_of_contact ON requests (workspace_id, contact_id, sent_at);
CREATE INDEX requests_by_closed_at ON requests (workspace_id, closed_at, id);

-- What Intercom said when the conversation was last read; an empty state is one that has not been read since.
ALTER TABLE conversations ADD COLUMN state TEXT NOT NULL DEFAULT '' CHECK (state IN ('', 'open', 'snoozed', 'closed'));
ALTER TABLE conversations ADD COLUMN changed_at TIMESTAMP;
ALTER TABLE conversations ADD COLUMN closed_at TIMESTAMP;
ALTER TABLE conversations ADD COLUMN teammate_replied_at TIMESTAMP;
ALTER TABLE conversations ADD COLUMN contact_replied_at TIMESTAMP;
ALTER TABLE conversations ADD COLUMN assignee_id TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE conversations ADD COLUMN do_not_ask BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX conversations_by_closed_at ON conversations (workspace_id, closed_at, id);

-- How sure it is that the person who was asked gave the answer.
ALTER TABLE ratings ADD COLUMN integrity TEXT NOT NULL DEFAULT 'messenger'
    CHECK (integrity IN ('messenger', 'person', 'doubtful', 'intercom', 'import', 'teammate'));
ALTER TABLE ratings ADD COLUMN doubt TEXT NOT NULL DEFAULT '';

-- Up to where the reconciling poll has looked, and when somebody looked at what the rules would do.
ALTER TABLE workspaces ADD COLUMN polled_until TIMESTAMP;
ALTER TABLE workspaces ADD COLUMN dry_run_at TIMESTAMP;
ALTER TABLE workspaces ADD COLUMN health_at TIMESTAMP;
