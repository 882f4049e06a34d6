using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class AgentsDiffVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = AgentsVerb.Name();
        var from = new Argument<int>("from") { Description = "The older version." };
        var to = new Argument<int?>("to") { Description = "The newer one; the current one unless it is named.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("diff", "Compares two versions of an agent, as a cluster file would have them.") { name, from, to }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new DiffAgentVersionsRequest { Name = invocation.Get(name)!, FromVersion = invocation.Get(from), ToVersion = invocation.Get(to) ?? 0 };
                var answer = await connection.Agents.DiffAgentVersionsAsync(request, connection.Call(cancellation));
                if (invocation.Json)
                {
                    terminal.Document(answer);
                }
                else if (answer.Diff.Length == 0)
                {
                    terminal.Out.WriteLine($"Versions {answer.FromVersion} and {answer.ToVersion} are alike.");
                }
                else
                {
                    terminal.Diff(answer.Diff);
                }

                return ExitCodes.Ok;
            });
    }
}
