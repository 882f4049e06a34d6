using System.CommandLine;
using System.Globalization;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class ScaleVerb
{
    private const string NoLimit = "none";

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("name") { Description = "The agent's name.", Arity = ArgumentArity.ZeroOrOne };
        var cluster = new Option<string?>("--cluster") { Description = "A cluster instead: its agents together.", HelpName = "name" };
        var max = new Option<string?>("--max") { Description = "How many runs at once, or none for no limit.", HelpName = "number|none" };
        max.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && given != NoLimit && Number(given) is null or < 1)
            {
                result.AddError($"'{given}' is not a number of runs: a whole number from 1 on, or none.");
            }
        });
        var reset = new Option<bool>("--reset") { Description = "Takes back what was set: what the cluster file says counts again." };
        return new Command("scale", "Bounds how many runs of an agent or a cluster are executed at once; the others wait in the queue.") { name, cluster, max, reset }
            .Does(terminal, (invocation, cancellation) =>
            {
                var (agent, of, most) = (invocation.Get(name), invocation.Get(cluster), invocation.Get(max));
                if (agent is null == of is null)
                {
                    throw new CliFailure(ExitCodes.Usage, "usage", "Which agent, or which cluster?", "minion scale NAME --max N, or minion scale --cluster NAME --max N");
                }

                if (most is null != invocation.Get(reset))
                {
                    throw new CliFailure(ExitCodes.Usage, "usage", "How many runs at once?", "--max N, --max none, or --reset for what the cluster file says");
                }

                var request = agent is not null ? new ScaleAgentRequest { Name = agent } : new ScaleAgentRequest { Cluster = of };
                if (most is not null)
                {
                    request.MaxRuns = Number(most) ?? 0;
                }

                return ScaleAsync(invocation, request, agent is not null ? $"agent {agent}" : $"cluster {of}", cancellation);
            });
    }

    private static async Task<int> ScaleAsync(Invocation invocation, ScaleAgentRequest request, string what, CancellationToken cancellation)
    {
        using var connection = invocation.Connect();
        var answer = await connection.Agents.ScaleAgentAsync(request, connection.Call(cancellation));
        if (invocation.Json)
        {
            invocation.Terminal.Document(answer);
        }
        else
        {
            invocation.Terminal.Out.WriteLine($"{what}: {(answer.MaxRuns == 0 ? "no limit" : $"{Phrases.Count(answer.MaxRuns, "run")} at once")}");
        }

        return ExitCodes.Ok;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
