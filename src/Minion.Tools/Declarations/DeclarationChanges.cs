using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;
using Minion.Data;
using Npgsql;
using NpgsqlTypes;

namespace Minion.Tools.Declarations;

/// <summary>What an administrator wants to be declared.</summary>
/// <param name="Sources">Added, or put in the place of those of the same name.</param>
/// <param name="Policies">Added, or put in the place of those of the same name.</param>
/// <param name="RemovedSources">Names.</param>
/// <param name="RemovedPolicies">Names.</param>
internal sealed record DeclarationChanges(
    IReadOnlyList<DeclaredSource> Sources, IReadOnlyList<DeclaredPolicy> Policies, IReadOnlyList<string> RemovedSources, IReadOnlyList<string> RemovedPolicies)
{
    public bool IsEmpty => Sources.Count + Policies.Count + RemovedSources.Count + RemovedPolicies.Count == 0;
}

/// <summary>Writes <c>tools.sources</c> and <c>tools.policies</c>.</summary>
internal sealed class DeclarationWriter([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, TimeProvider time)
{
    // What was decided about was read before: what a cluster has declared meanwhile is not taken from it.
    private const string PutSource =
        """
        INSERT INTO tools.sources (tenant, name, kind, settings, policy, cluster, updated_by, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (tenant, name) DO UPDATE SET kind = excluded.kind, settings = excluded.settings, policy = excluded.policy,
            cluster = excluded.cluster, updated_by = excluded.updated_by,
            updated_at = CASE WHEN sources.kind = excluded.kind AND sources.settings = excluded.settings THEN sources.updated_at ELSE excluded.updated_at END
        WHERE sources.cluster IN ('', excluded.cluster)
        """;

    private const string PutPolicy =
        """
        INSERT INTO tools.policies (tenant, name, policy, cluster, updated_by, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (tenant, name) DO UPDATE SET policy = excluded.policy, cluster = excluded.cluster,
            updated_by = excluded.updated_by, updated_at = excluded.updated_at
        WHERE policies.cluster IN ('', excluded.cluster)
        """;

    private const string RemoveSources = "DELETE FROM tools.sources WHERE name = ANY ($1)";
    private const string RemovePolicies = "DELETE FROM tools.policies WHERE name = ANY ($1)";
    private const string WithdrawTools = "UPDATE tools.tool_versions SET offered = false WHERE source = ANY ($1)";

    /// <summary>All of it or nothing, in one round trip.</summary>
    public async Task WriteAsync(Caller caller, DeclarationChanges changes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var batch = database.CreateTenantBatch(caller.Tenant);
        foreach (var source in changes.Sources)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PutSource)
            {
                Parameters =
                {
                    new() { Value = caller.Tenant },
                    new() { Value = source.Name },
                    new() { Value = source.Kind },
                    new() { Value = source.Settings.GetRawText(), NpgsqlDbType = NpgsqlDbType.Jsonb },
                    new() { Value = PolicyJson.Write(source.Policy), NpgsqlDbType = NpgsqlDbType.Jsonb },
                    new() { Value = source.Cluster },
                    new() { Value = caller.Principal },
                    new() { Value = now },
                },
            });
        }

        foreach (var policy in changes.Policies)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(PutPolicy)
            {
                Parameters =
                {
                    new() { Value = caller.Tenant },
                    new() { Value = policy.Name },
                    new() { Value = PolicyJson.Write(policy.Policy), NpgsqlDbType = NpgsqlDbType.Jsonb },
                    new() { Value = policy.Cluster },
                    new() { Value = caller.Principal },
                    new() { Value = now },
                },
            });
        }

        foreach (var (sql, names) in new[] { (RemoveSources, changes.RemovedSources), (WithdrawTools, changes.RemovedSources), (RemovePolicies, changes.RemovedPolicies) })
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = names.ToArray() } } });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
