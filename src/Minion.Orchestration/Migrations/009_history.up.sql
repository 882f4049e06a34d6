-- What keeps journals small, and lets a run be copied, compared, kept and removed. See docs/history.md.

-- forked_from: the run whose journal up to from_seq is the beginning of this one's. overrides: what the fork does otherwise. kept: retention leaves it.
ALTER TABLE orchestration.runs
  ADD COLUMN forked_from uuid,
  ADD COLUMN from_seq bigint NOT NULL DEFAULT 0,
  ADD COLUMN overrides jsonb,
  ADD COLUMN kept boolean NOT NULL DEFAULT false;

CREATE INDEX runs_forks ON orchestration.runs (tenant, forked_from) WHERE forked_from IS NOT NULL;

-- Long texts of journals, under their SHA-256: UTF-8, gzip. Touched whenever an entry that refers to one is written; removed when no journal has
-- referred to it for a grace period.
CREATE TABLE orchestration.payloads (
  tenant text NOT NULL,
  hash bytea NOT NULL,
  bytes bigint NOT NULL,
  content bytea NOT NULL,
  used_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, hash)
);

-- Compressed already.
ALTER TABLE orchestration.payloads ALTER COLUMN content SET STORAGE EXTERNAL;

-- Which journals refer to which texts. Goes with the run.
CREATE TABLE orchestration.payload_uses (
  tenant text NOT NULL,
  run_id uuid NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (run_id, hash)
);

CREATE INDEX payload_uses_hash ON orchestration.payload_uses (tenant, hash);

DO $$
DECLARE
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['payloads', 'payload_uses'] LOOP
    EXECUTE format('ALTER TABLE orchestration.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant_only ON orchestration.%I TO {role:orchestration} USING (tenant = nullif(current_setting(''minion.tenant'', true), ''''))', t);
    EXECUTE format('CREATE POLICY engine ON orchestration.%I TO {role:engine} USING (true)', t);
    EXECUTE format('CREATE POLICY migrator ON orchestration.%I TO {role:migrator} USING (true)', t);
  END LOOP;
END $$;

GRANT SELECT ON orchestration.payloads TO {role:orchestration};
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.payloads TO {role:engine};
GRANT SELECT, INSERT ON orchestration.payload_uses TO {role:orchestration};
GRANT SELECT, INSERT, DELETE ON orchestration.payload_uses TO {role:engine};

-- A fork's journal begins with a copy; retention removes journals.
GRANT INSERT ON orchestration.entries TO {role:orchestration};
GRANT DELETE ON orchestration.entries, orchestration.signals TO {role:engine};
