namespace Minion.Models.Money;

/// <summary>What a month will cost.</summary>
internal sealed record MonthForecast(DateOnly Starts, DateOnly Ends, decimal Spent, decimal Total);

/// <summary>Reckons the month to its end. Pure.</summary>
internal static class Forecasts
{
    private const int Days = 7;

    /// <summary>The first day whose cost is needed.</summary>
    public static DateOnly NeededFrom(DateOnly today) => Min(new DateOnly(today.Year, today.Month, 1), today.AddDays(-Days));

    /// <summary>
    /// What was spent this month, and for the time that is left the average of the last seven whole days; of as many as there are when
    /// something was first spent within them, and of today alone when it began today.
    /// </summary>
    public static MonthForecast ForMonth(IReadOnlyDictionary<DateOnly, decimal> byDay, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var starts = new DateOnly(today.Year, today.Month, 1);
        var next = starts.AddMonths(1);
        var spent = byDay.Where(d => d.Key >= starts && d.Key <= today).Sum(d => d.Value);
        var left = (decimal)(new DateTimeOffset(next, default, TimeSpan.Zero) - now).TotalDays;
        var first = byDay.Where(d => d.Key >= today.AddDays(-Days) && d.Key < today).Select(d => d.Key).DefaultIfEmpty(today).Min();
        var whole = today.DayNumber - first.DayNumber;
        var passed = (decimal)now.UtcDateTime.TimeOfDay.TotalDays;
        var rate = whole > 0
            ? byDay.Where(d => d.Key >= first && d.Key < today).Sum(d => d.Value) / whole
            : passed > 0 ? byDay.GetValueOrDefault(today) / Math.Max(passed, 1m / 24) : 0;
        return new MonthForecast(starts, next.AddDays(-1), spent, Math.Round(spent + (rate * left), 6));
    }

    private static DateOnly Min(DateOnly a, DateOnly b) => a < b ? a : b;
}
