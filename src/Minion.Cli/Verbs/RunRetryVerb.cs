using System.CommandLine;
using Minion.Cli.Output;
using Minion.Cli.Runs;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class RunRetryVerb
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("run") { Description = "The run's id." };
        return new Command("retry", "Continues a failed run; what succeeded is not done again.") { run }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var response = await connection.Runs.RetryRunAsync(new RetryRunRequest { Id = invocation.Get(run)! }, connection.Call(cancellation));
                RunOutput.Changed(invocation, response.Run, "Goes on");
                return ExitCodes.Ok;
            });
    }
}
