-- What the audit says of a call beside who called what. The arguments are masked: secrets and what is long do not get here.
-- Rows are never changed; retention as before (prune_calls).
ALTER TABLE tools.calls
    ADD COLUMN source          text NOT NULL DEFAULT '',
    ADD COLUMN session_id      text NOT NULL DEFAULT '',
    ADD COLUMN arguments       jsonb,
    ADD COLUMN decision        text NOT NULL DEFAULT '',
    ADD COLUMN rule            text NOT NULL DEFAULT '',
    ADD COLUMN message         text NOT NULL DEFAULT '',
    ADD COLUMN cost_usd        double precision NOT NULL DEFAULT 0,
    ADD COLUMN tainted         boolean NOT NULL DEFAULT false,
    ADD COLUMN untrusted       boolean NOT NULL DEFAULT false,
    ADD COLUMN repairs         int NOT NULL DEFAULT 0,
    ADD COLUMN result_bytes    bigint NOT NULL DEFAULT 0,
    ADD COLUMN idempotency_key text NOT NULL DEFAULT '';
CREATE INDEX calls_by_time ON tools.calls (tenant, started_at DESC, id DESC);
CREATE INDEX calls_by_tool ON tools.calls (tenant, tool, started_at DESC);
CREATE INDEX calls_by_run ON tools.calls (tenant, run_id) WHERE run_id IS NOT NULL;

-- Where tools come from. Settings hold references to secrets, never secrets. Retention: kept until they are removed.
CREATE TABLE tools.sources (
    tenant     text NOT NULL,
    name       text NOT NULL,
    kind       text NOT NULL,
    settings   jsonb NOT NULL,
    policy     jsonb NOT NULL,
    cluster    text NOT NULL,
    updated_by text NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, name)
);

ALTER TABLE tools.sources ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.sources FORCE ROW LEVEL SECURITY;
CREATE POLICY sources_of_tenant ON tools.sources TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY sources_of_all ON tools.sources TO {role:migrator} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON tools.sources TO {role:tools};

-- Conditions for tools by name (with wildcards). Retention: kept until they are removed.
CREATE TABLE tools.policies (
    tenant     text NOT NULL,
    name       text NOT NULL,
    policy     jsonb NOT NULL,
    cluster    text NOT NULL,
    updated_by text NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, name)
);

ALTER TABLE tools.policies ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.policies FORCE ROW LEVEL SECURITY;
CREATE POLICY policies_of_tenant ON tools.policies TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY policies_of_all ON tools.policies TO {role:migrator} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON tools.policies TO {role:tools};

-- Tools as they were seen and decided upon; the hash pins description, schemas and effect. Tools of the server itself have a row once somebody
-- has set their status. Retention: kept, since approvals refer to them; at most 100 for a name, of which the oldest that are neither
-- offered nor approved go first.
CREATE TABLE tools.tool_versions (
    tenant      text NOT NULL,
    name        text NOT NULL,
    version     text NOT NULL,
    hash        bytea NOT NULL,
    source      text NOT NULL,
    definition  jsonb NOT NULL,
    status      text NOT NULL,
    replacement text NOT NULL DEFAULT '',
    note        text NOT NULL DEFAULT '',
    offered     boolean NOT NULL,
    seen_at     timestamptz NOT NULL,
    decided_by  text NOT NULL DEFAULT '',
    decided_at  timestamptz,
    PRIMARY KEY (tenant, name, version, hash)
);
CREATE INDEX tool_versions_by_source ON tools.tool_versions (tenant, source);

ALTER TABLE tools.tool_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.tool_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY tool_versions_of_tenant ON tools.tool_versions TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY tool_versions_of_all ON tools.tool_versions TO {role:migrator} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON tools.tool_versions TO {role:tools};

-- Results too long for a model, for read_result. Retention: until expires_at (prune_results, hourly).
CREATE TABLE tools.results (
    tenant     text NOT NULL,
    id         uuid NOT NULL,
    tool       text NOT NULL,
    run_id     uuid,
    session_id text NOT NULL,
    principal  text NOT NULL,
    content    text NOT NULL,
    untrusted  boolean NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX results_expire ON tools.results (expires_at);

ALTER TABLE tools.results ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.results FORCE ROW LEVEL SECURITY;
CREATE POLICY results_of_tenant ON tools.results TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY results_of_all ON tools.results TO {role:migrator} USING (true);
GRANT SELECT, INSERT ON tools.results TO {role:tools};

CREATE FUNCTION tools.prune_results(max_rows int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH pruned AS (
        DELETE FROM tools.results WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM tools.results WHERE expires_at < now() ORDER BY expires_at LIMIT max_rows))
        RETURNING 1)
    SELECT count(*) FROM pruned
$$;
REVOKE ALL ON FUNCTION tools.prune_results(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tools.prune_results(int) TO {role:tools};

-- Approvals that hold for further calls ("first time"): of one agent, for one tool as it was then. Retention: kept, one row for each.
CREATE TABLE tools.approvals (
    tenant      text NOT NULL,
    tool        text NOT NULL,
    hash        bytea NOT NULL,
    agent       text NOT NULL,
    approved_by text NOT NULL,
    run_id      uuid,
    approved_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, tool, hash, agent)
);

ALTER TABLE tools.approvals ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.approvals FORCE ROW LEVEL SECURITY;
CREATE POLICY approvals_of_tenant ON tools.approvals TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY approvals_of_all ON tools.approvals TO {role:migrator} USING (true);
GRANT SELECT, INSERT ON tools.approvals TO {role:tools};

-- How far each limited tool is ahead of its rate (generic cell rate algorithm, ITU-T I.371): the time at which the next call would be due.
-- Retention: one row for each limited tool of a tenant.
CREATE TABLE tools.rates (
    tenant text NOT NULL,
    tool   text NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, tool)
);

ALTER TABLE tools.rates ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.rates FORCE ROW LEVEL SECURITY;
CREATE POLICY rates_of_tenant ON tools.rates TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY rates_of_all ON tools.rates TO {role:migrator} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON tools.rates TO {role:tools};
