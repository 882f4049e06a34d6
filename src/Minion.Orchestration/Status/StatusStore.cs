using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Status;

/// <summary>Counts what there is.</summary>
internal sealed class StatusStore(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource api,
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine)
{
    public async Task<List<Worker>> WorkersAsync(CancellationToken ct)
    {
        await using var command = engine.CreateCommand(
            """
            SELECT w.id, w.host, w.capacity, (SELECT count(*)::int FROM orchestration.runs r WHERE r.worker_id = w.id), w.heartbeat_at
            FROM orchestration.workers w ORDER BY w.started_at LIMIT 1000
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAllAsync(
            row => new Worker
            {
                Id = row.GetGuid(0).ToString(),
                Host = row.GetString(1),
                Capacity = row.GetInt32(2),
                HeldRuns = row.GetInt32(3),
                HeartbeatAt = row.GetFieldValue<DateTimeOffset>(4).ToTimestamp(),
            },
            ct);
    }

    /// <summary>The tenant's agents by status.</summary>
    public async Task<Dictionary<string, long>> AgentsAsync(string tenant, CancellationToken ct) =>
        (await api.QueryAsync(
            tenant,
            "SELECT status, count(*) FROM orchestration.agents WHERE tenant = $1 AND deleted_at IS NULL GROUP BY status",
            [tenant],
            Pair,
            ct)).ToDictionary();

    public async Task<long> ActiveSessionsAsync(string tenant, CancellationToken ct) =>
        (await api.QueryAsync(
            tenant, "SELECT count(*) FROM orchestration.sessions WHERE tenant = $1 AND status = 'active'", [tenant], row => row.GetInt64(0), ct)).Single();

    /// <summary>Agents by status and active sessions, of all tenants: what the gauges show.</summary>
    public async Task<(Dictionary<string, long> Agents, long Sessions)> TotalsAsync(CancellationToken ct)
    {
        await using var batch = engine.CreateBatch();
        batch.BatchCommands.Add(new("SELECT status, count(*) FROM orchestration.agents WHERE deleted_at IS NULL GROUP BY status"));
        batch.BatchCommands.Add(new("SELECT count(*) FROM orchestration.sessions WHERE status = 'active'"));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var agents = (await reader.ReadAllAsync(Pair, ct)).ToDictionary();
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        return (agents, reader.GetInt64(0));
    }

    /// <summary>Open items of the inbox by kind, of all tenants; a kind that has none is 0.</summary>
    public async Task<Dictionary<string, long>> OpenItemsAsync(CancellationToken ct)
    {
        await using var command = engine.CreateCommand(
            """
            SELECT k.kind, count(i.id) FROM unnest(ARRAY['approval', 'question', 'uncertain']) AS k (kind)
            LEFT JOIN orchestration.inbox i ON i.kind = k.kind AND i.status = 'open' GROUP BY k.kind
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return (await reader.ReadAllAsync(Pair, ct)).ToDictionary();
    }

    private static KeyValuePair<string, long> Pair(NpgsqlDataReader row) => KeyValuePair.Create(row.GetString(0), row.GetInt64(1));
}
