using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class AgentsActivateVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = AgentsVerb.Name();
        var version = new Argument<int?>("version") { Description = "Which version is to be the current one, with all traffic.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("activate", "Lets an agent start runs; with a version, makes that the current one, be it an older one.") { name, version }
            .Does(terminal, async (invocation, cancellation) =>
            {
                if (invocation.Get(version) is not { } number)
                {
                    var active = await AgentsVerb.SetStatusAsync(invocation, invocation.Get(name)!, AgentStatus.Active, cancellation);
                    return AgentsVerb.Changed(invocation, active, "is active");
                }

                using var connection = invocation.Connect();
                var request = new ActivateAgentVersionRequest { Name = invocation.Get(name)!, Version = number };
                var agent = (await connection.Agents.ActivateAgentVersionAsync(request, connection.Call(cancellation))).Agent;
                return AgentsVerb.Changed(invocation, agent, $"is at version {agent.Version}; runs that have begun keep theirs");
            });
    }
}
