using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Npgsql;
using NpgsqlTypes;
using Policy = Minion.Contracts.Tools.V1.ToolPolicy;

namespace Minion.Tools.Declarations;

/// <summary>Reads <c>tools.sources</c>, <c>tools.policies</c> and <c>tools.tool_versions</c>, and notes what sources offer.</summary>
internal sealed class DeclarationStore([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, TimeProvider time) : IDeclarations
{
    private const string Sources = "SELECT name, kind, settings, policy, cluster, updated_at FROM tools.sources ORDER BY name";
    private const string Policies = "SELECT name, policy, cluster, updated_at FROM tools.policies ORDER BY name";

    private const string Versions =
        """
        SELECT name, version, hash, source, definition, status, replacement, note, offered, seen_at, decided_by, decided_at
        FROM tools.tool_versions ORDER BY name, seen_at DESC
        """;

    private const string See =
        """
        INSERT INTO tools.tool_versions (tenant, name, version, hash, source, definition, status, offered, seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, true, $8)
        ON CONFLICT (tenant, name, version, hash) DO UPDATE SET offered = true, source = excluded.source, seen_at = excluded.seen_at
        """;

    private const string Forget =
        """
        UPDATE tools.tool_versions SET offered = false
        WHERE source = $1 AND offered AND NOT EXISTS (
            SELECT FROM unnest($2::text[], $3::text[], $4::bytea[]) AS o (name, version, hash)
            WHERE o.name = tool_versions.name AND o.version = tool_versions.version AND o.hash = tool_versions.hash)
        """;

    private const string Prune =
        """
        DELETE FROM tools.tool_versions WHERE (name, version, hash) IN (
            SELECT name, version, hash FROM (
                SELECT name, version, hash, row_number() OVER (PARTITION BY name ORDER BY offered DESC, status = 'approved' DESC, seen_at DESC) AS place
                FROM tools.tool_versions WHERE name = ANY ($1)) AS ranked
            WHERE place > 100)
        """;

    public async Task<TenantDeclarations> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sources));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Policies));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Versions));
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        var sources = await AllAsync(reader, Source, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var policies = await AllAsync(reader, NamedPolicy, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return new TenantDeclarations(sources, policies, await AllAsync(reader, Version, cancellationToken));
    }

    public async Task SeeAsync(string tenant, string source, IReadOnlyList<SeenVersion> offered, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(tenant);
        var now = time.GetUtcNow();
        foreach (var version in offered)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(See)
            {
                Parameters =
                {
                    new() { Value = tenant },
                    new() { Value = version.Name },
                    new() { Value = version.Version },
                    new() { Value = version.Hash },
                    new() { Value = source },
                    new() { Value = PolicyJson.Write(version.Definition), NpgsqlDbType = NpgsqlDbType.Jsonb },
                    new() { Value = StatusNames.Of(version.Status) },
                    new() { Value = now },
                },
            });
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(Forget)
        {
            Parameters =
            {
                new() { Value = source },
                new() { Value = offered.Select(v => v.Name).ToArray() },
                new() { Value = offered.Select(v => v.Version).ToArray() },
                new() { Value = offered.Select(v => v.Hash).ToArray() },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Prune) { Parameters = { new() { Value = offered.Select(v => v.Name).Distinct().ToArray() } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<T>> AllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(read(reader));
        }

        return all;
    }

    private static DeclaredSource Source(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), JsonElement.Parse(row.GetString(2)), PolicyJson.Read<Policy>(row.GetString(3)), row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5));

    private static DeclaredPolicy NamedPolicy(NpgsqlDataReader row) => new(
        row.GetString(0), PolicyJson.Read<Policy>(row.GetString(1)), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3));

    private static SeenVersion Version(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetString(3), PolicyJson.Read<Tool>(row.GetString(4)), StatusNames.Read(row.GetString(5)))
    {
        Replacement = row.GetString(6),
        Note = row.GetString(7),
        Offered = row.GetBoolean(8),
        SeenAt = row.GetFieldValue<DateTimeOffset>(9),
        DecidedBy = row.GetString(10),
        DecidedAt = row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
    };
}
