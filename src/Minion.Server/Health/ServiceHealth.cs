using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Minion.Server.Health;

/// <summary>
/// Whether a service in another process answers. Without it this one still works: calls to tools fail as results that the model sees,
/// models answer without agents. So it is degraded, not unhealthy.
/// </summary>
internal sealed class ServiceHealth(Grpc.Health.V1.Health.HealthClient client, string service, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var deadline = (time.GetUtcNow() + Patience).UtcDateTime;
            var answer = await client.CheckAsync(new HealthCheckRequest(), deadline: deadline, cancellationToken: cancellationToken);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? HealthCheckResult.Healthy($"The service {service} answers.")
                : HealthCheckResult.Degraded($"The service {service} is not ready.");
        }
        catch (RpcException e)
        {
            return HealthCheckResult.Degraded($"The service {service} does not answer: {e.Status.Detail}", e);
        }
    }
}

/// <summary>Registers it.</summary>
internal static class ServiceHealthRegistration
{
    /// <param name="builder">The host.</param>
    /// <param name="service">The name that the service is found by; one for each process.</param>
    public static void AddServiceHealth(this IHostApplicationBuilder builder, string service)
    {
        builder.Services.AddGrpcClient<Grpc.Health.V1.Health.HealthClient>(client => client.Address = new Uri($"http://_grpc.{service}")).AddServiceDiscovery();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            service,
            provider => new ServiceHealth(provider.GetRequiredService<Grpc.Health.V1.Health.HealthClient>(), service, provider.GetRequiredService<TimeProvider>()),
            HealthStatus.Degraded,
            ["ready"]));
    }
}
