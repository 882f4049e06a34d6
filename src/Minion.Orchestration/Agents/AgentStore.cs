using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Orchestration.Agents.Versions;
using Npgsql;

namespace Minion.Orchestration.Agents;

/// <summary>Reads agents and their versions.</summary>
internal sealed class AgentStore(
    [FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource api,
    [FromKeyedServices(DatabaseRoles.Engine)] NpgsqlDataSource engine,
    AgentVersionCache cache)
{
    private const string AfterDefinition = """
        a.cluster, a.created_at, CASE WHEN v.version = a.version THEN a.updated_at ELSE v.created_at END, a.revision, a.version, a.traffic, v.principal,
        a.max_runs, EXISTS (SELECT FROM orchestration.run_limits l WHERE l.tenant = a.tenant AND l.agent_id = a.id)
        """;

    private const string Columns = $"a.id, a.name, v.version, a.status, v.definition, {AfterDefinition}";

    private const string Joined = """
        orchestration.agents a JOIN orchestration.agent_versions v ON v.tenant = a.tenant AND v.agent_id = a.id
        """;

    /// <summary>What the version was when this process last asked for it: perhaps not what it is now. Null when it has not asked.</summary>
    public AgentVersion? Guess(string tenant, string name, int version) => cache.Guess(tenant, name, version);

    /// <summary>
    /// The version of an agent that is not deleted; 0 means the current one. Always asks the database, in one round trip, because status and current
    /// version may change at any time; the definition travels only when this process does not have it.
    /// </summary>
    public async Task<AgentVersion?> FindVersionAsync(string tenant, string name, int version, CancellationToken cancellation)
    {
        const string query = $"""
            SELECT a.id, a.name, v.version, a.status, CASE WHEN a.id = $4 AND v.version = $5 THEN NULL ELSE v.definition END, {AfterDefinition}
            FROM {Joined} AND v.version = CASE WHEN $3 = 0 THEN a.version ELSE $3 END
            WHERE a.tenant = $1 AND a.name = $2 AND a.deleted_at IS NULL
            """;
        var known = cache.Guess(tenant, name, version);
        var found = await api.QueryAsync(
            tenant, query, [tenant, name, version, known?.AgentId ?? Guid.Empty, known?.Version ?? 0], row => Read(row, known), cancellation);
        if (found is not [var current])
        {
            return null;
        }

        cache.Keep(tenant, current);
        cache.KeepGuess(tenant, version, current);
        return current;
    }

    /// <summary>The version that a run started with, also when its agent is deleted since. Usually from memory.</summary>
    public async ValueTask<AgentVersion?> FindVersionAsync(string tenant, Guid agentId, int version, CancellationToken cancellation)
    {
        if (cache.Find(tenant, agentId, version) is { } known)
        {
            return known;
        }

        const string query = $"SELECT {Columns} FROM {Joined} WHERE v.tenant = $1 AND v.agent_id = $2 AND v.version = $3";
        await using var command = engine.CreateCommand(query);
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = agentId });
        command.Parameters.Add(new() { Value = version });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return null;
        }

        var found = Read(reader, null);
        cache.Keep(tenant, found);
        return found;
    }

    /// <summary>The agent for what is done within a run: <paramref name="key"/> (a session or a root run) always gets the same version of the same traffic.</summary>
    public async Task<AgentVersion?> FindForAsync(string tenant, string name, string key, CancellationToken cancellation)
    {
        var current = await FindVersionAsync(tenant, name, 0, cancellation);
        return current?.Traffic is { } traffic ? await OtherVersionAsync(tenant, current, traffic.Choose(current.AgentId, key), cancellation) : current;
    }

    /// <summary>Another version of the agent that was just read. Usually from memory.</summary>
    public async Task<AgentVersion> OtherVersionAsync(string tenant, AgentVersion current, int version, CancellationToken cancellation)
    {
        if (version == current.Version)
        {
            return current;
        }

        var other = await FindVersionAsync(tenant, current.AgentId, version, cancellation) ?? throw AgentFaults.NotFound(current.Name, version);
        return current with { Version = version, Definition = other.Definition };
    }

    /// <summary>The agents after <paramref name="afterName"/> that match, in the order of their names.</summary>
    public Task<List<AgentVersion>> ListAsync(string tenant, AgentFilter filter, string afterName, int limit, CancellationToken cancellation)
    {
        const string query = $$"""
            SELECT {{Columns}}
            FROM {{Joined}} AND v.version = a.version
            WHERE a.tenant = $1 AND a.deleted_at IS NULL AND a.name COLLATE "C" > $2 COLLATE "C"
              AND ($3 = '' OR a.status = $3)
              AND ($4 = '' OR v.definition ->> 'behaviour' = $4)
              AND ($5 = '' OR v.definition -> 'capabilities' ? $5)
              AND coalesce(v.definition -> 'labels', '{}') @> $6::jsonb
              AND NOT EXISTS (SELECT FROM unnest($7::text[]) word WHERE strpos(a.search, word) = 0)
            ORDER BY a.name COLLATE "C"
            LIMIT $8
            """;
        return api.QueryAsync(
            tenant,
            query,
            [tenant, afterName, filter.Status, filter.Behaviour, filter.Capability, filter.LabelsJson, filter.Words, limit],
            row => Read(row, null),
            cancellation);
    }

    /// <summary>The versions before <paramref name="before"/>, newest first; empty when there is no such agent.</summary>
    public Task<List<AgentVersion>> ListVersionsAsync(string tenant, string name, int before, int limit, CancellationToken cancellation)
    {
        const string query = $"""
            SELECT {Columns}
            FROM {Joined}
            WHERE a.tenant = $1 AND a.name = $2 AND a.deleted_at IS NULL AND v.version < $3
            ORDER BY v.version DESC
            LIMIT $4
            """;
        return api.QueryAsync(tenant, query, [tenant, name, before, limit], row => Read(row, null), cancellation);
    }

    /// <summary>The current version within a transaction, its row locked; null when there is no such agent.</summary>
    public static async Task<AgentVersion?> LockAsync(TenantTransaction transaction, string name, CancellationToken cancellation)
    {
        const string chosen = "a.tenant = $1 AND a.name = $2 AND a.deleted_at IS NULL";
        var found = await LockAsync(transaction, chosen, [transaction.Tenant, name], cancellation);
        return found is [var current] ? current : null;
    }

    /// <summary>All agents of the tenant that are not deleted, within a transaction, locked in the order of their ids.</summary>
    public static Task<List<AgentVersion>> LockAllAsync(TenantTransaction transaction, CancellationToken cancellation) =>
        LockAsync(transaction, "a.tenant = $1 AND a.deleted_at IS NULL", [transaction.Tenant], cancellation);

    /// <summary>The current versions of a cluster's agents, within a transaction.</summary>
    public static Task<List<AgentVersion>> OfClusterAsync(TenantTransaction transaction, string cluster, CancellationToken cancellation) =>
        transaction.QueryAsync(
            $"SELECT {Columns} FROM {Joined} AND v.version = a.version WHERE a.tenant = $1 AND a.cluster = $2 AND a.deleted_at IS NULL",
            [transaction.Tenant, cluster],
            row => Read(row, null),
            cancellation);

    /// <summary>
    /// Locks first and reads in a statement of its own: one that waits for a lock looks again at the locked row only, and would join a new agent row
    /// with the version that was current before.
    /// </summary>
    private static async Task<List<AgentVersion>> LockAsync(
        TenantTransaction transaction, string chosen, object?[] values, CancellationToken cancellation)
    {
        await transaction.ExecuteAsync($"SELECT FROM orchestration.agents a WHERE {chosen} ORDER BY a.id FOR UPDATE", values, cancellation);
        return await transaction.QueryAsync(
            $"SELECT {Columns} FROM {Joined} AND v.version = a.version WHERE {chosen}", values, row => Read(row, null), cancellation);
    }

    private static AgentVersion Read(NpgsqlDataReader row, AgentVersion? known) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetInt32(2),
        AgentStatuses.Parse(row.GetString(3)),
        row.IsDBNull(4) ? known!.Definition : AgentJson.Read(row.GetString(4)),
        row.TextOrNull(5),
        row.GetFieldValue<DateTimeOffset>(6),
        row.GetFieldValue<DateTimeOffset>(7))
    {
        Revision = row.GetInt32(8),
        CurrentVersion = row.GetInt32(9),
        Traffic = TrafficSplit.Read(row.TextOrNull(10)),
        Principal = row.TextOrNull(11),
        MaxRuns = row.IsDBNull(12) ? null : row.GetInt32(12),
        IsLimited = row.GetBoolean(13),
    };
}
