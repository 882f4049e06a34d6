ALTER TABLE orchestration.entries DROP COLUMN cost_usd;
ALTER TABLE orchestration.runs DROP COLUMN cost_usd;
