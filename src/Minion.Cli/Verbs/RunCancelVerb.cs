using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunCancelVerb
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("run") { Description = "The run's id." };
        var reason = new Option<string?>("--reason") { Description = "Why, for the journal.", HelpName = "text" };
        return new Command("cancel", "Asks a run to stop.") { run, reason }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.Runs.CancelRunAsync(
                    new CancelRunRequest { Id = invocation.Get(run)!, Reason = invocation.Get(reason) ?? "" }, connection.Call(cancellation));
                RunOutput.Changed(invocation, response.Run, "Asked to stop");
                return ExitCodes.Ok;
            });
    }
}
