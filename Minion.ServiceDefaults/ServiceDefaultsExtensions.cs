using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Minion.ServiceDefaults.Callers;
using Minion.ServiceDefaults.Faults;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.ServiceDefaults;

/// <summary>What every host of Minion has, in one call each.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds telemetry, health, drain, gRPC with one way to fail, and the gate that decides who may call.</summary>
    /// <param name="builder">The host under construction.</param>
    /// <param name="serviceName">The <c>service.name</c> of the telemetry unless OTEL_SERVICE_NAME is set.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, string serviceName)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<MinionTelemetry>();
        services.AddSingleton<FaultWriter>();
        services.AddCallers(builder.Configuration);
        services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<FaultInterceptor>();
            grpc.Interceptors.Add<CallerInterceptor>();
        });
        return builder;
    }

    /// <summary>Maps /health, /alive, /ready, /metrics and the gRPC health service, behind the gate.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.UseMiddleware<FaultMiddleware>();
        app.UseMiddleware<GateMiddleware>();
        return app;
    }
}
