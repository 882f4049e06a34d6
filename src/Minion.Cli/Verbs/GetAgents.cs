using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class GetAgents
{
    private static readonly string[] Statuses = [.. Enum.GetValues<AgentStatus>().Where(s => s != AgentStatus.Unspecified).Select(Phrases.Word)];

    public static Command List(Terminal terminal)
    {
        var limit = Paging.Limit();
        var query = new Option<string?>("--query", "-q") { Description = "Words in the name, description or capabilities.", HelpName = "words" };
        var capability = new Option<string?>("--capability") { Description = "Only agents that have it.", HelpName = "name" };
        var behaviour = new Option<string?>("--behaviour") { Description = "Only agents that work like that.", HelpName = "name" };
        var labels = new Option<string[]>("--label", "-l") { Description = "Only agents with this label. May be given several times.", HelpName = "key=value" };
        labels.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => !t.Value.Contains('=', StringComparison.Ordinal)))
            {
                result.AddError($"'{token.Value}' is not a label: KEY=VALUE, for example tier=demo.");
            }
        });
        var status = new Option<string?>("--status") { Description = $"Only those that are {string.Join(", ", Statuses)}.", HelpName = "status" };
        status.AcceptOnlyFromAmong(Statuses);
        return new Command("agents", "Lists agents by name.") { query, capability, behaviour, labels, status, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListAgentsRequest
                {
                    Query = invocation.Get(query) ?? "",
                    Capability = invocation.Get(capability) ?? "",
                    Behaviour = invocation.Get(behaviour) ?? "",
                    Status = invocation.Get(status) is { } word ? Enum.Parse<AgentStatus>(word, ignoreCase: true) : AgentStatus.Unspecified,
                };
                foreach (var label in invocation.Get(labels) ?? [])
                {
                    request.Labels[label[..label.IndexOf('=', StringComparison.Ordinal)]] = label[(label.IndexOf('=', StringComparison.Ordinal) + 1)..];
                }

                var agents = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.Agents.ListAgentsAsync(request, connection.Call(cancellation));
                    return (page.Agents, page.NextPageToken);
                });
                Paging.Write(invocation, agents, ["agent", "version", "status", "model", "behaviour", "description"], Row, "No agents: minion apply -f FILE makes them.");
                return ExitCodes.Ok;
            });
    }

    public static Command One(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "The agent's name." };
        var version = new Option<int>("--version") { Description = "An older version instead of the current one.", HelpName = "number" };
        return new Command("agent", "Shows an agent.") { name, version }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new GetAgentRequest { Name = invocation.Get(name)!, Version = invocation.Get(version) };
                var agent = (await connection.Agents.GetAgentAsync(request, connection.Call(cancellation))).Agent;
                if (invocation.Json)
                {
                    invocation.Terminal.Document(agent);
                }
                else
                {
                    Show(invocation.Terminal, agent);
                }

                return ExitCodes.Ok;
            });
    }

    private static string[] Row(Agent agent) =>
    [
        agent.Definition.Name,
        agent.Version.ToString(),
        Phrases.Word(agent.Status),
        agent.Definition.Model,
        agent.Definition.Behaviour,
        Phrases.Short(agent.Definition.Description, 60),
    ];

    private static void Show(Terminal terminal, Agent agent)
    {
        var definition = agent.Definition;
        terminal.Properties(
            ("agent", definition.Name),
            ("version", agent.Version.ToString()),
            ("status", Phrases.Word(agent.Status)),
            ("cluster", agent.Cluster),
            ("description", definition.Description),
            ("model", definition.Model),
            ("behaviour", definition.Behaviour),
            ("tools", string.Join(", ", definition.Tools)),
            ("limits", Limits(definition.Limits)),
            ("at once", AtOnce(agent)),
            ("traffic", agent.Traffic.Count == 0 ? "" : AgentsTrafficVerb.Describe(agent)),
            ("permissions", string.Join(", ", definition.Permissions)),
            ("capabilities", string.Join(", ", definition.Capabilities)),
            ("labels", string.Join(", ", definition.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"))),
            ("updated", Phrases.Ago(agent.UpdatedAt, terminal.Time.GetUtcNow())),
            ("instructions", definition.Instructions.TrimEnd()));
    }

    private static string AtOnce(Agent agent) => agent switch
    {
        { HasMaxRuns: true, MaxRuns: 0 } => "any number of runs, set by an operator",
        { HasMaxRuns: true } => $"{Phrases.Count(agent.MaxRuns, "run")}, set by an operator",
        { Definition.Concurrency: > 0 } => Phrases.Count(agent.Definition.Concurrency, "run"),
        _ => "",
    };

    private static string Limits(Limits? limits) => string.Join(", ", new[]
    {
        limits?.MaxSteps > 0 ? Phrases.Count(limits.MaxSteps, "step") : "",
        limits?.MaxTokens > 0 ? Phrases.Count(limits.MaxTokens, "token") : "",
        limits?.MaxCostUsd is { Length: > 0 } cost ? $"${cost}" : "",
        limits?.Timeout is { } timeout ? Phrases.For(timeout.ToTimeSpan()) : "",
    }.Where(part => part.Length > 0));
}
