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
        var status = new Option<string[]>("--status") { Description = $"Only those that are {string.Join(", ", Statuses)}; may be repeated.", HelpName = "status" };
        status.AcceptOnlyFromAmong(Statuses);
        var parent = new Option<string?>("--parent") { Description = "The runs that this one started.", HelpName = "id" };
        var root = new Option<string?>("--root") { Description = "All runs below this one.", HelpName = "id" };
        var all = new Option<bool>("--all") { Description = "Also runs that others started." };
        var limit = Paging.Limit();
        return new Command("runs", "Lists runs, newest first; without those that others started.")
        {
            agent, session, status, parent, root, all, limit,
            RunShowVerb.Create(terminal),
            RunsForkVerb.Create(terminal),
            RunsReplayVerb.Create(terminal),
            RunsDiffVerb.Create(terminal),
            RunsKeepVerb.Create(terminal),
            RunsTextVerb.Create(terminal),
        }
            .Does(terminal, (invocation, cancellation) => ListAsync(
                invocation,
                new ListRunsRequest
                {
                    Agent = invocation.Get(agent) ?? "",
                    SessionId = invocation.Get(session) ?? "",
                    Statuses = { (invocation.Get(status) ?? []).Select(word => Enum.Parse<RunStatus>(word, ignoreCase: true)) },
                    ParentId = invocation.Get(parent) ?? "",
                    RootId = invocation.Get(root) ?? "",
                    WithChildren = invocation.Get(all),
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
