using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Minion.ServiceDefaults.Telemetry.Prometheus;

/// <summary>Collects when it is asked, and keeps the text of the last collection.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private volatile string _text = "";

    /// <summary>Set by the reader that this exporter is given to.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics of this moment. Scrapes at the same time share one collection.</summary>
    public string Scrape()
    {
        Collect?.Invoke(Timeout.Infinite);
        return _text;
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        _text = PrometheusText.Write(MetricReading.Read(batch));
        return ExportResult.Success;
    }
}
