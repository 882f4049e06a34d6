using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class AgentsChangesVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = AgentsVerb.Name();
        var limit = Paging.Limit();
        return new Command("changes", "Lists what was done to an agent and by whom, newest first.") { name, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListAgentChangesRequest { Name = invocation.Get(name)! };
                var changes = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.Agents.ListAgentChangesAsync(request, connection.Call(cancellation));
                    return (page.Changes, page.NextPageToken);
                });
                var now = terminal.Time.GetUtcNow();
                Paging.Write(
                    invocation,
                    changes,
                    ["when", "what", "version", "detail", "by"],
                    c => [Phrases.Ago(c.At, now), c.Kind, c.Version.ToString(), c.Detail, c.Principal],
                    "No changes are recorded.");
                return ExitCodes.Ok;
            });
    }
}
