using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Runs.Engine;
using Npgsql;

namespace Minion.Orchestration.Runs;

/// <summary>Accepts runs: one transaction, one round trip.</summary>
internal sealed class SubmitStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    /// <summary>Messages of a session that a run looks back at, at most.</summary>
    public const int MaxHistory = 200;

    private const string LockSession = "SELECT next_seq FROM orchestration.sessions WHERE tenant = $1 AND id = $2 FOR UPDATE";

    // A statement of its own, so that it sees what the lock has waited for. No row: the session takes no message, or the request is known.
    private const string InsertInSession =
        """
        INSERT INTO orchestration.runs
          (tenant, id, agent_id, agent, agent_version, behaviour, session_id, first_message, last_message, request_id, principal, permissions, status,
           priority, epoch, worker_id, deadline, limits, input, created_at, started_at)
        SELECT $1, $2, $3, $4, $5, $6, s.id, greatest(1, s.next_seq - $19), s.next_seq - 1, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb, $17, $18,
          CASE WHEN $11 = 'running' THEN $18::timestamptz END
        FROM orchestration.sessions s
        WHERE s.tenant = $1 AND s.id = $7 AND s.status = 'active' AND (s.expires_at IS NULL OR s.expires_at > $18) AND s.agent IN ('', $4)
        ON CONFLICT (tenant, request_id) WHERE request_id IS NOT NULL DO NOTHING
        RETURNING first_message, last_message
        """;

    private const string InsertAlone =
        """
        INSERT INTO orchestration.runs
          (tenant, id, agent_id, agent, agent_version, behaviour, session_id, request_id, principal, permissions, status, priority, epoch, worker_id, deadline,
           limits, input, created_at, started_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb, $17, $18,
          CASE WHEN $11 = 'running' THEN $18::timestamptz END)
        ON CONFLICT (tenant, request_id) WHERE request_id IS NOT NULL DO NOTHING
        RETURNING first_message, last_message
        """;

    private const string AppendInput =
        """
        WITH s AS (
          UPDATE orchestration.sessions SET next_seq = next_seq + 1, updated_at = $4, expires_at = $4 + time_to_live
          WHERE tenant = $1 AND id = $2 AND EXISTS (SELECT 1 FROM orchestration.runs WHERE tenant = $1 AND id = $3)
          RETURNING next_seq - 1 AS seq
        )
        INSERT INTO orchestration.session_messages (tenant, session_id, seq, role, content, run_id, created_at)
        SELECT $1, $2, s.seq, 'user', $5, $3, $4 FROM s
        """;

    private const string Queue =
        """
        INSERT INTO orchestration.ready (tenant, priority, run_id)
        SELECT tenant, priority, id FROM orchestration.runs WHERE tenant = $1 AND id = $2 AND status = 'ready'
        """;

    /// <summary>
    /// Commits a run: claimed already when <paramref name="worker"/> is given, else queued. Returns the messages of its session that it looks back at
    /// (0 and 0 for none), or null when nothing was written: its request is known, or its session takes no message.
    /// </summary>
    public async Task<(long First, long Last)?> SubmitAsync(ClaimedRun run, string? requestId, int priority, string limitsJson, Guid? worker, CancellationToken ct)
    {
        await using var batch = database.CreateTenantBatch(run.Tenant);
        if (run.SessionId is { } session)
        {
            batch.BatchCommands.Add(Sql.Statement(LockSession, run.Tenant, session));
        }

        batch.BatchCommands.Add(Insert(run, requestId, priority, limitsJson, worker));
        if (run.SessionId is not null)
        {
            batch.BatchCommands.Add(Sql.Statement(AppendInput, run.Tenant, run.SessionId, run.Id, run.CreatedAt, run.Input));
        }

        if (worker is null)
        {
            batch.BatchCommands.Add(Sql.Statement(Queue, run.Tenant, run.Id));
        }

        (long, long)? history = null;
        await using var reader = await batch.ExecuteTenantReaderAsync(ct);
        if (run.SessionId is not null)
        {
            await reader.NextResultAsync(ct);
        }

        if (await reader.ReadAsync(ct))
        {
            history = (reader.GetInt64(0), reader.GetInt64(1));
        }

        // To the end: only then is it committed.
        while (await reader.NextResultAsync(ct))
        {
        }

        return history;
    }

    private static NpgsqlBatchCommand Insert(ClaimedRun run, string? requestId, int priority, string limitsJson, Guid? worker)
    {
        var command = Sql.Statement(
            run.SessionId is null ? InsertAlone : InsertInSession,
            run.Tenant,
            run.Id,
            run.AgentId,
            run.Agent,
            run.AgentVersion,
            run.Behaviour,
            run.SessionId,
            requestId,
            run.Principal,
            run.Permissions.ToArray(),
            worker is null ? "ready" : "running",
            priority,
            run.Epoch,
            worker,
            run.Deadline,
            limitsJson,
            run.Input,
            run.CreatedAt);
        if (run.SessionId is not null)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (long)MaxHistory });
        }

        return command;
    }
}
