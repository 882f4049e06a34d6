ALTER TABLE orchestration.agents
  -- Raised by every change of the row: what a process remembers of the agent holds while this is the same.
  ADD COLUMN revision int NOT NULL DEFAULT 1,
  -- How new runs are divided among versions: [{"version": 3, "percent": 90}, …]; null when the current version has all.
  ADD COLUMN traffic jsonb,
  -- Runs at once as an operator has set it: 0 for no limit, null for what the definition says.
  ADD COLUMN max_runs int;

CREATE FUNCTION orchestration.raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END $$;
CREATE TRIGGER revision BEFORE UPDATE ON orchestration.agents FOR EACH ROW EXECUTE FUNCTION orchestration.raise_revision();

-- Who made the version; null for those from before it was recorded.
ALTER TABLE orchestration.agent_versions ADD COLUMN principal text;

ALTER TABLE orchestration.clusters
  -- What the file says of the cluster as a whole, with "schema": 1; null until it is applied again.
  ADD COLUMN definition jsonb,
  -- Runs at once of its agents together, as of agents.
  ADD COLUMN max_runs int;

-- What was done to agents, and by whom. Kept as long as the agent's row.
CREATE TABLE orchestration.agent_changes (
  tenant text NOT NULL,
  agent_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  principal text NOT NULL,
  kind text NOT NULL,
  version int NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (tenant, agent_id, id),
  FOREIGN KEY (tenant, agent_id) REFERENCES orchestration.agents (tenant, id)
);

-- A row for each agent whose runs are limited, by a limit of its own or of its cluster. Written whenever one of these changes. How many runs are held
-- is counted when runs are taken, not kept: a count that is not kept cannot be wrong after a crash.
CREATE TABLE orchestration.run_limits (
  tenant text NOT NULL,
  agent_id uuid NOT NULL,
  most int,
  -- Null when its cluster has no limit.
  cluster text,
  cluster_most int,
  PRIMARY KEY (tenant, agent_id)
);

-- Ready runs of limited agents, until there is room. Such a run has no row in ready, or only until a claim has seen it there.
CREATE TABLE orchestration.parked (
  tenant text NOT NULL,
  agent_id uuid NOT NULL,
  priority int NOT NULL,
  run_id uuid NOT NULL,
  PRIMARY KEY (tenant, run_id)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX parked_order ON orchestration.parked (tenant, agent_id, priority DESC, run_id);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['agent_changes', 'run_limits', 'parked'] LOOP
    EXECUTE format('ALTER TABLE orchestration.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant_only ON orchestration.%I TO {role:orchestration} USING (tenant = nullif(current_setting(''minion.tenant'', true), ''''))', t);
    EXECUTE format('CREATE POLICY engine ON orchestration.%I TO {role:engine} USING (true)', t);
    EXECUTE format('CREATE POLICY migrator ON orchestration.%I TO {role:migrator} USING (true)', t);
  END LOOP;
END $$;

GRANT SELECT, INSERT ON orchestration.agent_changes TO {role:orchestration};
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.run_limits TO {role:orchestration};
GRANT SELECT ON orchestration.run_limits TO {role:engine};
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.parked TO {role:orchestration}, {role:engine};
