using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Schedules;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary>Runs at times.</summary>
internal static class SchedulesVerb
{
    private static readonly string[] Statuses = [.. Enum.GetValues<ScheduleStatus>().Where(s => s != ScheduleStatus.Unspecified).Select(Phrases.Word)];

    public static Command Create(Terminal terminal)
    {
        var command = List("schedules", "Lists schedules, with the next time of each.", terminal);
        command.Add(List("list", "The same as minion schedules.", terminal));
        command.Add(SchedulesAddVerb.Create(terminal));
        command.Add(Show(terminal));
        command.Add(Next(terminal));
        command.Add(Trigger(terminal));
        command.Add(Change("pause", "Stops a schedule until it is resumed; runs that it has started go on.", "Paused", terminal, async (connection, name, cancellation) =>
            (await connection.Schedules.PauseScheduleAsync(new PauseScheduleRequest { Name = name }, connection.Call(cancellation))).Schedule));
        command.Add(Change("resume", "Lets a schedule go on with its next time from now.", "Resumed", terminal, async (connection, name, cancellation) =>
            (await connection.Schedules.ResumeScheduleAsync(new ResumeScheduleRequest { Name = name }, connection.Call(cancellation))).Schedule));
        command.Add(Delete(terminal));
        return command;
    }

    private static Argument<string> Name() => new("schedule") { Description = "The schedule's name or id." };

    private static Command List(string name, string description, Terminal terminal)
    {
        var agent = new Option<string?>("--agent") { Description = "Only this agent's.", HelpName = "name" };
        var status = new Option<string?>("--status") { Description = $"Only those that are {string.Join(", ", Statuses)}.", HelpName = "status" };
        status.AcceptOnlyFromAmong(Statuses);
        var limit = Paging.Limit();
        return new Command(name, description) { agent, status, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListSchedulesRequest
                {
                    Agent = invocation.Get(agent) ?? "",
                    Status = invocation.Get(status) is { } word ? Enum.Parse<ScheduleStatus>(word, ignoreCase: true) : ScheduleStatus.Unspecified,
                };
                var schedules = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.Schedules.ListSchedulesAsync(request, connection.Call(cancellation));
                    return (page.Schedules, page.NextPageToken);
                });
                Paging.Write(invocation, schedules, ScheduleOutput.Headings, ScheduleOutput.Row, "No schedules.");
                return ExitCodes.Ok;
            });
    }

    private static Command Show(Terminal terminal)
    {
        var name = Name();
        var limit = new Option<int>("--limit") { Description = "How many times at most, the last ones.", HelpName = "number", DefaultValueFactory = _ => 10 };
        return new Command("show", "Shows a schedule, and what became of its last times.") { name, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var found = await connection.Schedules.GetScheduleAsync(new GetScheduleRequest { Name = invocation.Get(name)! }, connection.Call(cancellation));
                var fires = await connection.Schedules.ListFiresAsync(
                    new ListFiresRequest { Name = found.Schedule.Id, Limit = invocation.Get(limit) }, connection.Call(cancellation));
                if (invocation.Json)
                {
                    var document = JsonOutput.Node(found.Schedule);
                    document["fires"] = JsonOutput.Nodes(fires.Fires);
                    terminal.Document(document);
                }
                else
                {
                    ScheduleOutput.Details(terminal, found.Schedule, fires.Fires);
                }

                return ExitCodes.Ok;
            });
    }

    private static Command Next(Terminal terminal)
    {
        var name = new Argument<string?>("schedule") { Description = "The schedule's name or id; or say when with the options.", Arity = ArgumentArity.ZeroOrOne };
        var when = new WhenOptions();
        var count = new Option<int>("--count") { Description = "How many, 1 to 100.", HelpName = "number", DefaultValueFactory = _ => 5 };
        var command = new Command("next", "Shows the next times of a schedule, or of an expression that is tried out.") { name, count };
        foreach (var option in when.All)
        {
            command.Add(option);
        }

        return command.Does(terminal, async (invocation, cancellation) =>
        {
            var request = new PreviewScheduleRequest { Count = invocation.Get(count) };
            if (invocation.Get(name) is { } given && !when.AreGiven(invocation))
            {
                request.Name = given;
            }
            else
            {
                request.Definition = new ScheduleDefinition();
                when.Fill(invocation, request.Definition);
            }

            using var connection = invocation.Connect();
            var preview = await connection.Schedules.PreviewScheduleAsync(request, connection.Call(cancellation));
            if (invocation.Json)
            {
                terminal.Document(preview);
            }
            else
            {
                foreach (var time in preview.Times)
                {
                    terminal.Out.WriteLine(ScheduleOutput.Time(time));
                }
            }

            return ExitCodes.Ok;
        });
    }

    private static Command Trigger(Terminal terminal)
    {
        var name = Name();
        var requestId = new Option<string?>("--request-id") { Description = "Triggering again with the same id starts no second run.", HelpName = "id" };
        return new Command("trigger", "Starts a run of a schedule now, besides its times.") { name, requestId }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.Schedules.TriggerScheduleAsync(
                    new TriggerScheduleRequest { Name = invocation.Get(name)!, RequestId = invocation.Get(requestId) ?? "" }, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    terminal.Out.WriteLine(response.RunId);
                }

                return ExitCodes.Ok;
            });
    }

    private static Command Change(
        string verb, string description, string done, Terminal terminal, Func<Connections.Connection, string, CancellationToken, Task<Schedule>> act)
    {
        var name = Name();
        return new Command(verb, description) { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                return ScheduleOutput.Changed(invocation, await act(connection, invocation.Get(name)!, cancellation), done);
            });
    }

    private static Command Delete(Terminal terminal)
    {
        var name = Name();
        return new Command("delete", "Deletes a schedule; runs that it has started go on.") { name }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.Schedules.DeleteScheduleAsync(new DeleteScheduleRequest { Name = invocation.Get(name)! }, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(response);
                }
                else
                {
                    terminal.Out.WriteLine("Deleted.");
                }

                return ExitCodes.Ok;
            });
    }
}
