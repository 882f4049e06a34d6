namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// The statements of an append that touch other runs of the tree. Each is a statement of its own after the locks and the update of the runs themselves, so that
/// it sees what those have waited for and what became of them: a fenced append starts, tells and stops nobody. All rows that it changes are locked already.
/// </summary>
internal static class TreeSql
{
    // A run that this transaction has ended.
    private const string Ended = "r.tenant = x.tenant AND r.id = x.run_id AND r.epoch = x.epoch AND r.next_seq = x.next_seq AND r.status = x.status";

    /// <summary>
    /// Inserts children, ready to be claimed: $1 tenants, $2 parents, $3 their epochs, $4 their next_seq afterwards, $5 their statuses afterwards; $6 to $21 of
    /// the children. Also those of a run that ends with the same append: the journal says that they were started; they are asked to stop below.
    /// </summary>
    public const string Start =
        """
        WITH started AS (
          INSERT INTO orchestration.runs
            (tenant, id, agent_id, agent, agent_version, behaviour, session_id, first_message, last_message, principal, permissions, status, priority,
             deadline, limits, input, created_at, root_id, parent_id, parent_step, parent_call, depth, label, options, paused, overrides, tainted)
          SELECT r.tenant, x.id, x.agent_id, x.agent, x.agent_version, x.behaviour,
            NULL, CASE WHEN x.sees_conversation THEN r.first_message ELSE 0 END,
            CASE WHEN x.sees_conversation THEN r.last_message ELSE 0 END, r.principal, string_to_array(x.permissions, E'\x1f'), 'ready', r.priority,
            x.deadline, x.limits::jsonb, x.input, x.created_at, r.root_id, r.id, x.step, x.call, r.depth + 1, x.label, x.options::jsonb, r.paused,
            CASE WHEN x.sees_conversation AND coalesce(r.session_id::text, r.overrides ->> 'session') IS NOT NULL
              THEN jsonb_build_object('session', coalesce(r.session_id::text, r.overrides ->> 'session')) END,
            x.tainted
          FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::uuid[], $7::int[], $8::int[], $9::uuid[], $10::text[], $11::int[],
            $12::text[], $13::boolean[], $14::text[], $15::timestamptz[], $16::text[], $17::text[], $18::timestamptz[], $19::text[], $20::text[], $21::boolean[])
          AS x (tenant, run_id, epoch, next_seq, status, id, step, call, agent_id, agent, agent_version, behaviour, sees_conversation, permissions, deadline,
            limits, input, created_at, label, options, tainted)
          JOIN orchestration.runs r ON r.tenant = x.tenant AND r.id = x.run_id AND r.epoch = x.epoch + (x.status = 'ready')::int AND r.next_seq = x.next_seq
          ON CONFLICT (tenant, id) DO NOTHING
          RETURNING tenant, priority, id
        )
        INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM started
        """;

    // Of a parent that waits, the time is not moved by more than its child waited for people: children at the same time wait at the same time.
    /// <summary>
    /// Tells parents of the end of children, once for each: $1 tenants, $2 children, $3 their epochs, $4 their next_seq afterwards, $5 their statuses
    /// afterwards, $6 parents, $7 times.
    /// </summary>
    public const string End =
        $$$"""
        WITH ended AS MATERIALIZED (
          SELECT x.tenant, x.run_id, x.parent_id, x.at, r.paused
          FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::uuid[], $7::timestamptz[])
          AS x (tenant, run_id, epoch, next_seq, status, parent_id, at)
          JOIN orchestration.runs r ON {{{Ended}}}
          WHERE NOT EXISTS (SELECT FROM orchestration.signals s WHERE s.run_id = x.parent_id AND s.id = x.run_id::text)
        ), sent AS (
          INSERT INTO orchestration.signals (tenant, run_id, id, seq, kind, payload, at)
          SELECT p.tenant, p.id, e.run_id::text, p.signal_seq + row_number() OVER (PARTITION BY p.tenant, p.id ORDER BY e.run_id), 'child',
            '{"v": 1, "principal": ""}', e.at
          FROM ended e JOIN orchestration.runs p ON p.tenant = e.tenant AND p.id = e.parent_id
        ), news AS (
          SELECT tenant, parent_id, count(*) AS signals, max(paused) AS paused, max(at) AS at FROM ended GROUP BY tenant, parent_id
        ), told AS (
          UPDATE orchestration.runs p SET
            signal_seq = p.signal_seq + n.signals,
            status = CASE WHEN p.status = 'waiting' THEN 'ready' ELSE p.status END,
            deadline = p.deadline + greatest(n.paused - p.paused, n.at - p.waiting_since, '0'),
            paused = p.paused + greatest(n.paused - p.paused, n.at - p.waiting_since, '0'),
            waiting_since = NULL,
            wake_at = NULL
          FROM news n WHERE p.tenant = n.tenant AND p.id = n.parent_id
          RETURNING p.tenant, p.priority, p.id, p.status, n.signals
        )
        INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM told WHERE status = 'ready'
        ON CONFLICT (tenant, run_id) DO NOTHING
        """;

    /// <summary>
    /// Asks the children of runs that have ended to stop: $1 tenants, $2 the ended runs, $3 their epochs, $4 their next_seq afterwards, $5 their statuses
    /// afterwards, $6 the children, $7 times.
    /// </summary>
    public const string Abandon =
        $$$"""
        WITH open AS MATERIALIZED (
          SELECT c.tenant, c.id, c.signal_seq, x.at
          FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::uuid[], $7::timestamptz[])
          AS x (tenant, run_id, epoch, next_seq, status, child, at)
          JOIN orchestration.runs r ON {{{Ended}}}
          JOIN orchestration.runs c ON c.tenant = x.tenant AND c.id = x.child AND c.status IN ('ready', 'running', 'waiting')
          WHERE NOT EXISTS (SELECT FROM orchestration.signals s WHERE s.run_id = c.id AND s.id = 'cancel')
        ), sent AS (
          INSERT INTO orchestration.signals (tenant, run_id, id, seq, kind, payload, at)
          SELECT tenant, id, 'cancel', signal_seq + 1, 'cancel', '{"v": 1, "text": "The run that started it has ended.", "principal": "engine"}', at FROM open
        ), told AS (
          UPDATE orchestration.runs c SET
            signal_seq = c.signal_seq + 1,
            status = CASE WHEN c.status = 'waiting' THEN 'ready' ELSE c.status END,
            waiting_since = NULL,
            wake_at = NULL
          FROM open WHERE c.tenant = open.tenant AND c.id = open.id
          RETURNING c.tenant, c.priority, c.id, c.status
        )
        INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM told WHERE status = 'ready'
        ON CONFLICT (tenant, run_id) DO NOTHING
        """;
}
