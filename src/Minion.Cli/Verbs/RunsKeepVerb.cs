using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunsKeepVerb
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("run") { Description = "The run's id." };
        var release = new Option<bool>("--release") { Description = "Lets retention have it again." };
        return new Command("keep", "Exempts a run from retention, with the tree of runs that it belongs to.") { id, release }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new KeepRunRequest { RunId = invocation.Get(id)!, Release = invocation.Get(release) };
                var run = (await connection.History.KeepRunAsync(request, connection.Call(cancellation))).Run;
                if (invocation.Json)
                {
                    invocation.Terminal.Document(run);
                }
                else
                {
                    invocation.Terminal.Out.WriteLine(run.Kept ? $"Run {run.Id} is kept." : $"Run {run.Id} is kept no longer than others.");
                }

                return ExitCodes.Ok;
            });
    }
}
