namespace Minion.ServiceDefaults.Telemetry.Prometheus;

/// <summary>
/// From OpenTelemetry's names to Prometheus' (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/). Minion's own
/// metrics keep their names, which say their unit already; only what Prometheus does not allow in a name becomes an underscore.
/// </summary>
internal static class PrometheusNames
{
    public static string Family(string name, string unit, FamilyType type, bool isOwn)
    {
        var family = Sanitize(name, colons: true);
        if (isOwn)
        {
            return family;
        }

        var suffix = UnitSuffix(unit);
        if (suffix.Length > 0 && !family.EndsWith(suffix, StringComparison.Ordinal))
        {
            family += suffix;
        }

        return type == FamilyType.Counter && !family.EndsWith("_total", StringComparison.Ordinal) ? family + "_total" : family;
    }

    public static string Label(string name) => Sanitize(name, colons: false);

    private static string Sanitize(string name, bool colons)
    {
        var clean = string.Create(name.Length, (name, colons), static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                var c = source.name[i];
                target[i] = char.IsAsciiLetterOrDigit(c) || c == '_' || c == ':' && source.colons ? c : '_';
            }
        });
        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private static string UnitSuffix(string unit) => unit switch
    {
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "us" => "_microseconds",
        "ns" => "_nanoseconds",
        "By" => "_bytes",
        "KiBy" => "_kibibytes",
        "MiBy" => "_mebibytes",
        "%" => "_percent",
        _ => "",
    };
}
