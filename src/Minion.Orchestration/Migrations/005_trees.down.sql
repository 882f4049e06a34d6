DROP INDEX orchestration.runs_due, orchestration.runs_tree;
DELETE FROM orchestration.entries WHERE (tenant, run_id) IN (SELECT tenant, id FROM orchestration.runs WHERE parent_id IS NOT NULL);
DELETE FROM orchestration.signals WHERE kind = 'child' OR (tenant, run_id) IN (SELECT tenant, id FROM orchestration.runs WHERE parent_id IS NOT NULL);
DELETE FROM orchestration.ready WHERE (tenant, run_id) IN (SELECT tenant, id FROM orchestration.runs WHERE parent_id IS NOT NULL);
DELETE FROM orchestration.runs WHERE parent_id IS NOT NULL;
ALTER TABLE orchestration.runs
  DROP COLUMN root_id, DROP COLUMN parent_id, DROP COLUMN parent_step, DROP COLUMN parent_call, DROP COLUMN depth, DROP COLUMN label,
  DROP COLUMN options, DROP COLUMN wake_at, DROP COLUMN paused;
