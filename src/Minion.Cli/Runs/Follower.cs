using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>Follows a run in a view and asks the person in front of the terminal what the run asks.</summary>
internal sealed class Follower(Terminal terminal, Connection connection, IRunView view, bool mayAsk)
{
    private bool _asked;

    public ToolCallLog Calls { get; } = new();

    /// <returns>The run at its end; or, when nobody can be asked, as it waits for an answer.</returns>
    public async Task<Run> FollowAsync(string runId, CancellationToken cancellation)
    {
        var watch = new RunWatch(connection, terminal.Time, terminal.Error.WriteLine);
        await using var below = new ChildQuestions(terminal, connection, runId);
        return await watch.FollowAsync(
            runId,
            view.WantsDeltas,
            (part, token) =>
            {
                below.See(part);
                return ShowAsync(runId, part, token);
            },
            cancellation);
    }

    private async Task<bool> ShowAsync(string runId, WatchRunResponse part, CancellationToken cancellation)
    {
        if (part.Entry is { } entry)
        {
            Calls.Add(entry);
        }

        view.Show(part);
        if (part.Entry?.Question?.Question is { } question)
        {
            if (mayAsk)
            {
                await Questions.AskAsync(terminal, connection, runId, question, cancellation);
                return true;
            }

            _asked = true;
        }

        if (part.Entry is null || !_asked)
        {
            return true;
        }

        // Only what is still open stops: the question may be of the past when the journal is read from its beginning, and while other calls of
        // the run are made it goes on. It waits with its last entry.
        var run = (await connection.Runs.GetRunAsync(new GetRunRequest { Id = runId }, connection.Call(cancellation))).Run;
        return run.Questions.Count == 0;
    }
}
