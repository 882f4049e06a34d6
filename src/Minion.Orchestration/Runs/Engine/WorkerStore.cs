using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>The rows of workers, and what is taken from the dead ones.</summary>
internal sealed class WorkerStore([FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine)
{
    public async Task RegisterAsync(Guid id, int capacity, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO orchestration.workers (id, host, process, capacity) VALUES (@id, @host, @process, @capacity)",
            new { id, host = Environment.MachineName, process = ProcessIdentity.Current, capacity },
            cancellationToken: ct));
    }

    /// <summary>Whether the worker is still there: false means reaped.</summary>
    public async Task<bool> HeartbeatAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            "UPDATE orchestration.workers SET heartbeat_at = clock_timestamp() WHERE id = @id", new { id }, cancellationToken: ct)) == 1;
    }

    public async Task RemoveAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM orchestration.workers WHERE id = @id", new { id }, cancellationToken: ct));
    }

    /// <summary>The runs that the database believes this worker holds.</summary>
    public async Task<HashSet<Guid>> HeldAsync(Guid id, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        return [.. await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT id FROM orchestration.runs WHERE worker_id = @id", new { id }, cancellationToken: ct))];
    }

    /// <summary>
    /// Deletes workers whose heartbeat is older than <paramref name="lease"/> (not within a lease of the database's own start, or all would fence
    /// all) and those whose process is known to have ended. Returns how many.
    /// </summary>
    public async Task<int> RemoveDeadAsync(TimeSpan lease, bool mayReapStale, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        var processes = await connection.QueryAsync<(Guid Id, string Process)>(new CommandDefinition(
            "SELECT id, process FROM orchestration.workers", cancellationToken: ct));
        var dead = processes.Where(w => ProcessIdentity.IsDead(w.Process)).Select(w => w.Id).ToArray();
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            DELETE FROM orchestration.workers
            WHERE id = ANY(@dead)
              OR (@mayReapStale AND heartbeat_at < clock_timestamp() - @lease AND pg_postmaster_start_time() < clock_timestamp() - @lease)
            """,
            new { dead, lease, mayReapStale },
            cancellationToken: ct));
    }

    /// <summary>Makes runs ready whose worker is gone, with a raised epoch, at most 1,000 at a time. Returns how many.</summary>
    public async Task<int> ReleaseOrphansAsync(CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH lost AS MATERIALIZED (
              SELECT r.tenant, r.id FROM orchestration.runs r
              WHERE r.worker_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM orchestration.workers w WHERE w.id = r.worker_id)
              ORDER BY r.id LIMIT 1000 FOR UPDATE OF r SKIP LOCKED
            ), freed AS (
              UPDATE orchestration.runs r SET status = 'ready', worker_id = NULL, epoch = r.epoch + 1
              FROM lost WHERE r.tenant = lost.tenant AND r.id = lost.id
              RETURNING r.tenant, r.priority, r.id
            )
            INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM freed
            """,
            cancellationToken: ct));
    }

    /// <summary>Hands back runs that the database believes this worker holds and the worker does not know.</summary>
    public async Task<int> HandBackAsync(Guid id, Guid[] runs, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH held AS MATERIALIZED (
              SELECT r.tenant, r.id FROM orchestration.runs r WHERE r.worker_id = @id AND r.id = ANY(@runs) ORDER BY r.id FOR UPDATE
            ), freed AS (
              UPDATE orchestration.runs r SET status = 'ready', worker_id = NULL, epoch = r.epoch + 1
              FROM held WHERE r.tenant = held.tenant AND r.id = held.id
              RETURNING r.tenant, r.priority, r.id
            )
            INSERT INTO orchestration.ready (tenant, priority, run_id) SELECT tenant, priority, id FROM freed
            """,
            new { id, runs },
            cancellationToken: ct));
    }
}
