using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults.Telemetry.Prometheus;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace Minion.ServiceDefaults.Telemetry;

internal static class TelemetryServices
{
    public static void AddTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        var settings = TelemetrySettings.From(serviceName, builder.Configuration);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<PrometheusExporter>();
        builder.Services.AddSingleton<MinionTelemetry>();
        builder.Services.AddHostedService<TelemetryHost>();
        if (settings.Exports)
        {
            builder.Logging.AddOpenTelemetry(logs =>
            {
                var resource = ResourceBuilder.CreateDefault();
                settings.Describe(resource);
                logs.SetResourceBuilder(resource);
                logs.IncludeFormattedMessage = true;
                logs.AddOtlpExporter();
            });
        }
    }
}
