using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Runs.Retention;

/// <summary>
/// Removes runs some time after their end, whole trees only. Several processes may do so at once: each skips what another has locked. Left are trees in
/// which a run goes on, waits or is kept, and those of which there is a fork.
/// </summary>
internal sealed class RunRetention(
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource database, IOptions<RetentionOptions> options, TimeProvider time)
{
    /// <summary>Entries of the roots that one transaction removes, unless a single one has more.</summary>
    private const long MostEntries = 20_000;

    private const string NextTenant = "SELECT min(tenant) FROM orchestration.runs WHERE tenant > $1";

    // Ids begin with the time of acceptance, so the oldest come first and no index on the end is needed. The rows are locked before anything else is
    // asked: a fork that comes meanwhile waits, and finds nothing.
    private const string Lock =
        """
        SELECT id, next_seq FROM orchestration.runs
        WHERE tenant = $1 AND id > $2 AND id < $3 AND parent_id IS NULL AND ended_at < $4 AND NOT kept
        ORDER BY id LIMIT $5 FOR UPDATE SKIP LOCKED
        """;

    private const string Trees =
        """
        WITH members AS (
          SELECT x.root, r.id, r.ended_at, r.kept FROM unnest($2::uuid[]) AS x (root)
          JOIN orchestration.runs r ON r.tenant = $1 AND r.id = x.root
          UNION ALL
          SELECT x.root, r.id, r.ended_at, r.kept FROM unnest($2::uuid[]) AS x (root)
          JOIN orchestration.runs r ON r.tenant = $1 AND r.root_id = x.root AND r.parent_id IS NOT NULL
        ), free AS (
          SELECT m.root FROM members m GROUP BY m.root
          HAVING bool_and(coalesce(m.ended_at < $3, false) AND NOT m.kept
            AND NOT EXISTS (SELECT FROM orchestration.runs f WHERE f.tenant = $1 AND f.forked_from = m.id))
        )
        SELECT m.id FROM members m JOIN free USING (root)
        """;

    /// <summary>Removes all that is over; returns how many runs.</summary>
    public async Task<int> PruneAsync(CancellationToken ct)
    {
        var removed = 0;
        for (var tenant = await NextTenantAsync("", ct); tenant is not null; tenant = await NextTenantAsync(tenant, ct))
        {
            var after = Guid.Empty;
            while (await PruneBatchAsync(tenant, after, ct) is { } batch)
            {
                removed += batch.Removed;
                after = batch.Last;
            }
        }

        return removed;
    }

    private async Task<string?> NextTenantAsync(string after, CancellationToken ct)
    {
        await using var command = database.CreateCommand(NextTenant);
        command.Parameters.Add(new() { Value = after });
        return await command.ExecuteScalarAsync(ct) as string;
    }

    /// <summary>Removes the oldest trees after a root; null when there are none to look at.</summary>
    private async Task<(int Removed, Guid Last)?> PruneBatchAsync(string tenant, Guid after, CancellationToken ct)
    {
        var endedBefore = time.GetStoredNow() - options.Value.Runs;
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var roots = await LockAsync(connection, tenant, after, endedBefore, ct);
        if (roots.Count == 0)
        {
            return null;
        }

        Guid[] members;
        await using (var trees = Command(connection, Trees, tenant, roots.ToArray(), endedBefore.UtcDateTime))
        await using (var reader = await trees.ExecuteReaderAsync(ct))
        {
            members = [.. await reader.ReadAllAsync(row => row.GetGuid(0), ct)];
        }

        if (members.Length > 0)
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var table in RunTables.Names)
            {
                batch.BatchCommands.Add(Sql.Statement($"DELETE FROM orchestration.{table} WHERE tenant = $1 AND run_id = ANY($2)", tenant, members));
            }

            batch.BatchCommands.Add(Sql.Statement("DELETE FROM orchestration.runs WHERE tenant = $1 AND id = ANY($2)", tenant, members));
            await batch.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return (members.Length, roots[^1]);
    }

    private async Task<List<Guid>> LockAsync(NpgsqlConnection connection, string tenant, Guid after, DateTimeOffset endedBefore, CancellationToken ct)
    {
        await using var command = Command(
            connection, Lock, tenant, after, Guid.CreateVersion7(endedBefore), endedBefore.UtcDateTime, options.Value.Batch);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = await reader.ReadAllAsync(row => (Id: row.GetGuid(0), Entries: row.GetInt64(1)), ct);
        var entries = 0L;
        return [.. rows.TakeWhile((row, i) => (entries += row.Entries) <= MostEntries || i == 0).Select(r => r.Id)];
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
