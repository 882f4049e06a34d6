CREATE TABLE orchestration.agents (
  tenant text NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  status text NOT NULL CHECK (status IN ('draft', 'active', 'inactive', 'archived')),
  -- The current version.
  version int NOT NULL,
  -- The cluster file that declares the agent; null when it was made through the API.
  cluster text,
  -- Name, description and capabilities in lower case, for search.
  search text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- A deleted agent's row and versions stay, because runs refer to them.
  deleted_at timestamptz,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX agents_name ON orchestration.agents (tenant, name) WHERE deleted_at IS NULL;

CREATE TABLE orchestration.agent_versions (
  tenant text NOT NULL,
  agent_id uuid NOT NULL,
  version int NOT NULL,
  definition jsonb NOT NULL,
  -- SHA-256 over the definition, in hex.
  hash text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, agent_id, version),
  FOREIGN KEY (tenant, agent_id) REFERENCES orchestration.agents (tenant, id)
);

CREATE TABLE orchestration.models (
  tenant text NOT NULL,
  name text NOT NULL,
  cluster text,
  -- Never holds a secret: an API key is the name of the variable that has it.
  definition jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, name)
);

CREATE TABLE orchestration.clusters (
  tenant text NOT NULL,
  name text NOT NULL,
  -- SHA-256 over the file as it was applied, in hex.
  content_hash text NOT NULL,
  applied_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, name)
);

ALTER TABLE orchestration.agents ENABLE ROW LEVEL SECURITY;
ALTER TABLE orchestration.agents FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON orchestration.agents TO {role:orchestration}
  USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY migrator ON orchestration.agents TO {role:migrator} USING (true);
CREATE POLICY engine ON orchestration.agents TO {role:engine} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.agents TO {role:orchestration};
GRANT SELECT ON orchestration.agents TO {role:engine};

ALTER TABLE orchestration.agent_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE orchestration.agent_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON orchestration.agent_versions TO {role:orchestration}
  USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY migrator ON orchestration.agent_versions TO {role:migrator} USING (true);
CREATE POLICY engine ON orchestration.agent_versions TO {role:engine} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.agent_versions TO {role:orchestration};
GRANT SELECT ON orchestration.agent_versions TO {role:engine};

ALTER TABLE orchestration.models ENABLE ROW LEVEL SECURITY;
ALTER TABLE orchestration.models FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON orchestration.models TO {role:orchestration}
  USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY migrator ON orchestration.models TO {role:migrator} USING (true);
CREATE POLICY engine ON orchestration.models TO {role:engine} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.models TO {role:orchestration};
GRANT SELECT ON orchestration.models TO {role:engine};

ALTER TABLE orchestration.clusters ENABLE ROW LEVEL SECURITY;
ALTER TABLE orchestration.clusters FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_only ON orchestration.clusters TO {role:orchestration}
  USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY migrator ON orchestration.clusters TO {role:migrator} USING (true);
CREATE POLICY engine ON orchestration.clusters TO {role:engine} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON orchestration.clusters TO {role:orchestration};
GRANT SELECT ON orchestration.clusters TO {role:engine};
