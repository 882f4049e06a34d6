using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class AgentsVersionsVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = AgentsVerb.Name();
        var limit = Paging.Limit();
        return new Command("versions", "Lists the versions of an agent, newest first, with their shares of new runs.") { name, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListAgentVersionsRequest { Name = invocation.Get(name)! };
                var last = new ListAgentVersionsResponse();
                var versions = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    last = await connection.Agents.ListAgentVersionsAsync(request, connection.Call(cancellation));
                    return (last.Versions, last.NextPageToken);
                });
                if (invocation.Json)
                {
                    // One document, with what holds for the agent as a whole.
                    terminal.Document(new ListAgentVersionsResponse { Versions = { versions }, CurrentVersion = last.CurrentVersion, Traffic = { last.Traffic } });
                    return ExitCodes.Ok;
                }

                var now = terminal.Time.GetUtcNow();
                terminal.Table(
                    ["version", "traffic", "model", "behaviour", "by", "made", ""],
                    versions.Select(v => Row(v, last, now)),
                    "No versions.");
                return ExitCodes.Ok;
            });
    }

    private static string[] Row(Agent agent, ListAgentVersionsResponse all, DateTimeOffset now)
    {
        var isCurrent = agent.Version == all.CurrentVersion;
        var share = all.Traffic.FirstOrDefault(t => t.Version == agent.Version)?.Percent ?? (all.Traffic.Count == 0 && isCurrent ? 100 : null as int?);
        return
        [
            agent.Version.ToString(),
            share is { } percent ? $"{percent} %" : "",
            agent.Definition.Model,
            agent.Definition.Behaviour,
            agent.ChangedBy,
            Phrases.Ago(agent.UpdatedAt, now),
            isCurrent ? "current" : "",
        ];
    }
}
