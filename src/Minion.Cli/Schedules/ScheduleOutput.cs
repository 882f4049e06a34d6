using Google.Protobuf.WellKnownTypes;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;
using When = Minion.Contracts.Orchestration.V1.ScheduleDefinition.WhenOneofCase;

namespace Minion.Cli.Schedules;

/// <summary>Schedules as the command line shows them.</summary>
internal static class ScheduleOutput
{
    public static readonly string[] Headings = ["name", "agent", "when", "status", "next", "fired", "last failure"];

    public static string[] Row(Schedule schedule) =>
    [
        schedule.Definition.Name, schedule.Definition.Agent, Times(schedule.Definition), Phrases.Word(schedule.Status), Time(schedule.NextAt),
        Phrases.Count(schedule.Fired), Phrases.Short(schedule.LastFailure, 60),
    ];

    /// <summary>What a verb has made of a schedule.</summary>
    public static int Changed(Invocation invocation, Schedule schedule, string done)
    {
        if (invocation.Json)
        {
            invocation.Terminal.Document(schedule);
        }
        else
        {
            var next = schedule.NextAt is null ? Phrases.Word(schedule.Status) : $"next {Time(schedule.NextAt)}";
            invocation.Terminal.Out.WriteLine($"{done}: {schedule.Definition.Name} ({schedule.Definition.Agent}), {next}");
        }

        return ExitCodes.Ok;
    }

    public static void Details(Terminal terminal, Schedule schedule, IEnumerable<Fire> fires)
    {
        var definition = schedule.Definition;
        terminal.Properties(
            ("name", definition.Name),
            ("id", schedule.Id),
            ("agent", definition.Agent),
            ("when", Times(definition)),
            ("status", Phrases.Word(schedule.Status)),
            ("next", Time(schedule.NextAt)),
            ("input", definition.Input),
            ("session", definition.OwnSession ? "its own" : definition.SessionId),
            ("missed", definition.Missed == MissedPolicy.Unspecified ? "" : Phrases.Word(definition.Missed)),
            ("overlap", definition.Overlap == OverlapPolicy.Unspecified ? "" : Phrases.Word(definition.Overlap)),
            ("cluster", schedule.Cluster),
            ("description", definition.Description));
        terminal.Out.WriteLine();
        terminal.Table(
            ["time", "status", "run", "reason"],
            fires.Select(f => new[] { Time(f.At) + (f.Triggered ? " (triggered)" : ""), Phrases.Word(f.Status), f.RunId, f.Reason }),
            "No time was reached yet.");
    }

    public static string Time(Timestamp? time) => time is null ? "" : time.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss'Z'");

    private static string Times(ScheduleDefinition definition) => definition.WhenCase switch
    {
        When.Cron => definition.TimeZone.Length > 0 ? $"{definition.Cron} ({definition.TimeZone})" : definition.Cron,
        When.Every => $"every {Durations.Format(definition.Every)}",
        When.At => $"at {Time(definition.At)}",
        _ => $"after {Durations.Format(definition.Delay)}",
    };
}
