using System.Text;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs;
using Minion.Orchestration.Schedules.Cron;
using Minion.Yaml;
using When = Minion.Contracts.Orchestration.V1.ScheduleDefinition.WhenOneofCase;

namespace Minion.Orchestration.Schedules;

/// <summary>What a definition has to keep to, wherever it comes from.</summary>
internal static class ScheduleRules
{
    public const int MostMissed = 1000;
    public static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MostInterval = TimeSpan.FromDays(366);
    public static readonly TimeSpan MostDelay = TimeSpan.FromDays(3660);

    /// <summary>What an input may refer to.</summary>
    public static readonly string[] InputNames = ["fired_at", "scheduled_at", "schedule", "number"];

    private const int LongestDescription = 2000;

    public static void Check(ScheduleDefinition definition, string prefix, Violations violations)
    {
        violations.Check(TextRules.IsName(definition.Name), prefix + "name", $"{Quoted.Of(definition.Name)} is not a name: {TextRules.NameForm}.");
        violations.Check(TextRules.IsName(definition.Agent), prefix + "agent", definition.Agent.Length == 0 ? "is missing: the agent that runs." : $"{Quoted.Of(definition.Agent)} is not an agent's name.");
        CheckInput(definition.Input, prefix + "input", violations);
        TextRules.CheckText(definition.Description, LongestDescription, prefix + "description", violations);
        CheckWhen(definition, prefix, violations);
        violations.Check(definition.Priority is >= -100 and <= 100, prefix + "priority", $"must be from -100 to 100, not {definition.Priority}.");
        violations.Check(definition.MaxMissed is >= 0 and <= MostMissed, prefix + "max_missed", $"must be from 1 to {MostMissed:N0}, or 0 for 100, not {definition.MaxMissed}.");
        violations.Check(System.Enum.IsDefined(definition.Missed), prefix + "missed", "must be skip, once or all.");
        violations.Check(System.Enum.IsDefined(definition.Overlap), prefix + "overlap", "must be skip, queue or allow.");
        violations.Check(definition.SessionId.Length == 0 || Guid.TryParse(definition.SessionId, out _), prefix + "session_id", "is not a session's id (a UUID).");
        violations.Check(definition.SessionId.Length == 0 || !definition.OwnSession, prefix + "own_session", "does not go with session_id: it is one or the other.");
        var areTimes = CheckTime(definition.StartsAt, prefix + "starts_at", violations) & CheckTime(definition.EndsAt, prefix + "ends_at", violations);
        if (areTimes && definition is { StartsAt: { } start, EndsAt: { } end })
        {
            violations.Check(start.ToDateTimeOffset() <= end.ToDateTimeOffset(), prefix + "ends_at", "is before starts_at.");
        }
    }

    private static void CheckInput(string input, string field, Violations violations)
    {
        violations.Check(input.Length > 0, field, "is missing: say what to do.");
        violations.Check(Encoding.UTF8.GetByteCount(input) <= RunRequests.MaxInputBytes, field, "has more than 1 MiB.");
        TextRules.CheckStorable(input, field, violations);
        foreach (var name in InputTemplate.Unknown(input, InputNames).Take(5))
        {
            violations.Add(field, $"refers to {{{{{name}}}}}; there are {string.Join(", ", InputNames.Select(n => $"{{{{{n}}}}}"))}.");
        }
    }

    private static void CheckWhen(ScheduleDefinition definition, string prefix, Violations violations)
    {
        switch (definition.WhenCase)
        {
            case When.Cron:
                var problems = new List<string>();
                var cron = CronExpression.Parse(definition.Cron, problems);
                problems.ForEach(p => violations.Add(prefix + "cron", p + "."));
                violations.Check(
                    cron is null || problems.Count > 0 || new ZonedCron(cron, TimeZoneInfo.Utc).Next(DateTimeOffset.UnixEpoch) is not null,
                    prefix + "cron",
                    $"{Quoted.Of(definition.Cron)} names no day that there is: it would never come.");
                TextRules.CheckStorable(definition.Cron, prefix + "cron", violations);
                break;
            case When.Every:
                CheckDuration(definition.Every, LeastInterval, MostInterval, prefix + "every", "must be from 1 second to 366 days.", violations);
                break;
            case When.At:
                CheckTime(definition.At, prefix + "at", violations);
                break;
            case When.Delay:
                CheckDuration(definition.Delay, TimeSpan.Zero, MostDelay, prefix + "delay", "must be from nothing to 3,660 days.", violations);
                break;
            default:
                violations.Add(prefix + "cron", "is missing: one of cron, every, at and delay says when.");
                break;
        }

        violations.Check(
            ScheduleTimes.Zone(definition.TimeZone) is not null && definition.TimeZone.Length <= 100,
            prefix + "time_zone",
            $"{Quoted.Of(definition.TimeZone)} is not an IANA time zone, such as Europe/Berlin.");
        violations.Check(definition.TimeZone.Length == 0 || definition.WhenCase == When.Cron, prefix + "time_zone", "is for cron only.");
    }

    private static void CheckDuration(Duration duration, TimeSpan least, TimeSpan most, string field, string message, Violations violations) =>
        violations.Check(
            duration.Nanos is >= 0 and < 1_000_000_000 && duration.Seconds >= (long)least.TotalSeconds && duration.Seconds <= (long)most.TotalSeconds, field, message);

    /// <summary>Timestamps of protobuf go from year 1 to 9999; a schedule needs less.</summary>
    public static bool CheckTime(Timestamp? time, string field, Violations violations) => violations.Check(
        time is null || (time.Nanos is >= 0 and < 1_000_000_000 && time.Seconds is >= 0 and < 4_102_444_800), field, "must be a time from 1970 to 2099.");
}
