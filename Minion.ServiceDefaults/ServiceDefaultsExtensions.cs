using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Minion.ServiceDefaults.Callers;
using Minion.ServiceDefaults.Drain;
using Minion.ServiceDefaults.Faults;
using Minion.ServiceDefaults.Health;
using Minion.ServiceDefaults.Logs;
using Minion.ServiceDefaults.Telemetry;
using Minion.ServiceDefaults.Telemetry.Prometheus;

namespace Minion.ServiceDefaults;

/// <summary>What every host of Minion has, in one call each.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds logs, telemetry, health, drain, gRPC with one way to fail, and the gate that decides who may call.</summary>
    /// <param name="builder">The host under construction; call this before anything that adds hosted services.</param>
    /// <param name="serviceName">The <c>service.name</c> of the telemetry unless OTEL_SERVICE_NAME is set.</param>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder, string serviceName)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddLogs();
        builder.AddTelemetry(serviceName);
        builder.Services.AddDrain();
        builder.Services.AddHealth();
        builder.Services.AddCallers(builder.Configuration);
        builder.Services.AddFaults();
        return builder;
    }

    /// <summary>
    /// Puts the gate before everything that the host serves, and maps /health, /alive, /ready, /metrics and the gRPC health service. Call it
    /// before other middleware.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<QuietMiddleware>();
        app.UseMiddleware<DrainMiddleware>();
        app.UseMiddleware<FaultMiddleware>();
        app.UseMiddleware<GateMiddleware>();
        app.MapHealth();
        app.MapGet(Paths.Metrics, (PrometheusExporter exporter) => TypedResults.Text(exporter.Scrape(), PrometheusText.ContentType))
            .DisableHttpMetrics();
        return app;
    }
}
