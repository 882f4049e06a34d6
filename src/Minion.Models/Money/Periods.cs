namespace Minion.Models.Money;

/// <summary>The periods of budgets, as days in UTC. They only name rows: a clock that jumps changes which row is used, and breaks nothing.</summary>
internal static class Periods
{
    /// <summary>The first day of what has no end.</summary>
    public static readonly DateOnly Beginning = new(1970, 1, 1);

    /// <summary>The first day of the period that a time is in.</summary>
    public static DateOnly Start(BudgetPeriod period, DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        return period switch
        {
            BudgetPeriod.Day => day,
            BudgetPeriod.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            BudgetPeriod.Month => new DateOnly(day.Year, day.Month, 1),
            _ => Beginning,
        };
    }

    /// <summary>When the period that begins on <paramref name="start"/> is over; null for never.</summary>
    public static DateTimeOffset? End(BudgetPeriod period, DateOnly start) => period switch
    {
        BudgetPeriod.Day => AsTime(start.AddDays(1)),
        BudgetPeriod.Week => AsTime(start.AddDays(7)),
        BudgetPeriod.Month => AsTime(start.AddMonths(1)),
        _ => null,
    };

    private static DateTimeOffset AsTime(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
