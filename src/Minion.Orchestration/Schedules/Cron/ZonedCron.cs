namespace Minion.Orchestration.Schedules.Cron;

/// <summary>
/// An expression in a time zone. Where the clock is put forward, a time of day that does not exist fires at the moment of the change, once; where it is put
/// back, a time of day that comes twice fires the first time. An expression that repeats over the hours (<c>0 */30 * * * ?</c>) keeps its rhythm
/// instead: times that do not exist are left out, and times that come twice fire twice.
/// </summary>
internal sealed class ZonedCron(CronExpression expression, TimeZoneInfo zone)
{
    private static readonly TimeSpan Hop = TimeSpan.FromDays(1);

    /// <summary>The first time after <paramref name="after"/>; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var start = after.UtcDateTime.AddTicks(TimeSpan.TicksPerSecond - after.UtcTicks % TimeSpan.TicksPerSecond);
        var next = expression.RepeatsOverHours ? NextOfRhythm(start) : NextOfDay(start);
        return next is { } utc ? new DateTimeOffset(utc) : null;
    }

    /// <summary>The first at <paramref name="from"/> (UTC) or later.</summary>
    private DateTime? NextOfDay(DateTime from)
    {
        // A time that does not exist belongs to the moment of the change, and is before it on the wall.
        var wall = expression.Next(Wall(from.AddSeconds(-1)));
        while (wall is { } time)
        {
            var utc = ToUtc(time);
            if (utc >= from)
            {
                return utc;
            }

            wall = expression.Next(time.AddSeconds(1));
        }

        return null;
    }

    private DateTime? NextOfRhythm(DateTime from)
    {
        while (true)
        {
            var offset = zone.GetUtcOffset(from);
            if (expression.Next(Wall(from)) is not { } wall)
            {
                return null;
            }

            var utc = DateTime.SpecifyKind(wall - offset, DateTimeKind.Utc);
            if (zone.GetUtcOffset(utc) == offset)
            {
                return utc;
            }

            from = Change(from, utc);
        }
    }

    private DateTime ToUtc(DateTime wall)
    {
        if (zone.IsInvalidTime(wall))
        {
            var before = DateTime.SpecifyKind(wall, DateTimeKind.Utc) - Hop;
            return Change(before, DateTime.SpecifyKind(wall, DateTimeKind.Utc) - zone.GetUtcOffset(before));
        }

        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return DateTime.SpecifyKind(wall - offset, DateTimeKind.Utc);
    }

    /// <summary>The first moment after <paramref name="from"/>, and not after <paramref name="to"/>, at which the offset is another one.</summary>
    private DateTime Change(DateTime from, DateTime to)
    {
        var offset = zone.GetUtcOffset(from);
        while (from + Hop < to && zone.GetUtcOffset(from + Hop) == offset)
        {
            from += Hop;
        }

        var (same, other) = (from, from + Hop < to ? from + Hop : to);
        while (other - same > TimeSpan.FromSeconds(1))
        {
            var middle = same.AddSeconds(Math.Floor((other - same).TotalSeconds / 2));
            (same, other) = zone.GetUtcOffset(middle) == offset ? (middle, other) : (same, middle);
        }

        return other;
    }

    private DateTime Wall(DateTime utc) => DateTime.SpecifyKind(utc + zone.GetUtcOffset(utc), DateTimeKind.Unspecified);
}
