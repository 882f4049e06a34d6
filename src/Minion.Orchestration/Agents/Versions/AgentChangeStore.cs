using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using Minion.Contracts.Orchestration.V1;
using Minion.Data;
using Npgsql;

namespace Minion.Orchestration.Agents.Versions;

/// <summary>What was done to agents, and by whom.</summary>
internal sealed class AgentChangeStore([FromKeyedServices(DatabaseRoles.Orchestration)] NpgsqlDataSource database)
{
    public const string Created = "created";
    public const string Version = "version";
    public const string Activated = "activated";
    public const string Traffic = "traffic";
    public const string Status = "status";
    public const string Scaled = "scaled";
    public const string Deleted = "deleted";

    /// <summary>Adds a change within the transaction that makes it.</summary>
    public static Task AddAsync(
        TenantTransaction transaction, AgentVersion agent, string principal, string kind, string detail, DateTimeOffset at, CancellationToken ct) =>
        transaction.ExecuteAsync(
            """
            INSERT INTO orchestration.agent_changes (tenant, agent_id, id, at, principal, kind, version, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [transaction.Tenant, agent.AgentId, Guid.CreateVersion7(at), at, principal, kind, agent.Version, detail],
            ct);

    /// <summary>The changes before <paramref name="before"/>, newest first, each with its id.</summary>
    public Task<List<(Guid Id, AgentChange Change)>> ListAsync(string tenant, string name, Guid before, int limit, CancellationToken ct) =>
        database.QueryAsync(
            tenant,
            """
            SELECT c.id, c.at, c.principal, c.kind, c.version, c.detail
            FROM orchestration.agents a JOIN orchestration.agent_changes c ON c.tenant = a.tenant AND c.agent_id = a.id
            WHERE a.tenant = $1 AND a.name = $2 AND a.deleted_at IS NULL AND c.id < $3
            ORDER BY c.id DESC LIMIT $4
            """,
            [tenant, name, before, limit],
            row => (row.GetGuid(0), new AgentChange
            {
                At = Timestamp.FromDateTimeOffset(row.GetFieldValue<DateTimeOffset>(1)),
                Principal = row.GetString(2),
                Kind = row.GetString(3),
                Version = row.GetInt32(4),
                Detail = row.GetString(5),
            }),
            ct);
}
