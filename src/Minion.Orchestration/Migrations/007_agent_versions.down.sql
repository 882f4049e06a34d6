-- What was parked is ready.
INSERT INTO orchestration.ready (tenant, priority, run_id)
SELECT tenant, priority, run_id FROM orchestration.parked ON CONFLICT (tenant, run_id) DO NOTHING;
DROP TABLE orchestration.parked, orchestration.run_limits, orchestration.agent_changes;
ALTER TABLE orchestration.clusters DROP COLUMN max_runs, DROP COLUMN definition;
ALTER TABLE orchestration.agent_versions DROP COLUMN principal;
DROP TRIGGER revision ON orchestration.agents;
DROP FUNCTION orchestration.raise_revision();
ALTER TABLE orchestration.agents DROP COLUMN max_runs, DROP COLUMN traffic, DROP COLUMN revision;
