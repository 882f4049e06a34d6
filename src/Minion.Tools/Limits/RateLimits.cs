using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Npgsql;

namespace Minion.Tools.Limits;

/// <summary>How often a tenant calls a tool, in all processes together.</summary>
internal interface IRateLimits
{
    /// <summary>Counts a call. Null when it may be made, else how long until the next one may.</summary>
    Task<TimeSpan?> TakeAsync(string tenant, string tool, ToolRate rate, CancellationToken cancellationToken);
}

/// <summary>
/// Rates in <c>tools.rates</c>, by the database's clock. Source: generic cell rate algorithm, ITU-T I.371, as a virtual schedule: one row says when the
/// next call would be due if they came evenly, and calls may come as early as a whole period allows.
/// </summary>
internal sealed class RateLimits([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database) : IRateLimits
{
    private const string Take =
        """
        INSERT INTO tools.rates AS r (tenant, tool, due_at) VALUES ($1, $2, clock_timestamp() + $3)
        ON CONFLICT (tenant, tool) DO UPDATE SET due_at = greatest(r.due_at, clock_timestamp()) + $3
        WHERE r.due_at + $3 <= clock_timestamp() + $4
        """;

    private const string Wait = "SELECT due_at + $2 - $3 - clock_timestamp() FROM tools.rates WHERE tool = $1";

    public async Task<TimeSpan?> TakeAsync(string tenant, string tool, ToolRate rate, CancellationToken cancellationToken)
    {
        var interval = rate.Period / rate.Calls;
        await using var batch = database.CreateTenantBatch(tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Take)
        {
            Parameters = { new() { Value = tenant }, new() { Value = tool }, new() { Value = interval }, new() { Value = rate.Period } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Wait) { Parameters = { new() { Value = tool }, new() { Value = interval }, new() { Value = rate.Period } } });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        if (batch.BatchCommands[1].RecordsAffected > 0)
        {
            return null;
        }

        return await reader.ReadAsync(cancellationToken) && reader.GetTimeSpan(0) is { Ticks: > 0 } wait ? wait : TimeSpan.FromSeconds(1);
    }
}
