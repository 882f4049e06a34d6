-- Whether what a message of a session, or one between agents, says came in part from untrusted sources: from a run that had read of them.
ALTER TABLE orchestration.session_messages ADD COLUMN tainted boolean NOT NULL DEFAULT false;
CREATE INDEX session_messages_tainted ON orchestration.session_messages (tenant, session_id, seq) WHERE tainted;
ALTER TABLE orchestration.messages ADD COLUMN tainted boolean NOT NULL DEFAULT false;
