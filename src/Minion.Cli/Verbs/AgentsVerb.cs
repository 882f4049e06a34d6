using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

/// <summary><c>agents</c> alone lists them; below it is what can be done with them.</summary>
internal static class AgentsVerb
{
    public static Command Create(Terminal terminal)
    {
        var agents = GetAgents.List(terminal);
        agents.Description = "Lists agents by name; compares, activates and divides traffic among their versions.";
        foreach (var verb in Below)
        {
            agents.Add(verb(terminal));
        }

        return agents;
    }

    private static IReadOnlyList<Func<Terminal, Command>> Below { get; } =
    [
        AgentsCreateVerb.Create,
        AgentsVersionsVerb.Create,
        AgentsDiffVerb.Create,
        AgentsActivateVerb.Create,
        AgentsTrafficVerb.Create,
        AgentsChangesVerb.Create,
        terminal => Status(terminal, "deactivate", AgentStatus.Inactive, "Lets an agent start no runs until it is activated again."),
        terminal => Status(terminal, "archive", AgentStatus.Archived, "Puts an inactive agent away for good; its versions and runs stay."),
        AgentsDeleteVerb.Create,
    ];

    public static Argument<string> Name() => new("name") { Description = "The agent's name." };

    /// <summary>Says what became of an agent.</summary>
    public static int Changed(Invocation invocation, Agent agent, string what)
    {
        if (invocation.Json)
        {
            invocation.Terminal.Document(agent);
        }
        else
        {
            invocation.Terminal.Out.WriteLine($"agent {agent.Definition.Name} {what}");
        }

        return ExitCodes.Ok;
    }

    public static async Task<Agent> SetStatusAsync(Invocation invocation, string name, AgentStatus status, CancellationToken cancellation)
    {
        using var connection = invocation.Connect();
        var request = new ChangeAgentStatusRequest { Name = name, Status = status };
        return (await connection.Agents.ChangeAgentStatusAsync(request, connection.Call(cancellation))).Agent;
    }

    private static Command Status(Terminal terminal, string verb, AgentStatus status, string description)
    {
        var name = Name();
        return new Command(verb, description) { name }.Does(terminal, async (invocation, cancellation) =>
        {
            var agent = await SetStatusAsync(invocation, invocation.Get(name)!, status, cancellation);
            return Changed(invocation, agent, $"is {Phrases.Word(agent.Status)}");
        });
    }
}
