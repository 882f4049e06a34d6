using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Schedules.Cron;

namespace Minion.Orchestration.Schedules;

/// <summary>The times of a definition that was checked.</summary>
/// <param name="definition">The definition.</param>
/// <param name="anchor">From when intervals and delays count.</param>
internal sealed class ScheduleTimes(ScheduleDefinition definition, DateTimeOffset anchor)
{
    private readonly ZonedCron? _cron = definition.WhenCase == ScheduleDefinition.WhenOneofCase.Cron
        ? new ZonedCron(CronExpression.Parse(definition.Cron, [])!, Zone(definition.TimeZone)!)
        : null;

    /// <summary>The first time after <paramref name="after"/>; null when there is none.</summary>
    public DateTimeOffset? After(DateTimeOffset after)
    {
        if (definition.StartsAt is { } start && after < start.ToDateTimeOffset())
        {
            after = start.ToDateTimeOffset().AddTicks(-1);
        }

        var next = definition.WhenCase switch
        {
            ScheduleDefinition.WhenOneofCase.Cron => _cron!.Next(after),
            ScheduleDefinition.WhenOneofCase.Every => NextOfInterval(definition.Every.ToTimeSpan(), after),
            ScheduleDefinition.WhenOneofCase.At => Once(definition.At.ToDateTimeOffset(), after),
            _ => Once(anchor + definition.Delay.ToTimeSpan(), after),
        };
        return definition.EndsAt is { } end && next > end.ToDateTimeOffset() ? null : next;
    }

    /// <summary>Null for a name that there is not.</summary>
    public static TimeZoneInfo? Zone(string name) =>
        name.Length == 0 ? TimeZoneInfo.Utc : TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    private static DateTimeOffset? Once(DateTimeOffset at, DateTimeOffset after) => at > after ? at : null;

    private DateTimeOffset NextOfInterval(TimeSpan every, DateTimeOffset after) =>
        after < anchor ? anchor + every : anchor + every * ((after - anchor).Ticks / every.Ticks + 1);
}
