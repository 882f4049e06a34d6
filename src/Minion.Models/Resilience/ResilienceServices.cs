using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Minion.Models.Resilience;

internal static class ResilienceServices
{
    /// <summary>Adds what watches over models and callers: circuits, the probe of broken endpoints, bulkheads and rate limits.</summary>
    public static IServiceCollection AddResilience(this IServiceCollection services)
    {
        services.AddOptions<ResilienceOptions>().BindConfiguration("Models:Resilience").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RateLimitOptions>().BindConfiguration("Models:RateLimits").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(host => host.GetRequiredService<IOptions<ResilienceOptions>>().Value);
        services.AddSingleton(host => host.GetRequiredService<IOptions<RateLimitOptions>>().Value);
        services.AddSingleton<Upstreams>();
        services.AddSingleton<CircuitBreaking>();
        services.AddSingleton<Bulkhead>();
        services.AddSingleton<Quotas>();
        services.AddSingleton<LocalRateCounters>();
        services.AddSingleton<IRateCounters>(host => new SharedRateCounters(
            host.GetService<IConnectionMultiplexer>,
            host.GetRequiredService<LocalRateCounters>(),
            host.GetRequiredService<RateLimitOptions>(),
            host.GetRequiredService<MinionTelemetry>(),
            host.GetRequiredService<TimeProvider>(),
            host.GetRequiredService<ILogger<ModelGateway>>()));
        services.AddSingleton<RateLimiting>();
        services.AddHostedService<EndpointProbe>();
        return services;
    }
}
