using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Npgsql;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Orchestration.Clusters;

/// <summary>Makes a tenant's agents and models what a file says, in one transaction. Files of one tenant are applied one after the other.</summary>
internal sealed class ClusterApplier(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database,
    AgentWriter writer,
    ModelStore modelStore,
    ToolNames toolNames,
    BehaviourRegistry behaviours,
    TimeProvider time,
    ILogger<ClusterApplier> log)
{
    /// <exception cref="Fault">The file has errors, or contradicts what the tenant has; nothing was changed.</exception>
    public async Task<ApplyClusterResponse> ApplyAsync(string tenant, ApplyClusterRequest request, CancellationToken cancellation)
    {
        var reading = ClusterFileReader.Read(request.Content, request.Source, request.Environment, behaviours);
        if (reading.File is not { } file)
        {
            throw ClusterFault.Of(reading);
        }

        var tools = file.Agents.Any(a => a.Definition.Tools.Count > 0) ? await toolNames.AllAsync(tenant, cancellation) : null;
        await using var transaction = await database.BeginTenantAsync(tenant, cancellation);
        await transaction.ExecuteAsync("SELECT pg_advisory_xact_lock(hashtextextended('minion.apply ' || $1, 0))", [tenant], cancellation);
        var agents = await AgentStore.LockAllAsync(transaction, cancellation);
        var models = await ModelsAsync(transaction, cancellation);
        var plan = ClusterPlan.Make(file, agents, models, [.. modelStore.Given, .. ModelReferences.Of(file).Where(modelStore.IsOfCatalog)], tools, behaviours, reading.Problems);
        if (reading.Problems.Any)
        {
            throw ClusterFault.Of(reading);
        }

        var response = new ApplyClusterResponse { Cluster = file.Name };
        try
        {
            foreach (var change in plan.Models)
            {
                response.Changes.Add(await WriteAsync(transaction, file.Name, change, cancellation));
            }

            foreach (var change in plan.Agents)
            {
                response.Changes.Add(await WriteAsync(transaction, file.Name, change, cancellation));
            }

            await WriteClusterAsync(transaction, file.Name, request.Content, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new Fault(StatusCode.Aborted, "CONFLICT", "Somebody created an agent of the same name while the file was applied; nothing was changed.", "Apply it again.");
        }

        if (!request.DryRun)
        {
            await transaction.CommitAsync(cancellation);
            log.ClusterApplied(file.Name, tenant, response.Changes.Count(c => c.Action != Action.Unchanged), response.Changes.Count);
        }

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
        return new Change { Action = change.Action, Kind = "model", Name = change.Name };
    }

    private async Task<Change> WriteAsync(TenantTransaction transaction, string cluster, AgentChange change, CancellationToken cancellation)
    {
        var version = change switch
        {
            { Action: Action.Unchanged } => change.Current!,
            { Definition: null } => await writer.SetStatusAsync(transaction, change.Current!, AgentStatus.Archived, cancellation),
            { Current: null } => await writer.InsertAsync(transaction, change.Definition, AgentStatus.Active, cluster, cancellation),
            _ => await UpdateAsync(transaction, change.Current, change.Definition, cancellation),
        };
        return new Change { Action = change.Action, Kind = "agent", Name = change.Name, Version = version.Version };
    }

    /// <summary>An agent that comes back into its file becomes active again; any other status is the operator's and stays.</summary>
    private async Task<AgentVersion> UpdateAsync(
        TenantTransaction transaction, AgentVersion current, AgentDefinition definition, CancellationToken cancellation)
    {
        if (current.Status == AgentStatus.Archived)
        {
            current = await writer.SetStatusAsync(transaction, current, AgentStatus.Active, cancellation);
        }

        return current.Definition.Equals(definition) ? current : await writer.AddVersionAsync(transaction, current, definition, cancellation);
    }

    private Task WriteClusterAsync(TenantTransaction transaction, string name, string content, CancellationToken cancellation)
    {
        const string upsert = """
            INSERT INTO orchestration.clusters (tenant, name, content_hash, applied_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (tenant, name) DO UPDATE SET content_hash = excluded.content_hash, applied_at = excluded.applied_at
            """;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        return transaction.ExecuteAsync(upsert, [transaction.Tenant, name, hash, time.GetStoredNow()], cancellation);
    }
}
