using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Data;
using Minion.Tools.Execution;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Tools.Idempotency;

/// <summary>Calls in <c>tools.keyed_calls</c>.</summary>
internal sealed class KeyedCallStore(
    [FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, CallOwner owner, IOptions<IdempotencyOptions> options, TimeProvider time) : IKeyedCalls
{
    private const string Insert =
        """
        INSERT INTO tools.keyed_calls (tenant, key, claim, owner, tool, arguments_hash, started_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (tenant, key) DO NOTHING
        """;

    // Who can take the lock of a process knows that it is gone. It is given back with the transaction.
    private const string Read =
        """
        SELECT claim, arguments_hash, result, trimmed, untrusted, kept_id, result_bytes, cost_usd,
            CASE WHEN finished_at IS NOT NULL OR owner = $2 THEN false ELSE NOT pg_try_advisory_xact_lock(owner) END
        FROM tools.keyed_calls WHERE key = $1
        """;

    private const string Replace =
        """
        UPDATE tools.keyed_calls SET claim = $3, owner = $4, arguments_hash = $5, started_at = $6, expires_at = $7
        WHERE key = $1 AND claim = $2 AND finished_at IS NULL
        """;

    private const string Finish =
        """
        UPDATE tools.keyed_calls SET finished_at = $3, result = $4, trimmed = $5, untrusted = $6, kept_id = $7, result_bytes = $8, cost_usd = $9
        WHERE key = $1 AND claim = $2
        """;

    private const string Leave = "UPDATE tools.keyed_calls SET owner = 0 WHERE key = $1 AND claim = $2";
    private const string Delete = "DELETE FROM tools.keyed_calls WHERE key = $1 AND claim = $2";
    private const string PruneExpired = "SELECT tools.prune_keyed_calls($1)";

    public async Task<KeyedCall?> BeginAsync(CallIdentity call, string tool, Guid claim, CancellationToken cancellationToken)
    {
        var process = await owner.IdAsync(cancellationToken);
        while (true)
        {
            var (isThere, first) = await TryBeginAsync(call, tool, claim, process, cancellationToken);
            if (isThere)
            {
                return first;
            }
        }
    }

    public async Task<bool> TakeOverAsync(CallIdentity call, Guid before, Guid claim, CancellationToken cancellationToken)
    {
        var process = await owner.IdAsync(cancellationToken);
        var now = time.GetUtcNow();
        return await ExecuteAsync(call, Command(Replace, call.Key, before, claim, process, call.ArgumentsHash, now, now + options.Value.Retention), cancellationToken) == 1;
    }

    public Task FinishAsync(CallIdentity call, Guid claim, ToolReport report, CancellationToken cancellationToken)
    {
        var command = Command(Finish, call.Key, claim, time.GetUtcNow(), report.Json, report.Trimmed, report.Untrusted);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)report.KeptId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter { Value = report.ResultBytes });
        command.Parameters.Add(new NpgsqlParameter { Value = report.CostUsd });
        return ExecuteAsync(call, command, cancellationToken);
    }

    public Task LeaveAsync(CallIdentity call, Guid claim, CancellationToken cancellationToken) => ExecuteAsync(call, Command(Leave, call.Key, claim), cancellationToken);

    public Task ReleaseAsync(CallIdentity call, Guid claim, CancellationToken cancellationToken) => ExecuteAsync(call, Command(Delete, call.Key, claim), cancellationToken);

    /// <summary>Removes up to <paramref name="rows"/> calls of all tenants whose time is over; how many it removed.</summary>
    public async Task<long> PruneAsync(int rows, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(PruneExpired);
        command.Parameters.Add(new NpgsqlParameter { Value = rows });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Whether there is a note now, and whose it is when it is somebody else's. There is none when that of another call was taken away meanwhile.</summary>
    private async Task<(bool IsThere, KeyedCall? First)> TryBeginAsync(CallIdentity call, string tool, Guid claim, long process, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var batch = database.CreateTenantBatch(call.Tenant);
        batch.BatchCommands.Add(Command(Insert, call.Tenant, call.Key, claim, process, tool, call.ArgumentsHash, now, now + options.Value.Retention));
        batch.BatchCommands.Add(Command(Read, call.Key, process));
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return (false, null);
        }

        return (true, reader.GetGuid(0) == claim ? null : new KeyedCall(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1), Result(reader), reader.GetBoolean(8)));
    }

    private async Task<int> ExecuteAsync(CallIdentity call, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(call.Tenant);
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)command.RecordsAffected;
    }

    private static ToolReport? Result(NpgsqlDataReader row) => row.IsDBNull(2)
        ? null
        : new ToolReport(new ToolResult(JsonElement.Parse(row.GetString(2))), Attempts: 0)
        {
            Json = row.GetString(2),
            Trimmed = row.GetBoolean(3),
            Untrusted = row.GetBoolean(4),
            KeptId = row.IsDBNull(5) ? null : row.GetGuid(5),
            ResultBytes = row.GetInt64(6),
            CostUsd = row.GetDouble(7),
            Repeated = true,
        };

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
