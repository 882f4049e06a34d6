using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class GetRuns
{
    public static Command List(Terminal terminal)
    {
        var limit = Paging.Limit();
        return new Command("runs", "Lists runs, newest first; minion runs has filters.") { limit }
            .Does(terminal, (invocation, cancellation) =>
                RunsVerb.ListAsync(invocation, new ListRunsRequest(), invocation.Get(limit), cancellation));
    }

    public static Command One(Terminal terminal)
    {
        var id = new Argument<string>("run") { Description = "The run's id." };
        return new Command("run", "Shows a run; minion run show has its journal.") { id }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var run = (await connection.Runs.GetRunAsync(new GetRunRequest { Id = invocation.Get(id)! }, connection.Call(cancellation))).Run;
                if (invocation.Json)
                {
                    invocation.Terminal.Document(run);
                }
                else
                {
                    RunDetails.Show(invocation.Terminal, run);
                    Questions.Show(invocation.Terminal.Out, run.Id, run.Questions);
                }

                return ExitCodes.Ok;
            });
    }
}
