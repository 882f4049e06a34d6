using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Tools.Declarations;

/// <summary>Writes what is decided about tools in <c>tools.tool_versions</c>.</summary>
internal sealed class VersionStore([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, TimeProvider time)
{
    // The status that was looked at is part of the condition: who decides at the same time as somebody else decides about something else.
    private const string Decide =
        """
        INSERT INTO tools.tool_versions AS v (tenant, name, version, hash, source, definition, status, replacement, note, offered, seen_at, decided_by, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, true, $11, $10, $11)
        ON CONFLICT (tenant, name, version, hash) DO UPDATE SET status = excluded.status, replacement = excluded.replacement, note = excluded.note,
            decided_by = excluded.decided_by, decided_at = excluded.decided_at
        WHERE v.status = $12
        """;

    /// <summary>False when somebody else has decided meanwhile.</summary>
    public async Task<bool> DecideAsync(Caller caller, SeenVersion version, ToolStatus before, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(caller.Tenant);
        var command = new NpgsqlBatchCommand(Decide)
        {
            Parameters =
            {
                new() { Value = caller.Tenant },
                new() { Value = version.Name },
                new() { Value = version.Version },
                new() { Value = version.Hash },
                new() { Value = version.Source },
                new() { Value = PolicyJson.Write(version.Definition), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new() { Value = StatusNames.Of(version.Status) },
                new() { Value = version.Replacement },
                new() { Value = version.Note },
                new() { Value = caller.Principal },
                new() { Value = time.GetUtcNow() },
                new() { Value = StatusNames.Of(before) },
            },
        };
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return command.RecordsAffected == 1;
    }
}
