-- What calls to models, embeddings and tools cost, and the budgets that they must keep to. The functions below work across tenants
-- with their owner's rights, because one batch of a process holds the calls of all of them; the service's own role sees one tenant.

-- A sum that may be spent in each period: by the tenant, a user, an agent or a run; subject '*' is each of them for itself.
-- Retention: kept until somebody deletes it.
CREATE TABLE models.budgets (
    tenant      text NOT NULL,
    id          uuid NOT NULL,
    scope       text NOT NULL CHECK (scope IN ('tenant', 'user', 'agent', 'run')),
    subject     text NOT NULL,
    unit        text NOT NULL CHECK (unit IN ('usd', 'tokens')),
    period      text NOT NULL CHECK (period IN ('day', 'week', 'month', 'total')),
    amount      numeric(24, 12) NOT NULL CHECK (amount >= 0),
    hard        boolean NOT NULL,
    webhook_url text NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, scope, subject, unit, period)
);

-- What is used and reserved of a budget by one subject in one period. reserved is the sum of the holdings.
-- Retention: goes with its budget, or 400 days after its period began (prune); that of a period without end stays.
CREATE TABLE models.budget_periods (
    tenant    text NOT NULL,
    budget_id uuid NOT NULL,
    subject   text NOT NULL,
    starts_on date NOT NULL,
    used      numeric(24, 12) NOT NULL DEFAULT 0,
    reserved  numeric(24, 12) NOT NULL DEFAULT 0,
    -- The highest alert that was raised, in percent.
    alerted   smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, budget_id, subject, starts_on),
    FOREIGN KEY (tenant, budget_id) REFERENCES models.budgets (tenant, id) ON DELETE CASCADE
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- The processes that reserve. One with a stale heartbeat is dead: who sees it first gives back what it holds.
CREATE TABLE models.holders (
    id           uuid PRIMARY KEY,
    host         text NOT NULL,
    -- The last batch of settlements that was applied, so that one whose answer was lost is not applied again.
    last_batch   bigint NOT NULL DEFAULT 0,
    started_at   timestamptz NOT NULL DEFAULT now(),
    heartbeat_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- What a process has taken out of a period, for calls under way and as a chunk for calls to come.
CREATE TABLE models.holdings (
    holder_id uuid NOT NULL REFERENCES models.holders (id) ON DELETE CASCADE,
    tenant    text NOT NULL,
    budget_id uuid NOT NULL,
    subject   text NOT NULL,
    starts_on date NOT NULL,
    amount    numeric(24, 12) NOT NULL,
    -- Whether it holds more than its calls asked for.
    chunked   boolean NOT NULL,
    PRIMARY KEY (holder_id, tenant, budget_id, subject, starts_on),
    FOREIGN KEY (tenant, budget_id, subject, starts_on) REFERENCES models.budget_periods (tenant, budget_id, subject, starts_on) ON DELETE CASCADE
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX holdings_period ON models.holdings (tenant, budget_id, subject, starts_on);

-- Every attempt that was made, also those that failed or were given up, and every call of a tool that costs something.
-- Retention: rows go after Models:Costs:UsageRetention (prune); usage_days has their sums.
CREATE TABLE models.usage (
    tenant           text NOT NULL,
    id               uuid NOT NULL,
    at               timestamptz NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('chat', 'embedding', 'tool')),
    principal        text NOT NULL,
    agent            text NOT NULL,
    agent_version    int NOT NULL,
    run_id           uuid,
    step             int NOT NULL,
    tool             text NOT NULL,
    provider         text NOT NULL,
    model            text NOT NULL,
    outcome          text NOT NULL,
    input_tokens     bigint NOT NULL,
    cached_tokens    bigint NOT NULL,
    output_tokens    bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    -- Whether the provider counted no tokens, and whether the model has a price.
    estimated        boolean NOT NULL,
    priced           boolean NOT NULL,
    cost_usd         numeric(24, 12) NOT NULL,
    duration_ms      bigint NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX usage_at ON models.usage (at);
CREATE INDEX usage_run ON models.usage (tenant, run_id) WHERE run_id IS NOT NULL;

-- The same by day (UTC), summed as it is written. Retention: Models:Costs:DayRetention (prune).
CREATE TABLE models.usage_days (
    tenant           text NOT NULL,
    day              date NOT NULL,
    kind             text NOT NULL,
    principal        text NOT NULL,
    agent            text NOT NULL,
    agent_version    int NOT NULL,
    tool             text NOT NULL,
    provider         text NOT NULL,
    model            text NOT NULL,
    calls            bigint NOT NULL,
    failed           bigint NOT NULL,
    input_tokens     bigint NOT NULL,
    cached_tokens    bigint NOT NULL,
    output_tokens    bigint NOT NULL,
    reasoning_tokens bigint NOT NULL,
    cost_usd         numeric(24, 12) NOT NULL,
    PRIMARY KEY (tenant, day, kind, principal, agent, agent_version, tool, provider, model)
) WITH (fillfactor = 70);
CREATE INDEX usage_days_day ON models.usage_days (day);

-- A budget reached 80, 90 or 100 %: once for each in a period. Those with a webhook are posted until they are delivered or too old.
-- Retention: 90 days (prune).
CREATE TABLE models.budget_alerts (
    tenant       text NOT NULL,
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    budget_id    uuid NOT NULL,
    scope        text NOT NULL,
    subject      text NOT NULL,
    unit         text NOT NULL,
    period       text NOT NULL,
    starts_on    date NOT NULL,
    percent      smallint NOT NULL,
    used         numeric(24, 12) NOT NULL,
    amount       numeric(24, 12) NOT NULL,
    hard         boolean NOT NULL,
    webhook_url  text NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    attempts     int NOT NULL DEFAULT 0,
    next_attempt timestamptz,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX budget_alerts_due ON models.budget_alerts (next_attempt) WHERE next_attempt IS NOT NULL;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['budgets', 'budget_periods', 'holdings', 'usage', 'usage_days', 'budget_alerts'] LOOP
        EXECUTE format('ALTER TABLE models.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY of_tenant ON models.%I TO {role:models} USING (tenant = nullif(current_setting(''minion.tenant'', true), ''''))', t);
        EXECUTE format('CREATE POLICY of_all ON models.%I TO {role:migrator} USING (true)', t);
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON models.budgets TO {role:models};
GRANT SELECT ON models.budget_periods, models.usage, models.usage_days, models.budget_alerts TO {role:models};

-- Tells that a process is alive; a new one is registered. False when the process was taken for dead: what it held was given back.
CREATE FUNCTION models.heartbeat(p_holder uuid, p_host text, p_new boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_new THEN
        INSERT INTO models.holders (id, host) VALUES (p_holder, p_host) ON CONFLICT (id) DO NOTHING;
    END IF;
    UPDATE models.holders SET heartbeat_at = clock_timestamp() WHERE id = p_holder;
    RETURN FOUND;
END $$;

-- Gives back all that one process holds, and forgets it. Periods are locked in order, as everywhere.
CREATE FUNCTION models.release_holder(p_holder uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM 1 FROM models.holders WHERE id = p_holder FOR UPDATE;
    PERFORM 1 FROM models.budget_periods p
    WHERE EXISTS (SELECT 1 FROM models.holdings h WHERE h.holder_id = p_holder
        AND (h.tenant, h.budget_id, h.subject, h.starts_on) = (p.tenant, p.budget_id, p.subject, p.starts_on))
    ORDER BY p.tenant, p.budget_id, p.subject, p.starts_on FOR UPDATE;
    UPDATE models.budget_periods p SET reserved = greatest(0, p.reserved - h.amount)
    FROM models.holdings h
    WHERE h.holder_id = p_holder AND (h.tenant, h.budget_id, h.subject, h.starts_on) = (p.tenant, p.budget_id, p.subject, p.starts_on);
    DELETE FROM models.holders WHERE id = p_holder;
END $$;

-- Gives back what dead processes hold; how many there were. The database's clock decides.
CREATE FUNCTION models.reap(p_lease interval) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    dead uuid;
    n int := 0;
BEGIN
    FOR dead IN SELECT id FROM models.holders WHERE heartbeat_at < clock_timestamp() - p_lease ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED LOOP
        PERFORM models.release_holder(dead);
        n := n + 1;
    END LOOP;
    RETURN n;
END $$;

-- Reserves from several budgets of a tenant, from all or from none. Where much is left, a chunk comes along: so many calls are
-- then served by the process itself. Raises MN001 when the process was taken for dead.
CREATE FUNCTION models.reserve(p_holder uuid, p_tenant text, p_budgets uuid[], p_subjects text[], p_starts date[], p_needs numeric[])
RETURNS TABLE (
    budget_id uuid, subject text, starts_on date, granted numeric, used numeric, reserved numeric, amount numeric, refused boolean,
    chunks_elsewhere boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM 1 FROM models.holders WHERE id = p_holder FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the holder % is not alive', p_holder USING ERRCODE = 'MN001';
    END IF;
    INSERT INTO models.budget_periods (tenant, budget_id, subject, starts_on)
    SELECT p_tenant, w.b, w.s, w.d FROM unnest(p_budgets, p_subjects, p_starts) AS w (b, s, d)
    WHERE EXISTS (SELECT 1 FROM models.budgets x WHERE x.tenant = p_tenant AND x.id = w.b)
        AND NOT EXISTS (SELECT 1 FROM models.budget_periods x WHERE x.tenant = p_tenant AND (x.budget_id, x.subject, x.starts_on) = (w.b, w.s, w.d))
    ORDER BY w.b, w.s, w.d
    ON CONFLICT DO NOTHING;
    PERFORM 1 FROM models.budget_periods p
    WHERE p.tenant = p_tenant AND (p.budget_id, p.subject, p.starts_on) IN (SELECT w.b, w.s, w.d FROM unnest(p_budgets, p_subjects, p_starts) AS w (b, s, d))
    ORDER BY p.tenant, p.budget_id, p.subject, p.starts_on FOR UPDATE;
    -- Statements of their own from here on: they see what the lock waited for.
    RETURN QUERY
    WITH judged AS MATERIALIZED (
        SELECT p.budget_id, p.subject, p.starts_on, p.used, p.reserved, b.amount, w.need,
            b.hard AND (b.amount = 0 OR b.amount - p.used - p.reserved < w.need) AS refused
        FROM unnest(p_budgets, p_subjects, p_starts, p_needs) AS w (b, s, d, need)
        JOIN models.budget_periods p ON p.tenant = p_tenant AND (p.budget_id, p.subject, p.starts_on) = (w.b, w.s, w.d)
        JOIN models.budgets b ON b.tenant = p_tenant AND b.id = w.b),
    granted AS MATERIALIZED (
        SELECT j.*, CASE WHEN bool_or(j.refused) OVER () THEN 0 ELSE j.need END AS taken,
            CASE WHEN NOT bool_or(j.refused) OVER () AND j.need > 0 AND j.amount - j.used - j.reserved - j.need > 256 * j.need
                THEN j.need * floor(least((j.amount - j.used - j.reserved - j.need) / (64 * j.need), 1024)) ELSE 0 END AS chunk
        FROM judged j),
    updated AS (
        UPDATE models.budget_periods p SET reserved = p.reserved + g.taken + g.chunk
        FROM granted g
        WHERE p.tenant = p_tenant AND (p.budget_id, p.subject, p.starts_on) = (g.budget_id, g.subject, g.starts_on) AND g.taken + g.chunk > 0),
    held AS (
        INSERT INTO models.holdings AS h (holder_id, tenant, budget_id, subject, starts_on, amount, chunked)
        SELECT p_holder, p_tenant, g.budget_id, g.subject, g.starts_on, g.taken + g.chunk, g.chunk > 0 FROM granted g WHERE g.taken + g.chunk > 0
        ON CONFLICT (holder_id, tenant, budget_id, subject, starts_on)
            DO UPDATE SET amount = h.amount + excluded.amount, chunked = h.chunked OR excluded.chunked)
    SELECT g.budget_id, g.subject, g.starts_on, g.taken + g.chunk, g.used, g.reserved, g.amount, g.refused,
        g.refused AND EXISTS (
            SELECT 1 FROM models.holdings h
            WHERE h.holder_id <> p_holder AND h.chunked
                AND (h.tenant, h.budget_id, h.subject, h.starts_on) = (p_tenant, g.budget_id, g.subject, g.starts_on))
    FROM granted g;
END $$;

-- Writes what was used, and turns reservations into use. One batch is applied once, however often it is sent: by its number while
-- the process lives, and by the ids of its rows after that. Gives the alerts that it raised.
CREATE FUNCTION models.settle(p_holder uuid, p_batch bigint, p_usage jsonb, p_periods jsonb) RETURNS SETOF models.budget_alerts
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    alive boolean;
    change record;
    period record;
    kept numeric;
BEGIN
    UPDATE models.holders SET last_batch = p_batch WHERE id = p_holder AND last_batch < p_batch;
    alive := FOUND;
    IF NOT alive THEN
        IF EXISTS (SELECT 1 FROM models.holders WHERE id = p_holder) THEN
            RETURN;
        END IF;
        IF EXISTS (
            SELECT 1 FROM jsonb_to_recordset(p_usage) AS r (tenant text, id uuid) JOIN models.usage u ON u.tenant = r.tenant AND u.id = r.id) THEN
            RETURN;
        END IF;
    END IF;

    WITH rows AS (
        SELECT * FROM jsonb_to_recordset(p_usage) AS r (
            tenant text, id uuid, at timestamptz, kind text, principal text, agent text, agent_version int, run_id uuid, step int, tool text,
            provider text, model text, outcome text, input_tokens bigint, cached_tokens bigint, output_tokens bigint, reasoning_tokens bigint,
            estimated boolean, priced boolean, cost_usd numeric, duration_ms bigint)),
    written AS (
        INSERT INTO models.usage (
            tenant, id, at, kind, principal, agent, agent_version, run_id, step, tool, provider, model, outcome, input_tokens, cached_tokens,
            output_tokens, reasoning_tokens, estimated, priced, cost_usd, duration_ms)
        SELECT tenant, id, at, kind, principal, agent, agent_version, run_id, step, tool, provider, model, outcome, input_tokens, cached_tokens,
            output_tokens, reasoning_tokens, estimated, priced, cost_usd, duration_ms
        FROM rows
        ON CONFLICT DO NOTHING
        RETURNING *)
    INSERT INTO models.usage_days AS d (
        tenant, day, kind, principal, agent, agent_version, tool, provider, model, calls, failed, input_tokens, cached_tokens, output_tokens,
        reasoning_tokens, cost_usd)
    SELECT w.tenant, (w.at AT TIME ZONE 'UTC')::date, w.kind, w.principal, w.agent, w.agent_version, w.tool, w.provider, w.model, count(*),
        count(*) FILTER (WHERE w.outcome <> 'succeeded'), sum(w.input_tokens), sum(w.cached_tokens), sum(w.output_tokens),
        sum(w.reasoning_tokens), sum(w.cost_usd)
    FROM written w
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    ON CONFLICT (tenant, day, kind, principal, agent, agent_version, tool, provider, model) DO UPDATE SET
        calls = d.calls + excluded.calls, failed = d.failed + excluded.failed, input_tokens = d.input_tokens + excluded.input_tokens,
        cached_tokens = d.cached_tokens + excluded.cached_tokens, output_tokens = d.output_tokens + excluded.output_tokens,
        reasoning_tokens = d.reasoning_tokens + excluded.reasoning_tokens, cost_usd = d.cost_usd + excluded.cost_usd;

    FOR change IN
        SELECT * FROM jsonb_to_recordset(p_periods) AS c (
            tenant text, budget_id uuid, subject text, starts_on date, used numeric, released numeric, chunked boolean)
        ORDER BY tenant, budget_id, subject, starts_on
    LOOP
        INSERT INTO models.budget_periods (tenant, budget_id, subject, starts_on)
        SELECT change.tenant, change.budget_id, change.subject, change.starts_on
        WHERE EXISTS (SELECT 1 FROM models.budgets b WHERE b.tenant = change.tenant AND b.id = change.budget_id)
        ON CONFLICT DO NOTHING;
        SELECT p.*, b.amount, b.hard, b.scope, b.unit, b.period, b.webhook_url INTO period
        FROM models.budget_periods p JOIN models.budgets b ON b.tenant = p.tenant AND b.id = p.budget_id
        WHERE (p.tenant, p.budget_id, p.subject, p.starts_on) = (change.tenant, change.budget_id, change.subject, change.starts_on)
        FOR UPDATE OF p;
        CONTINUE WHEN NOT FOUND;
        kept := 0;
        IF alive THEN
            SELECT least(h.amount, change.released) INTO kept FROM models.holdings h
            WHERE (h.holder_id, h.tenant, h.budget_id, h.subject, h.starts_on)
                = (p_holder, change.tenant, change.budget_id, change.subject, change.starts_on);
            kept := coalesce(kept, 0);
            UPDATE models.holdings h SET amount = h.amount - kept, chunked = change.chunked
            WHERE (h.holder_id, h.tenant, h.budget_id, h.subject, h.starts_on)
                = (p_holder, change.tenant, change.budget_id, change.subject, change.starts_on);
        END IF;
        UPDATE models.budget_periods p
        SET used = p.used + change.used, reserved = greatest(0, p.reserved - kept),
            alerted = greatest(p.alerted, CASE
                WHEN period.amount = 0 THEN 0
                WHEN p.used + change.used >= period.amount THEN 100
                WHEN p.used + change.used >= 0.9 * period.amount THEN 90
                WHEN p.used + change.used >= 0.8 * period.amount THEN 80
                ELSE 0 END)
        WHERE (p.tenant, p.budget_id, p.subject, p.starts_on) = (change.tenant, change.budget_id, change.subject, change.starts_on);
        RETURN QUERY
        INSERT INTO models.budget_alerts (
            tenant, budget_id, scope, subject, unit, period, starts_on, percent, used, amount, hard, webhook_url, next_attempt)
        SELECT p.tenant, p.budget_id, period.scope, p.subject, period.unit, period.period, p.starts_on, level, p.used, period.amount, period.hard,
            period.webhook_url, CASE WHEN period.webhook_url <> '' THEN clock_timestamp() END
        FROM models.budget_periods p, unnest(ARRAY[80, 90, 100]::smallint[]) AS level
        WHERE (p.tenant, p.budget_id, p.subject, p.starts_on) = (change.tenant, change.budget_id, change.subject, change.starts_on)
            AND level > period.alerted AND level <= p.alerted
        RETURNING *;
    END LOOP;
    DELETE FROM models.holdings h USING jsonb_to_recordset(p_periods) AS c (tenant text, budget_id uuid, subject text, starts_on date)
    WHERE h.holder_id = p_holder AND (h.tenant, h.budget_id, h.subject, h.starts_on) = (c.tenant, c.budget_id, c.subject, c.starts_on) AND h.amount <= 0;
END $$;

-- Takes alerts whose time to be posted has come; each comes back later unless it was delivered meanwhile. After a day nobody tries any more.
CREATE FUNCTION models.claim_alerts(p_most int) RETURNS SETOF models.budget_alerts
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE models.budget_alerts a
    SET attempts = a.attempts + 1,
        next_attempt = CASE WHEN a.at > now() - interval '1 day' THEN now() + least(interval '1 hour', interval '5 seconds' * (2 ^ least(a.attempts, 12))) END
    WHERE (a.tenant, a.id) IN (
        SELECT d.tenant, d.id FROM models.budget_alerts d WHERE d.next_attempt <= now() ORDER BY d.next_attempt LIMIT p_most FOR UPDATE SKIP LOCKED)
    RETURNING a.*
$$;

CREATE FUNCTION models.alert_delivered(p_tenant text, p_id uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE models.budget_alerts SET next_attempt = NULL WHERE tenant = p_tenant AND id = p_id
$$;

-- Removes up to p_rows rows of each kind of all tenants that are older than they need be; how many it removed.
CREATE FUNCTION models.prune(p_usage interval, p_days interval, p_rows int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    n bigint;
    total bigint := 0;
BEGIN
    DELETE FROM models.usage WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM models.usage WHERE at < now() - greatest(p_usage, interval '1 day') ORDER BY at LIMIT p_rows));
    GET DIAGNOSTICS n = ROW_COUNT;
    total := total + n;
    DELETE FROM models.usage_days WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM models.usage_days WHERE day < (now() - greatest(p_days, interval '40 days'))::date ORDER BY day LIMIT p_rows));
    GET DIAGNOSTICS n = ROW_COUNT;
    total := total + n;
    DELETE FROM models.budget_alerts WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM models.budget_alerts WHERE at < now() - interval '90 days' LIMIT p_rows));
    GET DIAGNOSTICS n = ROW_COUNT;
    total := total + n;
    DELETE FROM models.budget_periods p WHERE p.ctid = ANY (ARRAY(
        SELECT d.ctid FROM models.budget_periods d
        WHERE d.starts_on > date '1970-01-01' AND d.starts_on < (now() - interval '400 days')::date
            AND NOT EXISTS (SELECT 1 FROM models.holdings h WHERE (h.tenant, h.budget_id, h.subject, h.starts_on) = (d.tenant, d.budget_id, d.subject, d.starts_on))
        LIMIT p_rows));
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN total + n;
END $$;

DO $$
DECLARE
    f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'models' LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {role:models}', f);
    END LOOP;
END $$;
