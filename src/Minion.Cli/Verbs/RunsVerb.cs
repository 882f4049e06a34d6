using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunsVerb
{
    private static readonly string[] Statuses = [.. Enum.GetValues<RunStatus>().Where(s => s != RunStatus.Unspecified).Select(Phrases.Word)];

    public static Command Create(Terminal terminal)
    {
        var agent = new Option<string?>("--agent") { Description = "Only this agent's.", HelpName = "name" };
        var session = new Option<string?>("--session") { Description = "Only this session's.", HelpName = "id" };
        var status = new Option<string?>("--status") { Description = $"Only those that are {string.Join(", ", Statuses)}.", HelpName = "status" };
        status.AcceptOnlyFromAmong(Statuses);
        var limit = Paging.Limit();
        return new Command("runs", "Lists runs, newest first.") { agent, session, status, limit }
            .Does(terminal, (invocation, cancellation) => ListAsync(
                invocation,
                new ListRunsRequest
                {
                    Agent = invocation.Get(agent) ?? "",
                    SessionId = invocation.Get(session) ?? "",
                    Status = invocation.Get(status) is { } word ? Enum.Parse<RunStatus>(word, ignoreCase: true) : RunStatus.Unspecified,
                },
                invocation.Get(limit),
                cancellation));
    }

    public static async Task<int> ListAsync(Invocation invocation, ListRunsRequest request, int limit, CancellationToken cancellation)
    {
        using var connection = invocation.Connect();
        var runs = await Paging.ReadAsync(limit, async (size, token) =>
        {
            (request.PageSize, request.PageToken) = (size, token);
            var page = await connection.Runs.ListRunsAsync(request, connection.Call(cancellation));
            return (page.Runs, page.NextPageToken);
        });
        var now = invocation.Terminal.Time.GetUtcNow();
        Paging.Write(invocation, runs, RunDetails.Headings, run => RunDetails.Row(run, now), "No runs.");
        return ExitCodes.Ok;
    }
}
