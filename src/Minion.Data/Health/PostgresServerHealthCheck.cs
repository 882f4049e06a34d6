using Microsoft.Extensions.Diagnostics.HealthChecks;
using Minion.Data.Connections;
using Minion.Data.Embedded;
using Npgsql;

namespace Minion.Data.Health;

/// <summary>Healthy when the embedded server lets its login in; whether its database is migrated is for those who use it.</summary>
internal sealed class PostgresServerHealthCheck(EmbeddedPostgres postgres, IEnumerable<IDatabaseServerHealth> servers) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = servers.SelectMany(s => s.Describe()).ToDictionary();
        try
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Pooling = false, ApplicationName = "minion-health" }.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            data["version"] = await connection.ScalarAsync<string>("SELECT current_setting('server_version')", cancellationToken) ?? "";
            return servers.Select(s => s.Concern()).FirstOrDefault(c => c is not null) is { } concern
                ? HealthCheckResult.Degraded(concern, data: data)
                : HealthCheckResult.Healthy("PostgreSQL answers.", data);
        }
        catch (NpgsqlException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"PostgreSQL does not answer: {e.Message}", e, data);
        }
    }
}
