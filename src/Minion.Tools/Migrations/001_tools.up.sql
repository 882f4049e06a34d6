-- Who called which tool, and how it ended. Of the arguments only a hash: they may hold anything.
-- Retention: rows go when they are older than Tools:Audit:Retention (prune_calls, hourly). Nothing refers to them.
CREATE TABLE tools.calls (
    tenant         text NOT NULL,
    id             uuid NOT NULL,
    tool           text NOT NULL,
    version        text NOT NULL,
    run_id         uuid,
    step           int NOT NULL,
    call           int NOT NULL,
    principal      text NOT NULL,
    agent          text NOT NULL,
    started_at     timestamptz NOT NULL,
    duration_ms    double precision NOT NULL,
    outcome        text NOT NULL,
    attempts       int NOT NULL,
    arguments_hash bytea NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX calls_started_at ON tools.calls (started_at);

ALTER TABLE tools.calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.calls FORCE ROW LEVEL SECURITY;
CREATE POLICY calls_of_tenant ON tools.calls TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY calls_of_all ON tools.calls TO {role:migrator} USING (true);
GRANT SELECT, INSERT ON tools.calls TO {role:tools};

-- Removes up to max_rows rows of all tenants that are older than the given age, and never any of the last day. Runs with its
-- owner's rights, because the service's own role sees one tenant at a time.
CREATE FUNCTION tools.prune_calls(older_than interval, max_rows int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH pruned AS (
        DELETE FROM tools.calls WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM tools.calls
            WHERE started_at < now() - greatest(older_than, interval '1 day')
            ORDER BY started_at
            LIMIT max_rows))
        RETURNING 1)
    SELECT count(*) FROM pruned
$$;
REVOKE ALL ON FUNCTION tools.prune_calls(interval, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tools.prune_calls(interval, int) TO {role:tools};

-- What the tools notes_add and notes_list keep. call_key says which call added the note; it is not unique, because notes_add is not
-- idempotent. Retention: people's own data, kept until they ask for its removal; at most 100,000 for a tenant.
CREATE TABLE tools.notes (
    tenant     text NOT NULL,
    id         uuid NOT NULL,
    text       text NOT NULL,
    principal  text NOT NULL,
    agent      text NOT NULL,
    call_key   text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);

ALTER TABLE tools.notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.notes FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_of_tenant ON tools.notes TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY notes_of_all ON tools.notes TO {role:migrator} USING (true);
GRANT SELECT, INSERT ON tools.notes TO {role:tools};
