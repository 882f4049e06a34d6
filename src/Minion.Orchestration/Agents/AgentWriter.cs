using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Minion.Orchestration.Agents.Versions;

namespace Minion.Orchestration.Agents;

/// <summary>Writes agents and their versions in the name of a principal, within the caller's transaction. Every change is recorded.</summary>
internal sealed class AgentWriter(TimeProvider time)
{
    public async Task<AgentVersion> InsertAsync(
        TenantTransaction transaction, AgentDefinition definition, AgentStatus status, string? cluster, string principal, CancellationToken cancellation)
    {
        const string insert = """
            INSERT INTO orchestration.agents (tenant, id, name, status, version, cluster, search, created_at, updated_at)
            VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $7)
            """;
        var now = time.GetStoredNow();
        var agent = new AgentVersion(Guid.CreateVersion7(now), definition.Name, 1, status, definition, cluster, now, now) { Principal = principal };
        await transaction.ExecuteAsync(
            insert, [transaction.Tenant, agent.AgentId, agent.Name, status.ToText(), cluster, SearchText(definition), now], cancellation);
        await InsertVersionAsync(transaction, agent, cancellation);
        await RecordAsync(transaction, agent, AgentChangeStore.Created, status.ToText(), cancellation);
        return agent;
    }

    /// <summary>Makes <paramref name="definition"/> the next version of <paramref name="current"/>, whose row the transaction has locked.</summary>
    public async Task<AgentVersion> AddVersionAsync(
        TenantTransaction transaction, AgentVersion current, AgentDefinition definition, string principal, CancellationToken cancellation)
    {
        // After an older version was activated, the last one is not the current one.
        const string last = "SELECT max(version) FROM orchestration.agent_versions WHERE tenant = $1 AND agent_id = $2";
        var number = (await transaction.QueryAsync(last, [transaction.Tenant, current.AgentId], row => row.GetInt32(0), cancellation)).Single() + 1;
        var next = current with
        {
            Version = number,
            CurrentVersion = number,
            Definition = definition,
            UpdatedAt = time.GetStoredNow(),
            Principal = principal,
        };
        await InsertVersionAsync(transaction, next, cancellation);
        await SetCurrentAsync(transaction, next, cancellation);
        await RecordAsync(transaction, next, AgentChangeStore.Version, $"after {current.Version}", cancellation);
        return next;
    }

    /// <summary>Makes <paramref name="version"/> the current one with all traffic; <paramref name="current"/> is, and its row is locked.</summary>
    public async Task<AgentVersion> ActivateAsync(
        TenantTransaction transaction, AgentVersion current, AgentVersion version, string principal, CancellationToken cancellation)
    {
        var activated = version with { CurrentVersion = version.Version, Traffic = null, UpdatedAt = time.GetStoredNow() };
        await SetCurrentAsync(transaction, activated, cancellation);
        await SetTrafficAsync(transaction, activated, null, cancellation);
        await RecordAsync(transaction, activated with { Principal = principal }, AgentChangeStore.Activated, $"instead of {current.Version}", cancellation);
        return activated;
    }

    /// <summary>Divides new runs among versions; null gives all to the current one.</summary>
    public async Task<AgentVersion> SetTrafficAsync(
        TenantTransaction transaction, AgentVersion current, TrafficSplit? traffic, string principal, CancellationToken cancellation)
    {
        var changed = current with { Traffic = traffic, UpdatedAt = time.GetStoredNow() };
        await SetTrafficAsync(transaction, changed, traffic, cancellation);
        await RecordAsync(
            transaction, changed with { Principal = principal }, AgentChangeStore.Traffic, traffic?.ToString() ?? $"{current.Version}=100", cancellation);
        return changed;
    }

    public async Task<AgentVersion> SetStatusAsync(
        TenantTransaction transaction, AgentVersion current, AgentStatus status, string principal, CancellationToken cancellation)
    {
        const string update = "UPDATE orchestration.agents SET status = $3, updated_at = $4 WHERE tenant = $1 AND id = $2";
        var changed = current with { Status = status, UpdatedAt = time.GetStoredNow() };
        await transaction.ExecuteAsync(update, [transaction.Tenant, changed.AgentId, status.ToText(), changed.UpdatedAt], cancellation);
        await RecordAsync(
            transaction, changed with { Principal = principal }, AgentChangeStore.Status, $"{current.Status.ToText()} → {status.ToText()}", cancellation);
        return changed;
    }

