using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Faults;
using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Sections;
using Minion.Yaml;

namespace Minion.Orchestration.Schedules;

/// <summary>Reads one entry of <c>schedules</c> of a cluster file. The keys are the fields of the proto.</summary>
internal static class ScheduleReader
{
    /// <summary>The section of the file.</summary>
    public const string Key = "schedules";

    private const string TimeForm = "must be a time such as 2026-01-31T08:00:00Z or 2026-01-31T08:00+01:00";

    public static ScheduleDefinition Read(MapReader reader, Problems problems)
    {
        var definition = new ScheduleDefinition
        {
            Name = reader.RequiredText("name", TextRules.NameForm),
            Description = reader.Text("description"),
            Agent = reader.RequiredText("agent", "the agent, or team, that runs"),
            Input = reader.RequiredText("input", "what it is to do"),
            TimeZone = reader.Text("time_zone"),
            SessionId = reader.Text("session"),
            OwnSession = Section.OneOf(reader, "own_session", problems, "true", "false") == "true",
            Priority = (int)(reader.Whole("priority", -100, 100) ?? 0),
            MaxMissed = (int)(reader.Whole("max_missed", 1, ScheduleRules.MostMissed) ?? 0),
            Missed = Section.OneOf(reader, "missed", problems, "skip", "once", "all") is { Length: > 0 } missed ? System.Enum.Parse<MissedPolicy>(missed, ignoreCase: true) : default,
            Overlap = Section.OneOf(reader, "overlap", problems, "skip", "queue", "allow") is { Length: > 0 } overlap ? System.Enum.Parse<OverlapPolicy>(overlap, ignoreCase: true) : default,
            StartsAt = Time(reader, "starts_at", problems),
            EndsAt = Time(reader, "ends_at", problems),
        };
        var isRead = ReadWhen(reader, definition, problems);
        reader.Done();
        var violations = new Violations();
        ScheduleRules.Check(definition, "", violations);
        foreach (var violation in violations.Fields)
        {
            // What is missing altogether was noted by the reader, except when nothing says when.
            var key = violation.Field == "session_id" ? "session" : violation.Field;
            if (key == "cron" ? isRead : reader.Map.Find(key) is not null)
            {
                problems.AddUnder(reader.Map, key, violation.Message.TrimEnd('.'));
            }
        }

        return definition;
    }

    /// <summary>False when what says when is wrong in itself.</summary>
    private static bool ReadWhen(MapReader reader, ScheduleDefinition definition, Problems problems)
    {
        var cron = reader.Text("cron");
        var every = reader.Duration("every", ScheduleRules.LeastInterval, ScheduleRules.MostInterval);
        var at = Time(reader, "at", problems);
        var delay = reader.Duration("delay", TimeSpan.Zero, ScheduleRules.MostDelay);
        string[] given = [.. new[] { "cron", "every", "at", "delay" }.Where(k => reader.Map.Find(k) is not null)];
        if (given.Length > 1)
        {
            problems.AddUnder(reader.Map, given[1], $"does not go with {given[0]}: only one of cron, every, at and delay says when");
            return false;
        }

        if (cron.Length > 0)
        {
            definition.Cron = cron;
        }
        else if (every is { } interval)
        {
            definition.Every = Duration.FromTimeSpan(interval);
        }
        else if (at is not null)
        {
            definition.At = at;
        }
        else if (delay is { } pause)
        {
            definition.Delay = Duration.FromTimeSpan(pause);
        }
        else
        {
            return given.Length == 0;
        }

        return true;
    }

    private static Timestamp? Time(MapReader reader, string key, Problems problems)
    {
        var text = reader.Text(key);
        if (text.Length == 0)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return Timestamp.FromDateTimeOffset(time);
        }

        problems.AddUnder(reader.Map, key, $"{TimeForm}, not {Quoted.Of(text)}");
        return null;
    }
}
