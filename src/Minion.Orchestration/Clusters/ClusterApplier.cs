using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Agents.Versions;
using Minion.Orchestration.Clusters.Sections;
using Minion.Orchestration.Clusters.Tools;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Schedules;
using Minion.Yaml;
using Npgsql;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Orchestration.Clusters;

/// <summary>Makes a tenant's agents and models what files say, in one transaction. Files of one tenant are applied one after the other.</summary>
internal sealed class ClusterApplier(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database,
    AgentWriter writer,
    ModelStore modelStore,
    ToolNames toolNames,
    BehaviourRegistry behaviours,
    ScheduleStore schedules,
    ClusterTools clusterTools,
    TimeProvider time,
    ILogger<ClusterApplier> log)
{
    /// <summary>The advisory lock of who applies; $1 is the tenant.</summary>
    public const string LockKey = "hashtextextended('minion.apply ' || $1, 0)";

    /// <exception cref="Fault">A file has errors, or contradicts what the tenant has, or the plan is not the expected one; nothing was changed.</exception>
    public async Task<ApplyClustersResponse> ApplyAsync(Caller caller, ApplyClustersRequest request, CancellationToken cancellation)
    {
        var readings = request.Files.Select(f => ClusterFileReader.Read(f.Content, f.Source, request.Environment, behaviours)).ToList();
        if (readings.Exists(r => r.File is null))
        {
            throw ClusterFault.Of(readings);
        }

        CheckNames(readings);
        var files = readings.ConvertAll(r => r.File!);
        var tools = files.Exists(f => f.Agents.Any(a => a.Definition.Tools.Count > 0)) ? await toolNames.AllAsync(caller.Tenant, cancellation) : null;
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, cancellation);
        await transaction.ExecuteAsync($"SELECT pg_advisory_xact_lock({LockKey})", [caller.Tenant], cancellation);
        var set = new ClusterSet(files, await AgentStore.LockAllAsync(transaction, cancellation), await ModelsAsync(transaction, cancellation));
        var plans = readings.ConvertAll(r => Plan(r, set, tools));
        var stored = await ScheduleStore.LockAllAsync(transaction, cancellation);
        var times = readings.ConvertAll(r => SchedulePlan.Make(r.File!, stored, set.AgentsFor(r.File!), r.Problems));
        var known = await DefinitionsAsync(transaction, files, cancellation);
        var declared = new List<IReadOnlyList<Change>>();
        foreach (var reading in readings)
        {
            declared.Add(reading.Problems.Any ? [] : await clusterTools.PlanAsync(caller, reading, known.GetValueOrDefault(reading.File!.Name), cancellation));
        }

        if (readings.Exists(r => r.Problems.Any))
        {
            throw ClusterFault.Of(readings);
        }

        var response = new ApplyClustersResponse();
        try
        {
            foreach (var (i, file) in files.Index())
            {
                var cluster = await WriteAsync(transaction, caller.Principal, file, plans[i], request.Files[i].Content, cancellation);
                cluster.Changes.Add(declared[i]);
                foreach (var change in times[i])
                {
                    await SchedulePlan.ApplyAsync(schedules, transaction, caller, file.Name, change, cancellation);
                    cluster.Changes.Add(change.ToProto());
                }

                response.Clusters.Add(cluster);
            }

            await RunLimitWriter.RefreshAsync(transaction, agent: null, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new Fault(StatusCode.Aborted, "CONFLICT", "Somebody created an agent of the same name while the file was applied; nothing was changed.", "Apply it again.");
        }

        response.Plan = Convert.ToHexStringLower(SHA256.HashData(response.ToByteArray()));
        if (request.ExpectedPlan.Length > 0 && request.ExpectedPlan != response.Plan)
        {
            throw ClusterFault.PlanChanged();
        }

        if (!request.DryRun)
        {
            // Before the commit: what the tool service does not take, no agent names.
            foreach (var file in files)
            {
                await clusterTools.ApplyAsync(caller, file, known.GetValueOrDefault(file.Name), cancellation);
            }

            await transaction.CommitAsync(cancellation);
            foreach (var cluster in response.Clusters)
            {
                log.ClusterApplied(cluster.Cluster, caller.Tenant, cluster.Changes.Count(c => c.Action != Action.Unchanged), cluster.Changes.Count);
            }
        }

        return response;
    }

    /// <summary>What is known of the clusters of files as wholes.</summary>
    private static async Task<Dictionary<string, ClusterDefinition>> DefinitionsAsync(TenantTransaction transaction, List<ClusterFile> files, CancellationToken cancellation)
    {
        var rows = await transaction.QueryAsync(
            "SELECT name, definition FROM orchestration.clusters WHERE tenant = $1 AND name = ANY($2) AND definition IS NOT NULL",
            [transaction.Tenant, files.Select(f => f.Name).ToArray()],
            row => (Name: row.GetString(0), Json: row.GetString(1)),
            cancellation);
        return rows.ToDictionary(r => r.Name, r => ClusterDefinition.Read(r.Json), StringComparer.Ordinal);
    }

    private ClusterPlan Plan(ClusterReading reading, ClusterSet set, IReadOnlyList<string>? tools)
    {
        var file = reading.File!;
        string[] given = [.. modelStore.Given, .. ModelReferences.Of(file).Where(modelStore.IsOfCatalog)];
        return ClusterPlan.Make(file, set.AgentsFor(file), set.ModelsFor(file), given, tools, behaviours, reading.Problems);
    }

    private static void CheckNames(List<ClusterReading> readings)
    {
        foreach (var twice in readings.GroupBy(r => r.File!.Name).Where(g => g.Key.Length > 0))
        {
            foreach (var reading in twice.Skip(1))
            {
                reading.Problems.Add(
                    YamlPlace.Nearest(reading.File!.Node, "metadata.name").Position, "metadata.name",
                    $"the cluster '{twice.Key}' is in {twice.First().Source} already; a cluster is one file");
            }
        }
    }

    private async Task<ApplyClusterResponse> WriteAsync(
        TenantTransaction transaction, string principal, ClusterFile file, ClusterPlan plan, string content, CancellationToken cancellation)
    {
        var response = new ApplyClusterResponse { Cluster = file.Name };
        if (await WriteClusterAsync(transaction, file, content, cancellation) is { } change)
        {
            response.Changes.Add(change);
        }

        foreach (var model in plan.Models)
        {
            response.Changes.Add(await WriteAsync(transaction, file.Name, model, cancellation));
        }

        foreach (var agent in plan.Agents)
        {
            response.Changes.Add(await WriteAsync(transaction, file.Name, principal, agent, cancellation));
        }

        response.Notices.Add(PlanNotices.Of(file, plan));
        return response;
    }

    private static Task<List<StoredModel>> ModelsAsync(TenantTransaction transaction, CancellationToken cancellation) => transaction.QueryAsync(
        "SELECT name, cluster, definition FROM orchestration.models WHERE tenant = $1 ORDER BY name",
        [transaction.Tenant],
        row => new StoredModel(row.GetString(0), row.TextOrNull(1), ModelDefinition.FromJson(row.GetString(2))),
        cancellation);

    private async Task<Change> WriteAsync(TenantTransaction transaction, string cluster, ModelChange change, CancellationToken cancellation)
    {
        const string upsert = """
            INSERT INTO orchestration.models (tenant, name, cluster, definition, updated_at) VALUES ($1, $2, $3, $4::jsonb, $5)
            ON CONFLICT (tenant, name) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at
            """;
        const string delete = "DELETE FROM orchestration.models WHERE tenant = $1 AND name = $2";
        await (change switch
        {
            { Action: Action.Unchanged } => Task.CompletedTask,
            { Definition: null } => transaction.ExecuteAsync(delete, [transaction.Tenant, change.Name], cancellation),
            { Definition: var definition } => transaction.ExecuteAsync(
                upsert, [transaction.Tenant, change.Name, cluster, definition.ToJson(), time.GetStoredNow()], cancellation),
        });
        return new Change { Action = change.Action, Kind = "model", Name = change.Name, Diff = PlanDiff.Of(change) };
    }

    private async Task<Change> WriteAsync(
        TenantTransaction transaction, string cluster, string principal, AgentChange change, CancellationToken cancellation)
    {
        var version = change switch
        {
            { Action: Action.Unchanged } => change.Current!,
            { Definition: null } => await writer.SetStatusAsync(transaction, change.Current!, AgentStatus.Archived, principal, cancellation),
            { Current: null } => await writer.InsertAsync(transaction, change.Definition, AgentStatus.Active, cluster, principal, cancellation),
            _ => await UpdateAsync(transaction, change.Current, change.Definition, principal, cancellation),
        };
        return new Change { Action = change.Action, Kind = "agent", Name = change.Name, Version = version.Version, Diff = PlanDiff.Of(change) };
    }

    /// <summary>An agent that comes back into its file becomes active again; any other status is the operator's and stays.</summary>
    private async Task<AgentVersion> UpdateAsync(
        TenantTransaction transaction, AgentVersion current, AgentDefinition definition, string principal, CancellationToken cancellation)
    {
        if (current.Status == AgentStatus.Archived)
        {
            current = await writer.SetStatusAsync(transaction, current, AgentStatus.Active, principal, cancellation);
        }

        return current.Definition.Equals(definition) ? current : await writer.AddVersionAsync(transaction, current, definition, principal, cancellation);
    }

    /// <summary>What changes of what the file says of the cluster as a whole; null when nothing does, or nothing was known of it.</summary>
    private async Task<Change?> WriteClusterAsync(TenantTransaction transaction, ClusterFile file, string content, CancellationToken cancellation)
    {
        const string stored = "SELECT definition FROM orchestration.clusters WHERE tenant = $1 AND name = $2";
        const string upsert = """
            INSERT INTO orchestration.clusters (tenant, name, content_hash, applied_at, definition) VALUES ($1, $2, $3, $4, $5::jsonb)
            ON CONFLICT (tenant, name) DO UPDATE
            SET content_hash = excluded.content_hash, applied_at = excluded.applied_at, definition = excluded.definition
            """;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        var before = await transaction.QueryAsync(stored, [transaction.Tenant, file.Name], row => row.TextOrNull(0), cancellation);
        await transaction.ExecuteAsync(upsert, [transaction.Tenant, file.Name, hash, time.GetStoredNow(), file.Definition.Write()], cancellation);
        var wanted = file.Definition.WithoutTools();
        return before is [{ } json] && ClusterDefinition.Read(json).WithoutTools() is var known && !known.IsSame(wanted)
            ? new Change { Action = Action.Updated, Kind = "cluster", Name = file.Name, Diff = PlanDiff.Of(file.Name, known, wanted) }
            : null;
    }
}
