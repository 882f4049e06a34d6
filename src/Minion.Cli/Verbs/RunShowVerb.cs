using System.CommandLine;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Cli.Runs.Trees;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunShowVerb
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("run") { Description = "The run's id." };
        var follow = new Option<bool>("--follow") { Description = "Goes on showing entries until the run ends." };
        var at = new Option<int?>("--at") { Description = "Shows what it knew before this step began, and what it did next.", HelpName = "step" };
        return new Command("show", "Shows a run, the runs that it started, and its journal.") { id, follow, at }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                if (invocation.Get(at) is { } step)
                {
                    return await ShowAtAsync(invocation, connection, invocation.Get(id)!, step, cancellation);
                }

                return invocation.Get(follow)
                    ? await RunOutput.FollowAsync(invocation, connection, invocation.Get(id)!, follow: true, cancellation)
                    : await ShowAsync(invocation, connection, invocation.Get(id)!, cancellation);
            });
    }

    private static async Task<int> ShowAsync(Invocation invocation, Connection connection, string id, CancellationToken cancellation)
    {
        var run = (await connection.Runs.GetRunAsync(new GetRunRequest { Id = id }, connection.Call(cancellation))).Run;
        var entries = await EntriesAsync(connection, id, cancellation);
        var tree = await connection.Runs.GetRunTreeAsync(new GetRunTreeRequest { Id = id, WithSteps = true }, connection.Call(cancellation));
        var terminal = invocation.Terminal;
        if (invocation.Json)
        {
            var document = JsonOutput.Node(run);
            document["entries"] = JsonOutput.Nodes(entries);
            document["tree"] = JsonOutput.Nodes(tree.Nodes);
            terminal.Document(document);
            return ExitCodes.Ok;
        }

        RunDetails.Show(terminal, run);
        if (tree.Nodes.Count > 1)
        {
            ShowTree(terminal, tree);
        }

        terminal.Out.WriteLine();
        terminal.Table(["seq", "step", "entry", "", "took"], entries.Select(JournalLines.Row), "The journal is empty.");
        Questions.Show(terminal.Out, run.Id, run.Questions);
        return ExitCodes.Ok;
    }

    private static async Task<int> ShowAtAsync(Invocation invocation, Connection connection, string id, int step, CancellationToken cancellation)
    {
        var request = new GetRunAtRequest { RunId = id, At = JournalPoints.Of(step, seq: null) };
        var response = await connection.History.GetRunAtAsync(request, connection.Call(cancellation));
        var entries = (await EntriesAsync(connection, id, cancellation)).FindAll(e => e.Seq <= response.LastSeq);
        if (invocation.Json)
        {
            var document = JsonOutput.Node(response);
            document["entries"] = JsonOutput.Nodes(entries);
            invocation.Terminal.Document(document);
            return ExitCodes.Ok;
        }

        RunAtDetails.Show(invocation.Terminal, response);
        invocation.Terminal.Out.WriteLine();
        invocation.Terminal.Table(["seq", "step", "entry", "", "took"], entries.Select(JournalLines.Row), "The journal is empty.");
        return ExitCodes.Ok;
    }

    private static void ShowTree(Terminal terminal, GetRunTreeResponse tree)
    {
        terminal.Out.WriteLine();
        terminal.Table(TreeLines.Headings, TreeLines.Of(tree, terminal.Time.GetUtcNow()), "", drawing: true);
        if (tree.Truncated)
        {
            terminal.Dim("There are more runs or steps than are shown here.\n");
        }

        foreach (var asking in tree.Nodes.Skip(1).Select(n => n.Run).Where(r => r.Questions.Count > 0))
        {
            Questions.Show(terminal.Out, asking.Id, asking.Questions);
        }
    }

    private static async Task<List<Entry>> EntriesAsync(Connection connection, string id, CancellationToken cancellation)
    {
        var entries = new List<Entry>();
        ListEntriesResponse page;
        do
        {
            page = await connection.Runs.ListEntriesAsync(
                new ListEntriesRequest { RunId = id, AfterSeq = entries.Count == 0 ? 0 : entries[^1].Seq, Limit = 1000 }, connection.Call(cancellation));
            entries.AddRange(page.Entries);
        }
        while (page.HasMore && page.Entries.Count > 0);

        return entries;
    }
}
