using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Agents.Versions;

/// <summary>Compares versions, chooses which one new runs get, and says how many runs there are at once.</summary>
internal sealed class AgentVersioning(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database, AgentStore agents, AgentWriter writer, TimeProvider time)
{
    public async Task<DiffAgentVersionsResponse> DiffAsync(string tenant, DiffAgentVersionsRequest request, CancellationToken ct)
    {
        var from = await FindAsync(tenant, request.Name, request.FromVersion, ct);
        var to = await FindAsync(tenant, request.Name, request.ToVersion, ct);
        var (fromYaml, toYaml) = (AgentYaml.Text(from.Definition), AgentYaml.Text(to.Definition));
        return new DiffAgentVersionsResponse
        {
            FromVersion = from.Version,
            ToVersion = to.Version,
            Diff = UnifiedDiff.Of(fromYaml, toYaml, $"{from.Name} version {from.Version}", $"{to.Name} version {to.Version}"),
            FromYaml = fromYaml,
            ToYaml = toYaml,
        };
    }

    public async Task<AgentVersion> ActivateAsync(Caller caller, string name, int number, CancellationToken ct)
    {
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, ct);
        var current = await LockAsync(transaction, name, ct);
        var version = current.Version == number ? current : await FindAsync(caller.Tenant, name, number, ct);
        if (current.Version == number && current.Traffic is null)
        {
            return current;
        }

        var activated = await writer.ActivateAsync(transaction, current, version, caller.Principal, ct);
        await transaction.CommitAsync(ct);
        return activated;
    }

    public async Task<AgentVersion> SetTrafficAsync(Caller caller, string name, TrafficSplit? traffic, CancellationToken ct)
    {
        const string known = "SELECT version FROM orchestration.agent_versions WHERE tenant = $1 AND agent_id = $2 AND version = ANY ($3)";
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, ct);
        var current = await LockAsync(transaction, name, ct);
        int[] wanted = [.. traffic?.Shares.Select(s => s.Version) ?? []];
        var found = await transaction.QueryAsync(known, [caller.Tenant, current.AgentId, wanted], row => row.GetInt32(0), ct);
        if (wanted.Except(found).ToList() is [var missing, ..])
        {
            throw AgentFaults.NotFound(name, missing);
        }

        if (current.Traffic?.ToJson() == traffic?.ToJson())
        {
            return current;
        }

        var changed = await writer.SetTrafficAsync(transaction, current, traffic, caller.Principal, ct);
        await transaction.CommitAsync(ct);
        return changed;
    }

    /// <summary>What holds from now on; 0 for no limit.</summary>
    public async Task<int> ScaleAgentAsync(Caller caller, string name, int? most, CancellationToken ct)
    {
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, ct);
        var current = await LockAsync(transaction, name, ct);
        if (current.MaxRuns != most)
        {
            await writer.SetMaxRunsAsync(transaction, current, most, caller.Principal, ct);
            await transaction.CommitAsync(ct);
        }

        return most ?? current.Definition.Concurrency;
    }

    /// <summary>What holds from now on for the agents of a cluster together; 0 for no limit.</summary>
    public async Task<int> ScaleClusterAsync(Caller caller, string cluster, int? most, CancellationToken ct)
    {
        const string update = """
            UPDATE orchestration.clusters SET max_runs = $3 WHERE tenant = $1 AND name = $2
            RETURNING coalesce((definition -> 'resource_policy' ->> 'max_concurrent_runs')::int, 0)
            """;
        await using var transaction = await database.BeginTenantAsync(caller.Tenant, ct);
        var declared = await transaction.QueryAsync(update, [caller.Tenant, cluster, most ?? (object)DBNull.Value], row => row.GetInt32(0), ct);
        if (declared is not [var policy])
        {
            throw Fault.NotFound("cluster", cluster, "'minion export' lists the clusters.");
        }

        await RunLimitWriter.RefreshAsync(transaction, agent: null, ct);
        var detail = most switch { null => "as the file says", 0 => "no limit", _ => $"{most} at once" };
        foreach (var agent in (await AgentStore.LockAllAsync(transaction, ct)).Where(a => a.Cluster == cluster && a.Status != AgentStatus.Archived))
        {
            await AgentChangeStore.AddAsync(
                transaction, agent, caller.Principal, AgentChangeStore.Scaled, $"the cluster {cluster}: {detail}", time.GetStoredNow(), ct);
        }

        await transaction.CommitAsync(ct);
        return most ?? policy;
    }

    private async Task<AgentVersion> FindAsync(string tenant, string name, int version, CancellationToken ct) =>
        await agents.FindVersionAsync(tenant, name, version, ct) ?? throw AgentFaults.NotFound(name, version);

    private static async Task<AgentVersion> LockAsync(TenantTransaction transaction, string name, CancellationToken ct)
    {
        var current = await AgentStore.LockAsync(transaction, name, ct) ?? throw AgentFaults.NotFound(name);
        return current.Status == AgentStatus.Archived ? throw AgentFaults.Archived(name) : current;
    }
}
