using Minion.Orchestration.Runs.Turns;

namespace Minion.Orchestration.Runs;

/// <summary>The statements of a submission. Each begins with <c>$1</c>, the tenant.</summary>
internal static class SubmitSql
{
    /// <summary>Locks the session $2.</summary>
    public const string LockSession = "SELECT next_seq FROM orchestration.sessions WHERE tenant = $1 AND id = $2 FOR UPDATE";

    private const string Columns =
        """
        tenant, id, agent_id, agent, agent_version, behaviour, session_id, first_message, last_message, request_id, principal, permissions, status,
        priority, epoch, worker_id, deadline, limits, input, created_at, started_at, options, root_id, wake_at, tainted
        """;

    // The submission takes an agent for what it was when this process last asked. No row for it: it is something else now.
    private const string AgentIsAsAssumed =
        """
        EXISTS (
          SELECT 1 FROM orchestration.agents a
          WHERE a.tenant = $1 AND a.id = x.agent_id AND a.status = 'active' AND a.deleted_at IS NULL AND a.revision = x.revision)
        """;

    private const string Runs =
        """
        unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::int[],
          $13::bigint[], $14::uuid[], $15::timestamptz[], $16::text[], $17::text[], $18::timestamptz[],
          $19::text[], $20::timestamptz[], $21::boolean[])
        AS x (id, agent_id, agent, agent_version, revision, behaviour, request_id, principal, permissions, status, priority, epoch, worker_id, deadline,
          limits, input, created_at, options, wake_at, tainted)
        """;

    private const string Common =
        """
        x.request_id, x.principal, string_to_array(x.permissions, E'\x1f'), x.status, x.priority, x.epoch, x.worker_id, x.deadline, x.limits::jsonb, x.input,
        x.created_at, CASE WHEN x.status = 'running' THEN x.created_at END, x.options::jsonb, x.id, x.wake_at, x.tainted
        """;

    private const string UnlessRequestIsKnown =
        """
        ON CONFLICT (tenant, request_id) WHERE request_id IS NOT NULL DO NOTHING
        RETURNING id, first_message, last_message, status = 'waiting' AND wake_at IS NULL
        """;

    /// <summary>Inserts runs without a session ($2 to $21, an element each). No row for a run: its agent has changed, or its request is known.</summary>
    public const string Insert =
        $"""
        INSERT INTO orchestration.runs ({Columns})
        SELECT $1, x.id, x.agent_id, x.agent, x.agent_version, x.behaviour, NULL, 0, 0, {Common}
        FROM {Runs}
        WHERE {AgentIsAsAssumed}
        {UnlessRequestIsKnown}
        """;

    // A statement of its own after the lock, so that it sees what the lock has waited for. A run that must wait for its turn is held by nobody, and begins
    // from what was said before its turn, which is not known yet.
    /// <summary>
    /// The same for one run in the session $22, which looks back at $23 messages at most, with the policy $24 or the session's own where that is empty. No row
    /// also when the session takes no message, or no second run at once.
    /// </summary>
    public const string InsertInSession =
        $"""
        INSERT INTO orchestration.runs ({Columns})
        SELECT $1, x.id, x.agent_id, x.agent, x.agent_version, x.behaviour, s.id,
          CASE WHEN s.free THEN greatest(1, s.next_seq - $23) ELSE 0 END, CASE WHEN s.free THEN s.next_seq - 1 ELSE 0 END,
          x.request_id, x.principal, string_to_array(x.permissions, E'\x1f'), CASE WHEN s.free THEN x.status ELSE 'waiting' END, x.priority,
          CASE WHEN s.free THEN x.epoch ELSE 0 END, CASE WHEN s.free THEN x.worker_id END, x.deadline, x.limits::jsonb, x.input, x.created_at,
          CASE WHEN s.free AND x.status = 'running' THEN x.created_at END, x.options::jsonb, x.id, CASE WHEN s.free THEN x.wake_at END, x.tainted
        FROM {Runs}
        JOIN (
          SELECT s.*, {TurnSql.IsFree} AS free FROM orchestration.sessions s WHERE s.tenant = $1 AND s.id = $22 AND s.status = 'active'
        ) s ON (s.expires_at IS NULL OR s.expires_at > x.created_at) AND s.agent IN ('', x.agent)
          AND (s.free OR coalesce(nullif($24, ''), s.turns) <> 'reject')
        WHERE {AgentIsAsAssumed}
        {UnlessRequestIsKnown}
        """;

    /// <summary>Queues those of the runs $2 that nobody holds.</summary>
    public const string Queue =
        """
        INSERT INTO orchestration.ready (tenant, priority, run_id)
        SELECT tenant, priority, id FROM orchestration.runs WHERE tenant = $1 AND id = ANY($2) AND status = 'ready'
        """;

    /// <summary>Parks those of the runs $2, whose agents are limited, until there is room.</summary>
    public const string Park =
        """
        INSERT INTO orchestration.parked (tenant, agent_id, priority, run_id)
        SELECT tenant, agent_id, priority, id FROM orchestration.runs WHERE tenant = $1 AND id = ANY($2) AND status = 'ready'
        """;

    /// <summary>The stamps of the models $2.</summary>
    public const string ModelStamps = "SELECT name, xmin FROM orchestration.models WHERE tenant = $1 AND name = ANY($2)";
}
