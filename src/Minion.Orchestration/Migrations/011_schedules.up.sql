-- Schedules: runs of an agent at times. See docs/schedules.md.

-- next_at is the next time that was not dealt with; null while paused and when there is none. Runs have the principal and the permissions of
-- who made the schedule.
CREATE TABLE orchestration.schedules (
  tenant text NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  definition jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'paused', 'ended')),
  anchor timestamptz NOT NULL,
  next_at timestamptz,
  last_at timestamptz,
  last_run_id uuid,
  last_failure text,
  fired bigint NOT NULL DEFAULT 0,
  cluster text,
  principal text NOT NULL,
  permissions text[] NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX schedules_name ON orchestration.schedules (tenant, name);
CREATE INDEX schedules_next ON orchestration.schedules (next_at) WHERE next_at IS NOT NULL;

-- The times that were reached, and what became of each. Kept for their retention.
CREATE TABLE orchestration.schedule_fires (
  tenant text NOT NULL,
  schedule_id uuid NOT NULL,
  at timestamptz NOT NULL,
  request_id text NOT NULL,
  number bigint NOT NULL,
  triggered boolean NOT NULL DEFAULT false,
  status text NOT NULL CHECK (status IN ('due', 'started', 'skipped', 'failed')),
  -- When it is looked at (again) while it is due.
  retry_at timestamptz,
  attempts int NOT NULL DEFAULT 0,
  run_id uuid,
  -- Whether the run was seen to have ended.
  ended boolean NOT NULL DEFAULT false,
  reason text,
  fired_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, schedule_id, request_id)
);
CREATE INDEX schedule_fires_due ON orchestration.schedule_fires (retry_at) WHERE status = 'due';
CREATE INDEX schedule_fires_going ON orchestration.schedule_fires (tenant, schedule_id) WHERE status = 'started' AND NOT ended;
CREATE INDEX schedule_fires_age ON orchestration.schedule_fires (fired_at);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['schedules', 'schedule_fires'] LOOP
    EXECUTE format('ALTER TABLE orchestration.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant_only ON orchestration.%I TO {role:orchestration} USING (tenant = nullif(current_setting(''minion.tenant'', true), ''''))', t);
    EXECUTE format('CREATE POLICY engine ON orchestration.%I TO {role:engine} USING (true)', t);
    EXECUTE format('CREATE POLICY migrator ON orchestration.%I TO {role:migrator} USING (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.%I TO {role:orchestration}, {role:engine}', t);
  END LOOP;
END $$;
