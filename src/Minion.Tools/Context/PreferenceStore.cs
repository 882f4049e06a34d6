using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Tools.Context;

/// <summary>What people have said of their preferences, in <c>tools.preferences</c>.</summary>
internal sealed class PreferenceStore([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Preferences that one person may have.</summary>
    public const int Most = 100;

    private const string Upsert =
        """
        INSERT INTO tools.preferences (tenant, principal, name, value, updated_at)
        SELECT $1, $2, $3, $4, $5
        WHERE EXISTS (SELECT FROM tools.preferences WHERE principal = $2 AND name = $3)
           OR (SELECT count(*) FROM tools.preferences WHERE principal = $2) < $6
        ON CONFLICT (tenant, principal, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
        RETURNING name
        """;

    /// <summary>A person's, by name.</summary>
    public async Task<IReadOnlyList<Preference>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        await using var batch = Batch(caller, "SELECT name, value, updated_at FROM tools.preferences WHERE principal = $1 ORDER BY name", caller.Principal);
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        var preferences = new List<Preference>();
        while (await reader.ReadAsync(cancellationToken))
        {
            preferences.Add(new Preference
            {
                Name = reader.GetString(0),
                Value = reader.GetString(1),
                UpdatedAt = Timestamp.FromDateTimeOffset(reader.GetFieldValue<DateTimeOffset>(2)),
            });
        }

        return preferences;
    }

    /// <summary>Null when the person has as many as they may have.</summary>
    public async Task<Preference?> SetAsync(Caller caller, string name, string value, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var batch = Batch(caller, Upsert, caller.Tenant, caller.Principal, name, value, now, (long)Most);
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Preference { Name = name, Value = value, UpdatedAt = Timestamp.FromDateTimeOffset(now) }
            : null;
    }

    /// <summary>False when there is none.</summary>
    public async Task<bool> DeleteAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        await using var batch = Batch(caller, "DELETE FROM tools.preferences WHERE principal = $1 AND name = $2 RETURNING name", caller.Principal, name);
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    /// <summary>As they are told.</summary>
    public static ContextSection Tell(IReadOnlyList<Preference> preferences) =>
        new("Preferences of the person you work for:", [.. preferences.Select(preference => $"{preference.Name}: {preference.Value}")]);

    private NpgsqlBatch Batch(Caller caller, string sql, params object[] values)
    {
        var batch = database.CreateTenantBatch(caller.Tenant);
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
        return batch;
    }
}
