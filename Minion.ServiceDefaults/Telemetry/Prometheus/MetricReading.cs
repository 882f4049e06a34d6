using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Minion.ServiceDefaults.Telemetry.Prometheus;

/// <summary>Reads what the SDK collected into families.</summary>
internal static class MetricReading
{
    public static IReadOnlyList<MetricFamily> Read(in Batch<Metric> batch)
    {
        var families = new Dictionary<string, Building>();
        foreach (var metric in batch)
        {
            if (TypeOf(metric.MetricType) is { } type)
            {
                var name = PrometheusNames.Family(metric.Name, metric.Unit ?? "", type, metric.MeterName == TelemetryNames.Source);
                if (!families.TryGetValue(name, out var family))
                {
                    families[name] = family = new Building(type, metric.Description ?? "");
                }

                family.Add(metric, type);
            }
        }

        return [.. families.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Build(pair.Key))];
    }

    private static FamilyType? TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => FamilyType.Counter,
        MetricType.Histogram => FamilyType.Histogram,
        MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic => FamilyType.Gauge,
        _ => null,
    };

    private static double Value(MetricType type, MetricPoint point) => type switch
    {
        MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
        MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        _ => point.GetGaugeLastValueDouble(),
    };

    private static List<KeyValuePair<string, string>> Labels(MetricPoint point)
    {
        var labels = new List<KeyValuePair<string, string>>(point.Tags.Count);
        foreach (var (key, value) in point.Tags)
        {
            var name = PrometheusNames.Label(key);
            var text = Text(value);
            var same = labels.FindIndex(label => label.Key == name);
            if (same < 0)
            {
                labels.Add(new(name, text));
            }
            else
            {
                labels[same] = new(name, $"{labels[same].Value};{text}");
            }
        }

        labels.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return labels;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string text => text,
        IEnumerable<object?> many => string.Join(",", many.Select(Text)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>A family under construction: one type, each set of labels once (two meters may carry the same instrument).</summary>
    private sealed class Building(FamilyType type, string help)
    {
        private readonly List<Sample> _samples = [];
        private readonly HashSet<string> _seen = [];

        public void Add(Metric metric, FamilyType typeOfMetric)
        {
            if (typeOfMetric != type)
            {
                return;
            }

            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                var labels = Labels(point);
                if (!_seen.Add(string.Join('\u0001', labels.Select(label => $"{label.Key}\u0002{label.Value}"))))
                {
                    continue;
                }

                if (type == FamilyType.Histogram)
                {
                    AddHistogram(point, labels);
                }
                else
                {
                    _samples.Add(new Sample("", labels, Value(metric.MetricType, point)));
                }
            }
        }

        public MetricFamily Build(string name) => new(name, type, help, _samples);

        private void AddHistogram(MetricPoint point, List<KeyValuePair<string, string>> labels)
        {
            long below = 0;
            foreach (var bucket in point.GetHistogramBuckets())
            {
                below += bucket.BucketCount;
                _samples.Add(new Sample("_bucket", [.. labels, new("le", PrometheusText.Number(bucket.ExplicitBound))], below));
            }

            _samples.Add(new Sample("_sum", labels, point.GetHistogramSum()));
            _samples.Add(new Sample("_count", labels, below));
        }
    }
}
