-- Answers of models, to be given again to the same request, or to one whose question means the same. An accelerator: losing all of it
-- costs calls, nothing else. embedding has the length 1; only vectors of one space are compared.
-- Retention: rows go at kept_until, and the oldest ones when a tenant has more than Models:Cache:MaxTenantEntries (prune_cached_answers).
CREATE TABLE models.cached_answers (
    tenant      text NOT NULL,
    exact       bytea NOT NULL,
    scope       bytea NOT NULL,
    agent       text NOT NULL,
    question    text,
    space       text,
    embedding   real[],
    answer      bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    fresh_until timestamptz NOT NULL,
    kept_until  timestamptz NOT NULL,
    PRIMARY KEY (tenant, exact)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX cached_answers_questions ON models.cached_answers (tenant, scope, created_at) WHERE embedding IS NOT NULL;
CREATE INDEX cached_answers_age ON models.cached_answers (tenant, created_at);
CREATE INDEX cached_answers_kept_until ON models.cached_answers (kept_until);

ALTER TABLE models.cached_answers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY of_tenant ON models.cached_answers TO {role:models} USING (tenant = nullif(current_setting('minion.tenant', true), ''));
CREATE POLICY of_all ON models.cached_answers TO {role:migrator} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON models.cached_answers TO {role:models};

-- Removes up to p_rows rows whose time is over, of all tenants, and up to as many of the oldest of those tenants that have more than p_most.
-- With its owner's rights, because the service's own role sees one tenant at a time.
CREATE FUNCTION models.prune_cached_answers(p_now timestamptz, p_most int, p_rows int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n bigint;
    removed bigint;
    crowded record;
BEGIN
    DELETE FROM models.cached_answers WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM models.cached_answers WHERE kept_until <= p_now ORDER BY kept_until LIMIT p_rows FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS removed = ROW_COUNT;
    FOR crowded IN SELECT tenant, count(*) - p_most AS too_many FROM models.cached_answers GROUP BY tenant HAVING count(*) > p_most LOOP
        DELETE FROM models.cached_answers WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM models.cached_answers WHERE tenant = crowded.tenant
            ORDER BY created_at LIMIT least(crowded.too_many, greatest(0, p_rows - removed)) FOR UPDATE SKIP LOCKED));
        GET DIAGNOSTICS n = ROW_COUNT;
        removed := removed + n;
    END LOOP;
    RETURN removed;
END $$;
REVOKE ALL ON FUNCTION models.prune_cached_answers(timestamptz, int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION models.prune_cached_answers(timestamptz, int, int) TO {role:models};

-- Where pgvector is installed in the database, nearest questions are found by an HNSW index over vectors of p_dimensions. It is made when
-- a service starts, because the extension may come later than this migration. True when there is such an index.
CREATE FUNCTION models.prepare_vectors(p_dimensions int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    vectors text;
BEGIN
    SELECT n.nspname INTO vectors FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector';
    IF vectors IS NULL THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('models.prepare_vectors'));
    EXECUTE format(
        'CREATE INDEX IF NOT EXISTS cached_answers_vectors_%1$s ON models.cached_answers
         USING hnsw ((embedding::%2$I.vector(%1$s)) %2$I.vector_ip_ops) WHERE array_length(embedding, 1) = %1$s',
        p_dimensions, vectors);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION models.prepare_vectors(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION models.prepare_vectors(int) TO {role:models};
