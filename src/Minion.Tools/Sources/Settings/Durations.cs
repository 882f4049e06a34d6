using System.Globalization;

namespace Minion.Tools.Sources.Settings;

/// <summary>Times as people write them: <c>500ms</c>, <c>10s</c>, <c>2m</c>, <c>1h</c>, or a number of seconds.</summary>
internal static class Durations
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>The time, or null when it is none.</summary>
    public static TimeSpan? Read(string text)
    {
        var (unit, seconds) = Units.FirstOrDefault(unit => text.EndsWith(unit.Unit, StringComparison.Ordinal), ("", 1));
        return double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * seconds < 1e9
            ? TimeSpan.FromSeconds(number * seconds)
            : null;
    }

    public static string Write(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => $"{time.TotalMilliseconds:0.###}ms",
        { TotalMinutes: < 1 } => $"{time.TotalSeconds:0.###}s",
        _ => $"{time.TotalMinutes:0.###}m",
    };
}
