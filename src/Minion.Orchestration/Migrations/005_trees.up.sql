-- Trees of runs, and times at which a run goes on by itself. None of these columns changes at a step.
ALTER TABLE orchestration.runs
  ADD COLUMN root_id uuid,
  ADD COLUMN parent_id uuid,
  ADD COLUMN parent_step int NOT NULL DEFAULT 0,
  ADD COLUMN parent_call int NOT NULL DEFAULT 0,
  ADD COLUMN depth int NOT NULL DEFAULT 0,
  ADD COLUMN label text NOT NULL DEFAULT '',
  ADD COLUMN options jsonb NOT NULL DEFAULT '{}',
  -- When a waiting run becomes ready by itself; null for one that waits for signals only.
  ADD COLUMN wake_at timestamptz,
  -- Time that it waited for people, its children's included: the deadline has moved by as much.
  ADD COLUMN paused interval NOT NULL DEFAULT '0';

UPDATE orchestration.runs SET root_id = id;
ALTER TABLE orchestration.runs ALTER COLUMN root_id SET NOT NULL;

-- Only children are in it: a run that starts none pays nothing.
CREATE INDEX runs_tree ON orchestration.runs (tenant, root_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX runs_due ON orchestration.runs (wake_at) WHERE wake_at IS NOT NULL;
