using Minion.Contracts.Orchestration.V1;
using Minion.Data;

namespace Minion.Orchestration.Agents;

/// <summary>Writes agents and their versions, within the caller's transaction.</summary>
internal sealed class AgentWriter(TimeProvider time)
{
    public async Task<AgentVersion> InsertAsync(
        TenantTransaction transaction, AgentDefinition definition, AgentStatus status, string? cluster, CancellationToken cancellation)
    {
        const string insert = """
            INSERT INTO orchestration.agents (tenant, id, name, status, version, cluster, search, created_at, updated_at)
            VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $7)
            """;
        var now = time.GetStoredNow();
        var agent = new AgentVersion(Guid.CreateVersion7(now), definition.Name, 1, status, definition, cluster, now, now);
        await transaction.ExecuteAsync(
            insert, [transaction.Tenant, agent.AgentId, agent.Name, status.ToText(), cluster, SearchText(definition), now], cancellation);
        await InsertVersionAsync(transaction, agent, cancellation);
        return agent;
    }

    /// <summary>Makes <paramref name="definition"/> the next version of <paramref name="current"/>, whose row the transaction has locked.</summary>
    public async Task<AgentVersion> AddVersionAsync(
        TenantTransaction transaction, AgentVersion current, AgentDefinition definition, CancellationToken cancellation)
    {
        const string update = """
            UPDATE orchestration.agents SET version = $3, search = $4, updated_at = $5 WHERE tenant = $1 AND id = $2
            """;
        var next = current with { Version = current.Version + 1, Definition = definition, UpdatedAt = time.GetStoredNow() };
        await InsertVersionAsync(transaction, next, cancellation);
        await transaction.ExecuteAsync(
            update, [transaction.Tenant, next.AgentId, next.Version, SearchText(definition), next.UpdatedAt], cancellation);
        return next;
    }

    public async Task<AgentVersion> SetStatusAsync(
        TenantTransaction transaction, AgentVersion current, AgentStatus status, CancellationToken cancellation)
    {
        const string update = "UPDATE orchestration.agents SET status = $3, updated_at = $4 WHERE tenant = $1 AND id = $2";
        var changed = current with { Status = status, UpdatedAt = time.GetStoredNow() };
        await transaction.ExecuteAsync(update, [transaction.Tenant, changed.AgentId, status.ToText(), changed.UpdatedAt], cancellation);
        return changed;
    }

    /// <summary>Takes the agent out of use; its versions stay for the runs that refer to them. False when there is no such agent.</summary>
    public async Task<bool> DeleteAsync(TenantTransaction transaction, string name, CancellationToken cancellation)
    {
        const string update = """
            UPDATE orchestration.agents SET deleted_at = $3, updated_at = $3 WHERE tenant = $1 AND name = $2 AND deleted_at IS NULL
            """;
        return await transaction.ExecuteAsync(update, [transaction.Tenant, name, time.GetStoredNow()], cancellation) > 0;
    }

    private static Task InsertVersionAsync(TenantTransaction transaction, AgentVersion version, CancellationToken cancellation)
    {
        const string insert = """
            INSERT INTO orchestration.agent_versions (tenant, agent_id, version, definition, hash, created_at)
            VALUES ($1, $2, $3, $4::jsonb, $5, $6)
            """;
        return transaction.ExecuteAsync(
            insert,
            [transaction.Tenant, version.AgentId, version.Version, AgentJson.Write(version.Definition), AgentJson.Hash(version.Definition), version.UpdatedAt],
            cancellation);
    }

    private static string SearchText(AgentDefinition definition) =>
        string.Join('\n', [definition.Name, definition.Description, .. definition.Capabilities]).ToLowerInvariant();
}
