REVOKE DELETE ON orchestration.entries, orchestration.signals FROM {role:engine};
DROP TABLE orchestration.session_values, orchestration.session_summaries, orchestration.session_turns;
DROP INDEX orchestration.session_messages_pinned;
ALTER TABLE orchestration.session_messages DROP COLUMN interrupted, DROP COLUMN pinned;
DELETE FROM orchestration.sessions WHERE status = 'deleted';
ALTER TABLE orchestration.sessions DROP CONSTRAINT sessions_status_check;
ALTER TABLE orchestration.sessions
  ADD CONSTRAINT sessions_status_check CHECK (status IN ('active', 'closed', 'expired', 'archived')),
  DROP COLUMN full_through, DROP COLUMN current_run, DROP COLUMN turns;
