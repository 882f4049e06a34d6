using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Minion.Cli.Schedules;

/// <summary>Durations as people write them: <c>30s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
internal static partial class Durations
{
    public static Option<string?> Option(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "duration" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && Parse(given) is null)
            {
                result.AddError($"'{given}' is not a duration such as 30s, 5m, 1h30m or 2d.");
            }
        });
        return option;
    }

    public static Duration? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text) || Form().Match(text) is not { Success: true } match)
        {
            return null;
        }

        return Duration.FromTimeSpan(new TimeSpan(Part("d"), Part("h"), Part("m"), Part("s")));

        int Part(string unit) => match.Groups[unit].Success ? int.Parse(match.Groups[unit].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    public static string Format(Duration duration)
    {
        var time = duration.ToTimeSpan();
        (int Value, string Unit)[] parts = [(time.Days, "d"), (time.Hours, "h"), (time.Minutes, "m"), (time.Seconds, "s")];
        var text = string.Concat(parts.Where(p => p.Value > 0).Select(p => $"{p.Value}{p.Unit}"));
        return text.Length == 0 ? "0s" : text;
    }

    [GeneratedRegex(@"^(?=.)(?:(?<d>\d{1,5})d)?(?:(?<h>\d{1,6})h)?(?:(?<m>\d{1,6})m)?(?:(?<s>\d{1,8})s)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
