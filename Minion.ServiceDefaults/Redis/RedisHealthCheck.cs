using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Minion.ServiceDefaults.Redis;

/// <summary>Whether Redis answers, and what is slower while it does not.</summary>
internal sealed class RedisHealthCheck(RedisConnection connection) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(connection.DownSince is { } since
            ? HealthCheckResult.Degraded(
                $"Redis does not answer ({connection.Trouble}). Nothing is lost: other processes are woken through the database, and who watches a run there sees finished entries only.",
                data: new Dictionary<string, object> { ["since"] = since.ToString("O") })
            : HealthCheckResult.Healthy("Redis answers."));
}