    /// <summary>Sets how many of its runs are executed at once: 0 for no limit, null for what the definition says.</summary>
    public async Task<AgentVersion> SetMaxRunsAsync(
        TenantTransaction transaction, AgentVersion current, int? most, string principal, CancellationToken cancellation)
    {
        const string update = "UPDATE orchestration.agents SET max_runs = $3, updated_at = $4 WHERE tenant = $1 AND id = $2";
        var changed = current with { MaxRuns = most, UpdatedAt = time.GetStoredNow() };
        await transaction.ExecuteAsync(update, [transaction.Tenant, changed.AgentId, most ?? (object)DBNull.Value, changed.UpdatedAt], cancellation);
        await RunLimitWriter.RefreshAsync(transaction, changed.AgentId, cancellation);
        var detail = most switch { null => "as the definition says", 0 => "no limit", _ => $"{most} at once" };
        await RecordAsync(transaction, changed with { Principal = principal }, AgentChangeStore.Scaled, detail, cancellation);
        return changed;
    }

    /// <summary>Takes the agent, whose row is locked, out of use; its versions stay for the runs that refer to them.</summary>
    public async Task DeleteAsync(TenantTransaction transaction, AgentVersion current, string principal, CancellationToken cancellation)
    {
        const string update = "UPDATE orchestration.agents SET deleted_at = $3, updated_at = $3 WHERE tenant = $1 AND id = $2";
        await transaction.ExecuteAsync(update, [transaction.Tenant, current.AgentId, time.GetStoredNow()], cancellation);
        await RunLimitWriter.RefreshAsync(transaction, current.AgentId, cancellation);
        await RecordAsync(transaction, current with { Principal = principal }, AgentChangeStore.Deleted, "", cancellation);
    }

    private static async Task SetCurrentAsync(TenantTransaction transaction, AgentVersion version, CancellationToken cancellation)
    {
        const string update = "UPDATE orchestration.agents SET version = $3, search = $4, updated_at = $5 WHERE tenant = $1 AND id = $2";
        await transaction.ExecuteAsync(
            update, [transaction.Tenant, version.AgentId, version.Version, SearchText(version.Definition), version.UpdatedAt], cancellation);
        await RunLimitWriter.RefreshAsync(transaction, version.AgentId, cancellation);
    }

    private static Task SetTrafficAsync(TenantTransaction transaction, AgentVersion agent, TrafficSplit? traffic, CancellationToken cancellation) =>
        transaction.ExecuteAsync(
            "UPDATE orchestration.agents SET traffic = $3::text::jsonb, updated_at = $4 WHERE tenant = $1 AND id = $2",
            [transaction.Tenant, agent.AgentId, traffic?.ToJson(), agent.UpdatedAt],
            cancellation);

    private Task RecordAsync(TenantTransaction transaction, AgentVersion agent, string kind, string detail, CancellationToken cancellation) =>
        AgentChangeStore.AddAsync(transaction, agent, agent.Principal!, kind, detail, time.GetStoredNow(), cancellation);

    private static async Task InsertVersionAsync(TenantTransaction transaction, AgentVersion version, CancellationToken cancellation)
    {
        const string insert = """
            INSERT INTO orchestration.agent_versions (tenant, agent_id, version, definition, hash, created_at, principal)
            VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7)
            """;
        await transaction.ExecuteAsync(
            insert,
            [
                transaction.Tenant, version.AgentId, version.Version, AgentJson.Write(version.Definition), AgentJson.Hash(version.Definition), version.UpdatedAt,
                version.Principal,
            ],
            cancellation);
        if (version.Version == 1)
        {
            await RunLimitWriter.RefreshAsync(transaction, version.AgentId, cancellation);
        }
    }

    private static string SearchText(AgentDefinition definition) =>
        string.Join('\n', [definition.Name, definition.Description, .. definition.Capabilities]).ToLowerInvariant();
}
