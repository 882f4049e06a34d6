ALTER TABLE orchestration.messages DROP COLUMN tainted;
DROP INDEX orchestration.session_messages_tainted;
ALTER TABLE orchestration.session_messages DROP COLUMN tainted;
