using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Minion.ServiceDefaults.Telemetry;

namespace Minion.Models.Tests.Cache;

/// <summary>What was counted, as <c>result reason</c>.</summary>
internal sealed class CacheTelemetry : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _counted = new();

    public CacheTelemetry()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        Telemetry = new MinionTelemetry(meters, TimeProvider.System);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == TelemetryNames.ModelCache && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var map = tags.ToArray().ToDictionary(t => t.Key, t => t.Value);
            _counted.Enqueue($"{map[TelemetryNames.Result]} {map[TelemetryNames.Reason]}");
        });
        _listener.Start();
    }

    public MinionTelemetry Telemetry { get; }

    public IReadOnlyList<string> Counted => [.. _counted];

    public void Dispose()
    {
        _listener.Dispose();
        Telemetry.Dispose();
        _services.Dispose();
    }
}
