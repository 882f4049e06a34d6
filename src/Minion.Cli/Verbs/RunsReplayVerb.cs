using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunsReplayVerb
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("run") { Description = "The run's id." };
        var live = new Option<int?>("--live-from") { Description = "Takes what was recorded up to this step, and goes on live in a new run.", HelpName = "step" };
        return new Command("replay", "Decides a recorded run again with its recorded outcomes, and says at which step it would be done otherwise. Calls nothing.") { id, live }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var run = invocation.Get(id)!;
                var response = await connection.History.ReplayRunAsync(new ReplayRunRequest { RunId = run }, connection.Call(cancellation));
                if (invocation.Get(live) is { } step)
                {
                    return await LiveAsync(invocation, connection, response, run, step, cancellation);
                }

                Write(invocation, response);
                return response.Same ? ExitCodes.Ok : ExitCodes.Failed;
            });
    }

    private static async Task<int> LiveAsync(
        Invocation invocation, Connections.Connection connection, ReplayRunResponse replay, string run, int step, CancellationToken cancellation)
    {
        if (replay.Divergence is { } divergence && divergence.Step < step)
        {
            Write(invocation, replay);
            return ExitCodes.Failed;
        }

        var request = new ForkRunRequest { RunId = run, At = JournalPoints.Of(step, seq: null), RequestId = RequestIds.Create(invocation.Terminal.Time) };
        var fork = await connection.History.ForkRunAsync(request, connection.Call(cancellation));
        RunsForkVerb.Announce(invocation, fork.Run);
        return await RunOutput.FollowAsync(invocation, connection, fork.Run.Id, follow: true, cancellation);
    }

    private static void Write(Invocation invocation, ReplayRunResponse response)
    {
        var terminal = invocation.Terminal;
        if (invocation.Json)
        {
            terminal.Document(response);
            return;
        }

        if (response.Divergence is { } divergence)
        {
            terminal.Out.WriteLine($"Diverges at step {divergence.Step} (entry {divergence.Seq}).");
            terminal.Properties(("recorded", divergence.Recorded), ("now", divergence.Now));
            return;
        }

        var prompts = response.PromptsUnknown.Length > 0
            ? $"Prompts were not compared: {response.PromptsUnknown}"
            : $"{Phrases.Count(response.Prompts, "prompt")} composed again, the same.";
        terminal.Out.WriteLine($"The same decisions: {Phrases.Count(response.Entries, "entry", "entries")} checked. {prompts}");
    }
}
