using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Sections;
using Minion.Orchestration.Schedules;
using Npgsql;

namespace Minion.Orchestration.Clusters.Export;

/// <summary>Reads what there is of clusters.</summary>
internal sealed class ClusterExporter([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    /// <summary>The cluster as a file, not between two halves of an apply.</summary>
    public async Task<string> ExportAsync(string tenant, string name, CancellationToken ct)
    {
        await using var transaction = await database.BeginTenantAsync(tenant, ct);
        await transaction.ExecuteAsync($"SELECT pg_advisory_xact_lock_shared({ClusterApplier.LockKey})", [tenant], ct);
        var found = await transaction.QueryAsync(
            "SELECT definition FROM orchestration.clusters WHERE tenant = $1 AND name = $2",
            [tenant, name],
            row => row.TextOrNull(0) is { } json ? ClusterDefinition.Read(json) : ClusterDefinition.Empty,
            ct);
        if (found is not [var definition])
        {
            throw Fault.NotFound("cluster", Yaml.Quoted.Cut(name, 80), "'minion export' without a name lists the clusters.");
        }

        var models = await transaction.QueryAsync(
            "SELECT definition FROM orchestration.models WHERE tenant = $1 AND cluster = $2 ORDER BY name",
            [tenant, name],
            row => ModelDefinition.FromJson(row.GetString(0)),
            ct);
        var agents = await AgentStore.OfClusterAsync(transaction, name, ct);
        var schedules = await ScheduleStore.OfClusterAsync(transaction, name, ct);
        return ClusterYaml.Write(name, definition, models, [.. agents.Where(a => a.Status != AgentStatus.Archived).OrderBy(a => a.Name, StringComparer.Ordinal)], schedules);
    }

    /// <summary>The clusters after <paramref name="after"/>, in the order of their names.</summary>
    public Task<List<Cluster>> ListAsync(string tenant, string after, int limit, CancellationToken ct) => database.QueryAsync(
        tenant,
        """
        SELECT c.name, coalesce(c.definition ->> 'description', ''), c.applied_at,
          (SELECT count(*)::int FROM orchestration.agents a
            WHERE a.tenant = c.tenant AND a.cluster = c.name AND a.deleted_at IS NULL AND a.status <> 'archived'),
          (SELECT count(*)::int FROM orchestration.models m WHERE m.tenant = c.tenant AND m.cluster = c.name),
          coalesce(c.max_runs, (c.definition -> 'resource_policy' ->> 'max_concurrent_runs')::int, 0)
        FROM orchestration.clusters c
        WHERE c.tenant = $1 AND c.name COLLATE "C" > $2 COLLATE "C"
        ORDER BY c.name COLLATE "C" LIMIT $3
        """,
        [tenant, after, limit],
        row => new Cluster
        {
            Name = row.GetString(0),
            Description = row.GetString(1),
            AppliedAt = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(2)),
            Agents = row.GetInt32(3),
            Models = row.GetInt32(4),
            MaxRuns = row.GetInt32(5),
        },
        ct);
}
