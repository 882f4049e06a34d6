using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Data;
using Minion.Orchestration.Runs.Retention;
using Npgsql;

namespace Minion.Orchestration.Sessions;

/// <summary>
/// Deletes sessions with everything that came of them. First the session is nobody's any more, with what was said in it; then its runs go with their
/// journals, a few at a time; what a crash leaves of that, the sweep finishes.
/// </summary>
internal sealed class SessionRemoval(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource tenants, [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine, TimeProvider time)
{
    /// <summary>Runs that one transaction removes.</summary>
    private const int RunsAtOnce = 100;

    private const string Lock = "SELECT id FROM orchestration.sessions WHERE tenant = $1 AND id = $2 AND status <> 'deleted' FOR UPDATE";

    private const string UnderWay =
        """
        SELECT id FROM orchestration.runs
        WHERE tenant = $1 AND session_id = $2 AND status IN ('ready', 'running', 'waiting') ORDER BY id LIMIT 1
        """;

    private const string Mark =
        "UPDATE orchestration.sessions SET status = 'deleted', title = '', metadata = '{}', sweep_at = $3, updated_at = $3 WHERE tenant = $1 AND id = $2";

    private const string Finish =
        """
        DELETE FROM orchestration.sessions s
        WHERE s.tenant = $1 AND s.id = $2 AND s.status = 'deleted'
          AND NOT EXISTS (SELECT FROM orchestration.runs r WHERE r.tenant = s.tenant AND r.session_id = s.id)
        """;

    private static readonly string[] Contents = ["session_messages", "session_summaries", "session_values"];

    /// <summary>Deletes a session.</summary>
    /// <exception cref="Fault">There is none, or a run of it is under way.</exception>
    public async Task DeleteAsync(string tenant, Guid id, CancellationToken ct)
    {
        await using (var transaction = await tenants.BeginTenantAsync(tenant, ct))
        {
            if ((await transaction.QueryAsync(Lock, [tenant, id], row => row.GetGuid(0), ct)).Count == 0)
            {
                throw SessionFaults.NotFound(id);
            }

            if (await transaction.QueryAsync(UnderWay, [tenant, id], row => row.GetGuid(0), ct) is [var run])
            {
                throw SessionFaults.Busy(id, run);
            }

            foreach (var table in Contents)
            {
                await transaction.ExecuteAsync($"DELETE FROM orchestration.{table} WHERE tenant = $1 AND session_id = $2", [tenant, id], ct);
            }

            await transaction.ExecuteAsync(Mark, [tenant, id, time.GetStoredNow()], ct);
            await transaction.CommitAsync(ct);
        }

        await FinishAsync(tenant, id, ct);
    }

    /// <summary>Removes what is left of a deleted session; may be repeated, also by several processes at once.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> FinishAsync(string tenant, Guid id, CancellationToken ct)
    {
        for (var after = (Guid?)Guid.Empty; after is { } from;)
        {
            after = await RemoveRunsAsync(tenant, id, from, ct);
        }

        await using var command = engine.CreateCommand(Finish);
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Removes some runs; returns the last root that was looked at, null when there was none.</summary>
    private async Task<Guid?> RemoveRunsAsync(string tenant, Guid id, Guid after, CancellationToken ct)
    {
        await using var connection = await engine.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var roots = await ReadAsync(connection, Sql.Statement(SessionRuns.Lock, tenant, id, after, RunsAtOnce), row => row.GetGuid(0), ct);
        if (roots.Count == 0)
        {
            return null;
        }

        var members = await ReadAsync(
            connection, Sql.Statement(SessionRuns.Trees, tenant, roots.ToArray()), row => (Id: row.GetGuid(0), Needed: row.GetBoolean(1)), ct);
        Guid[] needed = [.. members.Where(m => m.Needed).Select(m => m.Id)];
        Guid[] gone = [.. members.Where(m => !m.Needed).Select(m => m.Id)];
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var table in RunTables.Names)
        {
            batch.BatchCommands.Add(Sql.Statement($"DELETE FROM orchestration.{table} WHERE tenant = $1 AND run_id = ANY ($2)", tenant, gone));
        }

        batch.BatchCommands.Add(Sql.Statement(SessionRuns.Remove, tenant, gone));
        batch.BatchCommands.Add(Sql.Statement(SessionRuns.Detach, tenant, needed));
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return roots[^1];
    }

    private static async Task<List<T>> ReadAsync<T>(NpgsqlConnection connection, NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { command } };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await reader.ReadAllAsync(read, ct);
    }
}
