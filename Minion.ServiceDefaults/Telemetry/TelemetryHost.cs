using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Minion.ServiceDefaults.Telemetry.Prometheus;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Minion.ServiceDefaults.Telemetry;

/// <summary>Runs OpenTelemetry from before the first service starts until after the last one stopped, and then sends what is left.</summary>
internal sealed class TelemetryHost(
    TelemetrySettings settings, PrometheusExporter prometheus, IConfiguration configuration, ILogger<TelemetryHost> logger)
    : IHostedLifecycleService, IDisposable
{
    private const int FlushMilliseconds = 5_000;
    private OpenTelemetrySdk? _sdk;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _sdk = OpenTelemetrySdk.Create(builder =>
        {
            builder.Services.AddSingleton(configuration);
            builder.ConfigureResource(settings.Describe);
            builder.WithTracing(Trace);
            builder.WithMetrics(Measure);
        });
        if (settings.Exports)
        {
            logger.TelemetryExported(settings.Endpoint!);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (settings.Exports)
        {
            _sdk?.TracerProvider.ForceFlush(FlushMilliseconds);
            _sdk?.MeterProvider.ForceFlush(FlushMilliseconds);
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _sdk?.Dispose();

    private void Trace(TracerProviderBuilder tracing)
    {
        if (!settings.Exports)
        {
            return;
        }

        tracing.AddSource(TelemetrySettings.Sources).AddProcessor(new QuietSpans()).AddOtlpExporter();
    }

    private void Measure(MeterProviderBuilder metrics)
    {
        metrics.AddMeter(TelemetrySettings.Meters).AddReader(new BaseExportingMetricReader(prometheus));
        if (settings.Exports)
        {
            metrics.AddOtlpExporter();
        }
    }
}
