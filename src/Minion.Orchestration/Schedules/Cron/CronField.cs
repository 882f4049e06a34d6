using System.Globalization;

namespace Minion.Orchestration.Schedules.Cron;

/// <summary>One field of an expression: what its numbers are called, between which bounds they are, and the names that stand for some.</summary>
internal sealed record CronField(string Title, int Least, int Most, string[]? Names = null)
{
    public static readonly CronField Seconds = new("seconds", 0, 59);
    public static readonly CronField Minutes = new("minutes", 0, 59);
    public static readonly CronField Hours = new("hours", 0, 23);
    public static readonly CronField DayOfMonth = new("day of month", 1, 31);
    public static readonly CronField Month = new("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]);

    /// <summary>1 is Sunday.</summary>
    public static readonly CronField DayOfWeek = new("day of week", 1, 7, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);

    public static readonly CronField Year = new("year", 1970, 2099);

    /// <summary>The numbers of a list of values, ranges and steps. What is wrong goes to <paramref name="problems"/>.</summary>
    public HashSet<int> Parse(string text, List<string> problems)
    {
        var numbers = new HashSet<int>();
        foreach (var part in text.Split(','))
        {
            AddPart(part, numbers, problems);
        }

        return numbers;
    }

    public void AddPart(string part, HashSet<int> numbers, List<string> problems)
    {
        var slash = part.IndexOf('/', StringComparison.Ordinal);
        var range = slash < 0 ? part : part[..slash];
        var step = 1;
        if (slash >= 0 && (!TryNumber(part[(slash + 1)..], out step) || step < 1 || step > Most - Least + 1))
        {
            problems.Add($"{Title}: '{part}' has no step from 1 to {Most - Least + 1} after the '/'");
            return;
        }

        if (Bounds(range, slash >= 0) is not { } bounds)
        {
            problems.Add($"{Title}: '{part}' is not {Allowed}");
            return;
        }

        var (from, to) = bounds;
        if (to < from && this == Year)
        {
            problems.Add($"{Title}: '{part}' ends before it begins");
            return;
        }

        // A range may go over the end: 22-2 hours, FRI-MON.
        var length = (to < from ? to + Most - Least + 1 : to) - from;
        for (var i = 0; i <= length; i += step)
        {
            numbers.Add(Least + (from - Least + i) % (Most - Least + 1));
        }
    }

    /// <summary>A number within the bounds, or a name.</summary>
    public bool TryValue(string text, out int value)
    {
        var named = Names is null ? -1 : Array.FindIndex(Names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = named >= 0 ? named + Least : 0;
        return named >= 0 || (TryNumber(text, out value) && value >= Least && value <= Most);
    }

    private (int From, int To)? Bounds(string range, bool hasStep)
    {
        if (range is "*" || (range.Length == 0 && hasStep))
        {
            return (Least, Most);
        }

        var dash = range.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            return TryValue(range, out var value) ? (value, hasStep ? Most : value) : null;
        }

        return TryValue(range[..dash], out var from) && TryValue(range[(dash + 1)..], out var to) ? (from, to) : null;
    }

    private string Allowed => Names is null
        ? $"a number from {Least} to {Most}, a range such as {Least}-{Least + 2}, a step such as {Least}/5, '*', or a list of those"
        : $"a number from {Least} to {Most}, a name from {Names[0]} to {Names[^1]}, a range, a step, '*', or a list of those";

    internal static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && text.Length <= 4;
}
