using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Schedules;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class SchedulesAddVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "The schedule's name: 1 to 63 lower-case letters, digits and hyphens." };
        var agent = new Option<string>("--agent") { Description = "The agent, or team, that runs.", HelpName = "name", Required = true };
        var message = new Option<string>("--message", "-m") { Description = "What to do; {{fired_at}}, {{scheduled_at}}, {{schedule}} and {{number}} are filled in.", HelpName = "text", Required = true };
        var when = new WhenOptions();
        var missed = new Option<string?>("--missed") { Description = "What becomes of times while no server was there.", HelpName = "skip|once|all" };
        missed.AcceptOnlyFromAmong("skip", "once", "all");
        var maxMissed = new Option<int>("--max-missed") { Description = "How many of them at most, with --missed all; 100 unless given.", HelpName = "number" };
        var overlap = new Option<string?>("--overlap") { Description = "What happens while the run before still goes on.", HelpName = "skip|queue|allow" };
        overlap.AcceptOnlyFromAmong("skip", "queue", "allow");
        var session = new Option<string?>("--session") { Description = "The session that the runs are turns of.", HelpName = "id" };
        var ownSession = new Option<bool>("--own-session") { Description = "The runs are turns of a session of the schedule's own." };
        var priority = new Option<int>("--priority") { Description = "-100 to 100; higher goes first.", HelpName = "number" };
        var paused = new Option<bool>("--paused") { Description = "Adds it without starting it." };
        var command = new Command("add", "Adds a schedule: an agent runs by a cron expression, at an interval, or once.") { name, agent, message };
        foreach (var option in (IEnumerable<Option>)[.. when.All, missed, maxMissed, overlap, session, ownSession, priority, paused])
        {
            command.Add(option);
        }

        return command.Does(terminal, async (invocation, cancellation) =>
        {
            var definition = new ScheduleDefinition
            {
                Name = invocation.Get(name)!,
                Agent = invocation.Get(agent)!,
                Input = invocation.Get(message)!,
                Missed = invocation.Get(missed) is { } m ? Enum.Parse<MissedPolicy>(m, ignoreCase: true) : MissedPolicy.Unspecified,
                MaxMissed = invocation.Get(maxMissed),
                Overlap = invocation.Get(overlap) is { } o ? Enum.Parse<OverlapPolicy>(o, ignoreCase: true) : OverlapPolicy.Unspecified,
                SessionId = invocation.Get(session) ?? "",
                OwnSession = invocation.Get(ownSession),
                Priority = invocation.Get(priority),
            };
            when.Fill(invocation, definition);
            using var connection = invocation.Connect();
            var request = new CreateScheduleRequest { Definition = definition, Paused = invocation.Get(paused) };
            var response = await connection.Schedules.CreateScheduleAsync(request, connection.Call(cancellation));
            return ScheduleOutput.Changed(invocation, response.Schedule, "Added");
        });
    }
}
