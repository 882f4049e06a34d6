namespace Minion.ServiceDefaults.Telemetry.Prometheus;

/// <summary>Metrics of one name: what the exposition format calls a family.</summary>
internal sealed record MetricFamily(string Name, FamilyType Type, string Help, IReadOnlyList<Sample> Samples);

/// <summary>The types of the exposition format that Minion writes.</summary>
internal enum FamilyType
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One line.</summary>
/// <param name="Suffix">What comes after the family's name, for example <c>_bucket</c>.</param>
/// <param name="Labels">Names as they are written, values unescaped.</param>
/// <param name="Value">The value.</param>
internal sealed record Sample(string Suffix, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value);
