using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Minion.Server.Health;

/// <summary>
/// Whether the tool service in another process answers. Without it this one still works: calls to tools fail as results that the
/// model sees, so it is degraded, not unhealthy.
/// </summary>
internal sealed class ToolsHealth(Grpc.Health.V1.Health.HealthClient client, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var deadline = (time.GetUtcNow() + Patience).UtcDateTime;
            var answer = await client.CheckAsync(new HealthCheckRequest(), deadline: deadline, cancellationToken: cancellationToken);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? HealthCheckResult.Healthy("The tool service answers.")
                : HealthCheckResult.Degraded("The tool service is not ready.");
        }
        catch (RpcException e)
        {
            return HealthCheckResult.Degraded($"The tool service does not answer: {e.Status.Detail}", e);
        }
    }
}

/// <summary>Registers it.</summary>
internal static class ToolsHealthRegistration
{
    public static void AddToolsHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddGrpcClient<Grpc.Health.V1.Health.HealthClient>(client => client.Address = new Uri("http://_grpc.tools")).AddServiceDiscovery();
        builder.Services.AddHealthChecks().AddCheck<ToolsHealth>("tools", HealthStatus.Degraded, ["ready"]);
    }
}
