using System.Globalization;
using System.Text.RegularExpressions;

namespace Minion.Yaml;

/// <summary>Durations as people write them: <c>30ms</c>, <c>60s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
public static partial class DurationText
{
    /// <summary>What a message says that is wanted.</summary>
    public const string Examples = "a duration such as 30s, 5m, 1h30m or 2d";

    /// <summary>Null when <paramref name="text"/> is not a duration, or longer than ten million days.</summary>
    public static TimeSpan? Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return null;
        }

        var total = Part("d") * 86_400_000 + Part("h") * 3_600_000 + Part("m") * 60_000 + Part("s") * 1000 + Part("ms");
        return TimeSpan.FromMilliseconds((double)total);

        decimal Part(string unit) =>
            match.Groups[unit].Success ? decimal.Parse(match.Groups[unit].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>The shortest form that <see cref="Parse"/> reads back.</summary>
    public static string Format(TimeSpan duration)
    {
        (string Unit, long Value)[] parts =
        [
            ("d", duration.Days), ("h", duration.Hours), ("m", duration.Minutes), ("s", duration.Seconds), ("ms", duration.Milliseconds),
        ];
        var text = string.Concat(parts.Where(p => p.Value != 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Value}{p.Unit}")));
        return text.Length == 0 ? "0s" : text;
    }

    [GeneratedRegex(@"^(?:(?<d>\d{1,7})d)?(?:(?<h>\d{1,7})h)?(?:(?<m>\d{1,7})m)?(?:(?<s>\d{1,7}(?:\.\d{1,3})?)s)?(?:(?<ms>\d{1,7})ms)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
