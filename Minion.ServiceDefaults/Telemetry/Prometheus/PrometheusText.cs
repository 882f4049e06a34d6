using System.Globalization;
using System.Text;

namespace Minion.ServiceDefaults.Telemetry.Prometheus;

/// <summary>The text exposition format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var family in families)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ');
            AppendEscaped(text, family.Help, quotes: false);
            text.Append("\n# TYPE ").Append(family.Name).Append(' ').Append(TypeName(family.Type)).Append('\n');
            foreach (var sample in family.Samples)
            {
                AppendSample(text, family.Name, sample);
            }
        }

        return text.ToString();
    }

    /// <summary>A number as Go's ParseFloat reads it back unchanged.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void AppendSample(StringBuilder text, string family, Sample sample)
    {
        text.Append(family).Append(sample.Suffix);
        var separator = '{';
        foreach (var (name, value) in sample.Labels)
        {
            text.Append(separator).Append(name).Append("=\"");
            AppendEscaped(text, value, quotes: true);
            text.Append('"');
            separator = ',';
        }

        if (separator == ',')
        {
            text.Append('}');
        }

        text.Append(' ').Append(Number(sample.Value)).Append('\n');
    }

    private static void AppendEscaped(StringBuilder text, string value, bool quotes)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '"' when quotes => text.Append("\\\""),
                _ => text.Append(c),
            };
        }
    }

    private static string TypeName(FamilyType type) => type switch
    {
        FamilyType.Counter => "counter",
        FamilyType.Histogram => "histogram",
        _ => "gauge",
    };
}
