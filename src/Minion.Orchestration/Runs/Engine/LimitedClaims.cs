using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>
/// Claims parked runs: those of agents that have a limit of runs at once, of their own or with their cluster. How many are held is counted from the runs
/// themselves, under a lock of who shares the limit, so that there is no counter that a crash could leave wrong.
/// </summary>
internal sealed class LimitedClaims([FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine, TimeProvider time)
{
    // Agents of parked runs by index. Who shares a limit shares a lock, taken in the order of the names; the count is a statement of its own after it, so
    // that it sees what the lock has waited for.
    private const string LockSql =
        """
        WITH RECURSIVE waiting AS (
          (SELECT tenant, agent_id FROM orchestration.parked ORDER BY tenant, agent_id LIMIT 1)
          UNION ALL
          SELECT n.tenant, n.agent_id FROM waiting w CROSS JOIN LATERAL (
            SELECT p.tenant, p.agent_id FROM orchestration.parked p
            WHERE (p.tenant, p.agent_id) > (w.tenant, w.agent_id) ORDER BY p.tenant, p.agent_id LIMIT 1) n
        ), sharing AS MATERIALIZED (
          SELECT w.tenant, w.agent_id, coalesce('cluster ' || l.cluster, 'agent ' || w.agent_id) AS name
          FROM waiting w LEFT JOIN orchestration.run_limits l ON l.tenant = w.tenant AND l.agent_id = w.agent_id
        ), locks AS MATERIALIZED (
          SELECT g.tenant, g.name, pg_advisory_xact_lock(hashtextextended('minion.limit ' || g.tenant || ' ' || g.name, 0))
          FROM (SELECT DISTINCT tenant, name FROM sharing ORDER BY tenant, name) g
        )
        SELECT s.tenant, s.agent_id FROM sharing s JOIN locks l ON l.tenant = s.tenant AND l.name = s.name
        """;

    // An agent without a limit has one no longer. A row of a run that is not ready any more is left over.
    private const string ClaimSql =
        $"""
        WITH held AS MATERIALIZED (
          SELECT tenant, agent_id, count(*) AS runs FROM orchestration.runs WHERE worker_id IS NOT NULL GROUP BY tenant, agent_id
        ), clusters AS MATERIALIZED (
          SELECT l.tenant, l.cluster, sum(h.runs) AS runs
          FROM held h JOIN orchestration.run_limits l ON l.tenant = h.tenant AND l.agent_id = h.agent_id
          WHERE l.cluster IS NOT NULL GROUP BY l.tenant, l.cluster
        ), room AS MATERIALIZED (
          SELECT a.tenant, a.agent_id, l.cluster,
            greatest(0, coalesce(l.most - coalesce(h.runs, 0), @slots)) AS own,
            greatest(0, coalesce(l.cluster_most - coalesce(c.runs, 0), @slots)) AS shared
          FROM unnest(@tenants, @agents) AS a (tenant, agent_id)
          LEFT JOIN orchestration.run_limits l ON l.tenant = a.tenant AND l.agent_id = a.agent_id
          LEFT JOIN held h ON h.tenant = a.tenant AND h.agent_id = a.agent_id
          LEFT JOIN clusters c ON c.tenant = a.tenant AND c.cluster = l.cluster
        ), first AS (
          SELECT room.tenant, room.shared, p.run_id, p.priority, row_number() OVER (
              PARTITION BY room.tenant, coalesce('cluster ' || room.cluster, 'agent ' || room.agent_id) ORDER BY p.priority DESC, p.run_id) AS place
          FROM room CROSS JOIN LATERAL (
            SELECT run_id, priority FROM orchestration.parked q
            WHERE q.tenant = room.tenant AND q.agent_id = room.agent_id ORDER BY q.priority DESC, q.run_id
            LIMIT least(room.own, room.shared, @slots)) p
        ), picked AS MATERIALIZED (
          SELECT tenant, run_id FROM first WHERE place <= shared ORDER BY priority DESC, run_id LIMIT @slots
        ), locked AS MATERIALIZED (
          SELECT r.tenant, r.id FROM orchestration.runs r JOIN picked p ON p.tenant = r.tenant AND p.run_id = r.id
          WHERE r.status = 'ready' ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
        ), taken AS (
          DELETE FROM orchestration.parked q USING locked l WHERE q.tenant = l.tenant AND q.run_id = l.id
        ), gone AS (
          DELETE FROM orchestration.parked q USING picked p
          WHERE q.tenant = p.tenant AND q.run_id = p.run_id
            AND NOT EXISTS (SELECT FROM orchestration.runs r WHERE r.tenant = p.tenant AND r.id = p.run_id AND r.status = 'ready')
        )
        UPDATE orchestration.runs r SET status = 'running', worker_id = @worker, epoch = r.epoch + 1, started_at = coalesce(r.started_at, @now)
        FROM locked l WHERE r.tenant = l.tenant AND r.id = l.id AND r.status = 'ready'
        RETURNING {ClaimedRow.Columns}
        """;

    private volatile bool _isExpected;

    /// <summary>Says that there may be parked runs, so that claims look for them.</summary>
    public void Expect(bool isLimited)
    {
        if (isLimited)
        {
            _isExpected = true;
        }
    }

    /// <summary>Looks whether there are limits, or still parked runs: where there are none, claims do not ask.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        await using var command = engine.CreateCommand(
            "SELECT EXISTS (SELECT FROM orchestration.run_limits) OR EXISTS (SELECT FROM orchestration.parked)");
        _isExpected = (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Claims up to <paramref name="slots"/> parked runs for which there is room.</summary>
    public async Task<List<ClaimedRun>> ClaimAsync(Guid worker, int slots, CancellationToken ct)
    {
        var runs = new List<ClaimedRun>();
        if (!_isExpected || slots == 0)
        {
            return runs;
        }

        await using var connection = await engine.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var agents = await LockAsync(connection, transaction, ct);
        if (agents.Count == 0)
        {
            return runs;
        }

        await using (var command = new NpgsqlCommand(ClaimSql, connection, transaction))
        {
            command.Parameters.Add(new("tenants", agents.Select(a => a.Tenant).ToArray()));
            command.Parameters.Add(new("agents", agents.Select(a => a.Agent).ToArray()));
            command.Parameters.Add(new("slots", (long)slots));
            command.Parameters.Add(new("worker", worker));
            command.Parameters.Add(new("now", time.GetUtcNow().UtcDateTime));
            await using var reader = await command.ExecuteReaderAsync(ct);
            runs = await reader.ReadAllAsync(row => ClaimedRow.Read(row) with { IsLimited = true }, ct);
        }

        await transaction.CommitAsync(ct);
        return runs;
    }

    private static async Task<List<(string Tenant, Guid Agent)>> LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(LockSql, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAllAsync(row => (row.GetString(0), row.GetGuid(1)), ct);
    }
}
