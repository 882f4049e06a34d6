using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.Tools.Execution;
using Minion.Tools.Registry;
using Npgsql;

namespace Minion.Tools.Policies;

/// <summary>Approvals that hold for further calls.</summary>
internal interface IGivenApprovals
{
    /// <summary>Whether the agent's calls of the tool, as it is now, were approved before.</summary>
    Task<bool> HasAsync(ToolRequest request, RegisteredTool tool, CancellationToken cancellationToken);

    /// <summary>Notes that they are from now on.</summary>
    Task AddAsync(ToolRequest request, RegisteredTool tool, CancellationToken cancellationToken);
}

/// <summary>Approvals in <c>tools.approvals</c>.</summary>
internal sealed class GivenApprovals([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, TimeProvider time) : IGivenApprovals
{
    private const string Has = "SELECT EXISTS (SELECT FROM tools.approvals WHERE tool = $1 AND hash = $2 AND agent = $3)";

    private const string Add =
        """
        INSERT INTO tools.approvals (tenant, tool, hash, agent, approved_by, run_id, approved_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING
        """;

    public async Task<bool> HasAsync(ToolRequest request, RegisteredTool tool, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(request.Caller.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Has)
        {
            Parameters = { new() { Value = tool.Description.Name }, new() { Value = tool.Hash }, new() { Value = request.Origin.Proven.Agent } },
        });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetBoolean(0);
    }

    public async Task AddAsync(ToolRequest request, RegisteredTool tool, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(request.Caller.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Add)
        {
            Parameters =
            {
                new() { Value = request.Caller.Tenant },
                new() { Value = tool.Description.Name },
                new() { Value = tool.Hash },
                new() { Value = request.Origin.Proven.Agent },
                new() { Value = request.Caller.Principal },
                new() { Value = (object?)request.Origin.Proven.RunId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid },
                new() { Value = time.GetUtcNow() },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
