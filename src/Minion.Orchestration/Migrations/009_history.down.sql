REVOKE DELETE ON orchestration.entries, orchestration.signals FROM {role:engine};
REVOKE INSERT ON orchestration.entries FROM {role:orchestration};
DROP TABLE orchestration.payload_uses;
DROP TABLE orchestration.payloads;
DROP INDEX orchestration.runs_forks;
ALTER TABLE orchestration.runs DROP COLUMN forked_from, DROP COLUMN from_seq, DROP COLUMN overrides, DROP COLUMN kept;
