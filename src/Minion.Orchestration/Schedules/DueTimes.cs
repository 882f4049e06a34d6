using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Schedules;

/// <summary>What is to be done at a moment: the times that fire now, and the time after them.</summary>
internal sealed record DueTimes(IReadOnlyList<DateTimeOffset> Fire, DateTimeOffset? Next)
{
    private const int DefaultMaxMissed = 100;

    /// <summary>
    /// The times from <paramref name="next"/> to <paramref name="now"/>, both included. Those that are late by more than the tolerance were missed, and the
    /// policy decides. Because the time after them is computed from now, none is fired twice when the clock is set back.
    /// </summary>
    public static DueTimes Of(ScheduleTimes times, ScheduleDefinition definition, DateTimeOffset next, DateTimeOffset now, TimeSpan tolerance)
    {
        var late = now - tolerance;
        var fire = next < late ? Last(times, next, late, Kept(definition)) : [];
        for (var time = next < late ? times.After(late.AddTicks(-1)) : next; time <= now; time = times.After(time.Value))
        {
            fire.Add(time.Value);
        }

        return new DueTimes(fire, times.After(now));
    }

    private static int Kept(ScheduleDefinition definition) => definition.Missed switch
    {
        MissedPolicy.All => definition.MaxMissed == 0 ? DefaultMaxMissed : definition.MaxMissed,
        MissedPolicy.Once => 1,
        MissedPolicy.Unspecified when definition.WhenCase is ScheduleDefinition.WhenOneofCase.At or ScheduleDefinition.WhenOneofCase.Delay => 1,
        _ => 0,
    };

    /// <summary>
    /// The last ones from <paramref name="from"/> on, before <paramref name="end"/>. Looks back further and further, so that years without a server do
    /// not cost a look at each second of them.
    /// </summary>
    private static List<DateTimeOffset> Last(ScheduleTimes times, DateTimeOffset from, DateTimeOffset end, int count)
    {
        for (var window = TimeSpan.FromMinutes(1); count > 0; window *= 2)
        {
            var start = end - from > window ? end - window : from;
            var last = new Queue<DateTimeOffset>();
            for (var time = times.After(start.AddTicks(-1)); time < end; time = times.After(time.Value))
            {
                last.Enqueue(time.Value);
                if (last.Count > count)
                {
                    last.Dequeue();
                }
            }

            if (last.Count == count || start == from)
            {
                return [.. last];
            }
        }

        return [];
    }
}
