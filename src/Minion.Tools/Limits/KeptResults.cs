using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minion.Data;
using Minion.Tools.Execution;
using Npgsql;

namespace Minion.Tools.Limits;

/// <summary>Results that were too long for a model.</summary>
internal interface IKeptResults
{
    /// <summary>Keeps a result; null when it is too long even for that.</summary>
    Task<Guid?> KeepAsync(ToolRequest request, bool untrusted, string json, CancellationToken cancellationToken);

    /// <summary>A part of a result, for the run, session or principal that it was made for; null when there is none.</summary>
    Task<KeptPage?> ReadAsync(ToolCall call, Guid id, int offset, int limit, CancellationToken cancellationToken);
}

/// <summary>A part of a kept result.</summary>
/// <param name="Tool">Whose result it is.</param>
/// <param name="Text">The part.</param>
/// <param name="Total">Characters of the whole.</param>
/// <param name="Untrusted">It came from where anybody may write.</param>
internal sealed record KeptPage(string Tool, string Text, int Total, bool Untrusted);

/// <summary>Results in <c>tools.results</c>.</summary>
internal sealed class KeptResults([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, IOptions<ResultOptions> options, TimeProvider time) : IKeptResults
{
    private const string Insert =
        """
        INSERT INTO tools.results (tenant, id, tool, run_id, session_id, principal, content, untrusted, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private const string Read =
        """
        SELECT tool, substr(content, $2 + 1, $3), length(content), untrusted FROM tools.results
        WHERE id = $1 AND expires_at > $4 AND (run_id = $5 OR (session_id <> '' AND session_id = $6) OR principal = $7)
        """;

    private const string PruneExpired = "SELECT tools.prune_results($1)";

    public async Task<Guid?> KeepAsync(ToolRequest request, bool untrusted, string json, CancellationToken cancellationToken)
    {
        if (json.Length > options.Value.MostCharacters)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await using var batch = database.CreateTenantBatch(request.Caller.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                new() { Value = request.Caller.Tenant },
                new() { Value = id },
                new() { Value = request.Tool },
                new() { Value = (object?)request.Origin.Proven.RunId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                new() { Value = request.Origin.Proven.Session },
                new() { Value = request.Caller.Principal },
                new() { Value = json },
                new() { Value = untrusted },
                new() { Value = now },
                new() { Value = now + options.Value.Retention },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    public async Task<KeptPage?> ReadAsync(ToolCall call, Guid id, int offset, int limit, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(call.Caller.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Read)
        {
            Parameters =
            {
                new() { Value = id },
                new() { Value = offset },
                new() { Value = limit },
                new() { Value = time.GetUtcNow() },
                new() { Value = (object?)call.Origin.Proven.RunId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                new() { Value = call.Origin.Proven.Session },
                new() { Value = call.Caller.Principal },
            },
        });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new KeptPage(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetBoolean(3)) : null;
    }

    /// <summary>Removes up to <paramref name="rows"/> results of all tenants whose time is over; how many it removed.</summary>
    public async Task<long> PruneAsync(int rows, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(PruneExpired);
        command.Parameters.Add(new() { Value = rows });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
