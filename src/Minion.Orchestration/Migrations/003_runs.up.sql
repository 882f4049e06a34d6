-- Runs and their journals. See docs/engine.md for what each statement relies on.

-- One row per run. What changes at every step (next_seq, usage) is in no index, so that those updates stay HOT.
-- Kept until the run is deleted; entries, signals and the ready row go with it.
CREATE TABLE orchestration.runs (
  tenant text NOT NULL,
  id uuid NOT NULL,
  agent_id uuid NOT NULL,
  agent text NOT NULL,
  agent_version int NOT NULL,
  behaviour text NOT NULL,
  session_id uuid,
  first_message bigint NOT NULL DEFAULT 0,
  last_message bigint NOT NULL DEFAULT 0,
  request_id text,
  principal text NOT NULL,
  permissions text[] NOT NULL,
  status text NOT NULL CHECK (status IN ('ready', 'running', 'waiting', 'completed', 'failed', 'cancelled')),
  priority int NOT NULL DEFAULT 0,
  next_seq bigint NOT NULL DEFAULT 1,
  epoch bigint NOT NULL DEFAULT 0,
  worker_id uuid,
  signal_seq bigint NOT NULL DEFAULT 0,
  deadline timestamptz NOT NULL,
  waiting jsonb,
  waiting_since timestamptz,
  limits jsonb NOT NULL,
  input_tokens bigint NOT NULL DEFAULT 0,
  output_tokens bigint NOT NULL DEFAULT 0,
  model_calls int NOT NULL DEFAULT 0,
  tool_calls int NOT NULL DEFAULT 0,
  input text NOT NULL,
  output text,
  error jsonb,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (tenant, id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

CREATE UNIQUE INDEX runs_request ON orchestration.runs (tenant, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX runs_session ON orchestration.runs (tenant, session_id, id) WHERE session_id IS NOT NULL;
CREATE INDEX runs_held ON orchestration.runs (worker_id) WHERE worker_id IS NOT NULL;

-- A row while the run is ready; claiming deletes it. So no index on runs changes with the status.
CREATE TABLE orchestration.ready (
  tenant text NOT NULL,
  priority int NOT NULL,
  run_id uuid NOT NULL,
  PRIMARY KEY (tenant, run_id)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX ready_order ON orchestration.ready (tenant, priority DESC, run_id);

-- The journal: insert-only. An outcome ends a call; there is at most one for each.
CREATE TABLE orchestration.entries (
  tenant text NOT NULL,
  run_id uuid NOT NULL,
  seq bigint NOT NULL,
  step int NOT NULL,
  call int NOT NULL,
  attempt int NOT NULL,
  kind text NOT NULL,
  is_outcome boolean NOT NULL,
  name text,
  payload jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  input_tokens int NOT NULL DEFAULT 0,
  output_tokens int NOT NULL DEFAULT 0,
  trace_id text,
  PRIMARY KEY (run_id, seq)
);

CREATE UNIQUE INDEX entries_outcome ON orchestration.entries (run_id, step, call) WHERE is_outcome;

-- What reached a run from outside: answers, cancels, retries. seq numbers them within the run.
CREATE TABLE orchestration.signals (
  tenant text NOT NULL,
  run_id uuid NOT NULL,
  id text NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL,
  payload jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (run_id, id)
);

-- Content that many journals refer to by its hash: the tool sets. Kept as long as journals are; used_at says when a process last needed it.
CREATE TABLE orchestration.blobs (
  tenant text NOT NULL,
  hash bytea NOT NULL,
  content jsonb NOT NULL,
  used_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, hash)
);

-- The processes that execute runs. A row with a stale heartbeat is deleted by whoever sees it first.
CREATE TABLE orchestration.workers (
  id uuid PRIMARY KEY,
  host text NOT NULL,
  process text NOT NULL,
  capacity int NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['runs', 'ready', 'entries', 'signals', 'blobs'] LOOP
    EXECUTE format('ALTER TABLE orchestration.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant_only ON orchestration.%I TO {role:orchestration} USING (tenant = nullif(current_setting(''minion.tenant'', true), ''''))', t);
    EXECUTE format('CREATE POLICY engine ON orchestration.%I TO {role:engine} USING (true)', t);
    EXECUTE format('CREATE POLICY migrator ON orchestration.%I TO {role:migrator} USING (true)', t);
  END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.runs, orchestration.ready TO {role:orchestration}, {role:engine};
GRANT SELECT ON orchestration.entries TO {role:orchestration};
GRANT SELECT, INSERT ON orchestration.entries TO {role:engine};
GRANT SELECT, INSERT ON orchestration.signals TO {role:orchestration}, {role:engine};
GRANT SELECT, INSERT, UPDATE ON orchestration.blobs TO {role:engine};
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.workers TO {role:engine};
