using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Minion.ServiceDefaults.Health;

internal static class HealthServices
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck("process", () => HealthCheckResult.Healthy("It answers."), [HealthMonitor.LiveTag]);
        services.AddSingleton<HealthMonitor>();
        services.AddSingleton<GrpcHealthService>();
        return services;
    }
}
