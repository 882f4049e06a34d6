using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.ServiceDefaults.Redis;

/// <summary>Registers Redis.</summary>
public static class RedisRegistration
{
    /// <summary>
    /// Registers <see cref="RedisHints"/>, and, where <c>ConnectionStrings:redis</c> is set, the connection behind it with the health check
    /// <c>redis</c> (degraded at worst: everything works without it).
    /// </summary>
    /// <param name="builder">The host.</param>
    public static IHostApplicationBuilder AddRedisHints(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => new RedisHints(
            provider.GetService<RedisConnection>(),
            provider.GetRequiredService<IOptions<RedisOptions>>(),
            provider.GetRequiredService<MinionTelemetry>(),
            provider.GetRequiredService<TimeProvider>()));
        if (builder.Configuration.GetConnectionString(RedisOptions.ConnectionName) is not { Length: > 0 })
        {
            return builder;
        }

        services.AddOptions<RedisOptions>().BindConfiguration(RedisOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddRedisClient(
            RedisOptions.ConnectionName,
            settings =>
            {
                // A check that fails would make the process unready; a span for each hint would cost more than the hint.
                settings.DisableHealthChecks = true;
                settings.DisableTracing = true;

                // Connecting blocks for as long as Redis does not answer: the connection does that on a thread of its own.
                settings.DisableAutoActivation = true;
            },
            options =>
            {
                options.AbortOnConnectFail = false;
                options.ConnectTimeout = 2_000;
                options.ClientName = "minion";
            });
        services.AddSingleton<RedisConnection>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
        services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis", HealthStatus.Degraded, ["ready"]);
        return builder;
    }
}
