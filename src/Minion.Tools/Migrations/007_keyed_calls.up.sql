-- Calls of tools that change something, by what makes them the same (a hash of who calls which tool with which key): the first acts, those after it
-- get its result. A row without finished_at is a call under way, or one of which nobody knows what became: its owner (an advisory lock that the
-- process holds for as long as it lives) tells which. Retention: until expires_at (prune_keyed_calls, hourly).
CREATE TABLE tools.keyed_calls (
    tenant         text NOT NULL,
    key            bytea NOT NULL,
    claim          uuid NOT NULL,
    owner          bigint NOT NULL,
    tool           text NOT NULL,
    arguments_hash bytea NOT NULL,
    started_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    result         text,
    trimmed        boolean NOT NULL DEFAULT false,
    untrusted      boolean NOT NULL DEFAULT false,
    kept_id        uuid,
    result_bytes   bigint NOT NULL DEFAULT 0,
    cost_usd       double precision NOT NULL DEFAULT 0,
    expires_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant, key)
);
CREATE INDEX keyed_calls_expire ON tools.keyed_calls (expires_at);

ALTER TABLE tools.keyed_calls ENABLE ROW LEVEL SECURITY;
ALTER TABLE tools.keyed_calls FORCE ROW LEVEL SECURITY;
CREATE POLICY keyed_calls_of_tenant ON tools.keyed_calls TO {role:tools}
    USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY keyed_calls_of_all ON tools.keyed_calls TO {role:migrator} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON tools.keyed_calls TO {role:tools};

CREATE FUNCTION tools.prune_keyed_calls(max_rows int) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH pruned AS (
        DELETE FROM tools.keyed_calls WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM tools.keyed_calls WHERE expires_at < now() ORDER BY expires_at LIMIT max_rows))
        RETURNING 1)
    SELECT count(*) FROM pruned
$$;
REVOKE ALL ON FUNCTION tools.prune_keyed_calls(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tools.prune_keyed_calls(int) TO {role:tools};
