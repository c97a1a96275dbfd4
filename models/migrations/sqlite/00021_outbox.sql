-- Jobs are stored with the answers that need them, and put into the queue when they are due.

-- +goose Up
CREATE TABLE outbox (
    workspace_id    TEXT NOT NULL,
    id              TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    due_at          TIMESTAMP NOT NULL,
    PRIMARY KEY (workspace_id, id)
) WITHOUT ROWID;
CREATE INDEX outbox_by_due_at ON outbox (workspace_id, due_at);

-- What waits to be written is found among all that was.
CREATE INDEX write_backs_waiting ON write_backs (workspace_id, due_at) WHERE state = 'waiting';

-- SQLite chooses between indexes by how many rows it expects. Of a database that was never analysed it believes that a workspace
-- has ten rows in each table, and reads all of the workspace's to find those of one conversation in order. These are the
-- numbers of a large workspace: all rows of an index, then how many are alike in its first column, its first two, and so on.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('calls', 'calls_by_at', '20000 20000 1 1'),
    ('calls', 'calls_by_tab', '20000 20000 5000 1 1'),
    ('calls', 'calls_of_conversation', '20000 20000 3 1'),
    ('calls', 'sqlite_autoindex_calls_1', '20000 20000 1'),
    ('companies', 'sqlite_autoindex_companies_1', '20000 20000 1'),
    ('contact_companies', 'contacts_of_company', '200000 200000 20'),
    ('contact_companies', 'sqlite_autoindex_contact_companies_1', '200000 200000 6 1'),
    ('contacts', 'sqlite_autoindex_contacts_1', '200000 200000 1'),
    ('conversation_contacts', 'conversations_of_contact', '750000 750000 6'),
    ('conversation_contacts', 'sqlite_autoindex_conversation_contacts_1', '750000 750000 3 1'),
    ('conversations', 'conversations_by_closed_at', '750000 750000 1 1'),
    ('conversations', 'conversations_tagged', '75000 75000 18750 1'),
    ('conversations', 'sqlite_autoindex_conversations_1', '750000 750000 1'),
    ('deliveries', 'deliveries_by_state', '100000 100000 25000 6250 1'),
    ('deliveries', 'deliveries_by_time', '100000 100000 25000 1 1'),
    ('deliveries', 'deliveries_of_summary', '100000 100000 5'),
    ('deliveries', 'sqlite_autoindex_deliveries_1', '100000 100000 1'),
    ('deliveries', 'sqlite_autoindex_deliveries_2', '100000 100000 25000 1'),
    ('events', 'sqlite_autoindex_events_1', '1000000 1000000 1'),
    ('events', 'sqlite_autoindex_events_2', '1000000 1000000 1'),
    ('feedback', 'feedback_by_at', '10000 10000 1 1'),
    ('feedback', 'feedback_of_contact', '10000 10000 6'),
    ('feedback', 'sqlite_autoindex_feedback_1', '10000 10000 1'),
    ('feedback', 'sqlite_autoindex_feedback_2', '10000 10000 1'),
    ('import_rows', 'import_rows_of_unit', '30000 30000 7500 3 3'),
    ('import_rows', 'sqlite_autoindex_import_rows_1', '30000 30000 7500 1'),
    ('outbox', 'outbox', '1000 1000 1'),
    ('outbox', 'outbox_by_due_at', '1000 1000 1'),
    ('pending_changes', 'pending_changes_of_conversation', '10000 10000 3'),
    ('pending_changes', 'sqlite_autoindex_pending_changes_1', '10000 10000 1'),
    ('pending_summaries', 'sqlite_autoindex_pending_summaries_1', '10000 10000 3 1'),
    ('rating_words', 'sqlite_autoindex_rating_words_2', '400000 400000 1'),
    ('ratings', 'ratings_by_at', '1000000 1000000 1 1'),
    ('ratings', 'ratings_by_teammate', '1000000 1000000 20000 1 1'),
    ('ratings', 'ratings_handled', '100000 100000 1 1'),
    ('ratings', 'ratings_left_out', '100000 100000 25000 1 1'),
    ('ratings', 'ratings_of_contact', '1000000 1000000 6 1 1'),
    ('ratings', 'ratings_of_conversation', '1000000 1000000 3 3 1'),
    ('ratings', 'ratings_of_import', '100000 100000 25000 3 3'),
    ('ratings', 'ratings_of_request', '1000000 1000000 1 1 1'),
    ('ratings', 'ratings_with_remark', '100000 100000 1 1'),
    ('ratings', 'sqlite_autoindex_ratings_1', '1000000 1000000 1'),
    ('ratings', 'sqlite_autoindex_ratings_2', '1000000 1000000 1'),
    ('replies', 'replies_of_conversation', '10000 10000 3 1'),
    ('replies', 'replies_of_rating', '10000 10000 3'),
    ('replies', 'replies_waiting', '1000 1000 1'),
    ('replies', 'sqlite_autoindex_replies_1', '10000 10000 1'),
    ('requests', 'requests_by_closed_at', '1250000 1250000 1 1'),
    ('requests', 'requests_by_created_at', '1250000 1250000 1 1'),
    ('requests', 'requests_by_sent_at', '1250000 1250000 1'),
    ('requests', 'requests_due', '125000 125000 1'),
    ('requests', 'requests_of_contact', '1250000 1250000 6 1'),
    ('requests', 'requests_of_conversation', '1250000 1250000 3 1'),
    ('requests', 'requests_of_episode', '125000 125000 3 1'),
    ('requests', 'requests_of_ledger', '1250000 1250000 1 1'),
    ('requests', 'requests_open', '125000 125000 1'),
    ('requests', 'sqlite_autoindex_requests_1', '1250000 1250000 1'),
    ('rollup_asks', 'rollup_asks', '180000 180000 45000 11250 8 2 1'),
    ('rollup_days', 'rollup_days', '350000 350000 87500 21875 15 3 1'),
    ('rollup_moves', 'rollup_moves', '950000 950000 237500 59375 42 10 1 1 1 1 1'),
    ('segment_members', 'segments_of_contact', '100000 100000 6'),
    ('segment_members', 'sqlite_autoindex_segment_members_1', '100000 100000 25000 1'),
    ('summaries', 'sqlite_autoindex_summaries_1', '750000 750000 3 1'),
    ('summaries', 'summaries_by_day', '750000 750000 535'),
    ('summaries', 'summaries_by_latest', '750000 750000 1 1'),
    ('summaries', 'summaries_low', '75000 75000 1 1'),
    ('summaries', 'summaries_waiting', '75000 75000 1 1'),
    ('write_backs', 'sqlite_autoindex_write_backs_1', '3000000 3000000 3 1'),
    ('write_backs', 'write_backs_waiting', '3000 3000 1'),
    ('write_backs', 'write_backs_of_conversation', '3000000 3000000 3 1');
ANALYZE sqlite_schema;
