using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>What <c>minion run</c> writes.</summary>
internal static class RunOutput
{
    public static void Accepted(Invocation invocation, Run run)
    {
        if (invocation.Json)
        {
            invocation.Terminal.Document(run);
        }
        else
        {
            invocation.Terminal.Out.WriteLine(run.Id);
        }
    }

    /// <summary>What was done to a run, and how it is now.</summary>
    public static void Changed(Invocation invocation, Run run, string what)
    {
        if (invocation.Json)
        {
            invocation.Terminal.Document(run);
        }
        else
        {
            invocation.Terminal.Out.WriteLine($"{what}: run {run.Id} ({run.Agent}) is {Phrases.Word(run.Status)}.");
        }
    }

    /// <summary>Waits for the run's end: its answer alone, each entry as it happens (<paramref name="follow"/>), or one JSON document.</summary>
    /// <returns>The exit code that the run's end stands for.</returns>
    public static async Task<int> FollowAsync(
        Invocation invocation, Connection connection, string runId, bool follow, CancellationToken cancellation)
    {
        var terminal = invocation.Terminal;
        IRunView view = follow ? new JournalView(terminal, invocation.Json) : new NoView();
        var follower = new Follower(terminal, connection, view, mayAsk: terminal.IsInteractive && !invocation.Json);
        Run run;
        try
        {
            run = await follower.FollowAsync(runId, cancellation);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            terminal.Error.WriteLine($"Run {runId} goes on. minion run show {runId} --follow shows it, minion run cancel {runId} ends it.");
            return ExitCodes.Interrupted;
        }

        Write(invocation, run, follower.Calls, follow);
        return RunStates.ExitCode(run);
    }

    private static void Write(Invocation invocation, Run run, ToolCallLog calls, bool followed)
    {
        if (invocation.Json)
        {
            var document = RunDocument.Create(run, calls);
            if (followed)
            {
                invocation.Terminal.Line(new System.Text.Json.Nodes.JsonObject { ["run"] = document });
            }
            else
            {
                invocation.Terminal.Document(document);
            }

            return;
        }

        if (run.Status == RunStatus.Completed && !followed)
        {
            invocation.Terminal.Out.WriteLine(Phrases.Printable(run.Output));
        }

        RunEnd.Show(invocation.Terminal, run);
    }
}
