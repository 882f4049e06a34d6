using System.CommandLine;
using Minion.Cli.Output;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

internal static class ToolsAuditVerb
{
    public static Command Create(Terminal terminal)
    {
        var tool = new Option<string?>("--tool") { Description = "Only this tool.", HelpName = "name" };
        var agent = new Option<string?>("--agent") { Description = "Only this agent's calls.", HelpName = "name" };
        var run = new Option<string?>("--run") { Description = "Only this run's calls.", HelpName = "id" };
        var principal = new Option<string?>("--principal") { Description = "Only what was called in this name.", HelpName = "name" };
        var outcome = new Option<string?>("--outcome") { Description = "Only what ended so: ok, denied, failed, timed_out, input_required, …", HelpName = "outcome" };
        var limit = Paging.Limit();
        return new Command("audit", "Lists calls of tools, the latest first: who, what with masked arguments, what was decided, how it ended.") { tool, agent, run, principal, outcome, limit }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new ListCallsRequest
                {
                    Tool = invocation.Get(tool) ?? "",
                    Agent = invocation.Get(agent) ?? "",
                    RunId = invocation.Get(run) ?? "",
                    Principal = invocation.Get(principal) ?? "",
                    Outcome = invocation.Get(outcome) ?? "",
                };
                var calls = await Paging.ReadAsync(invocation.Get(limit), async (size, token) =>
                {
                    (request.PageSize, request.PageToken) = (size, token);
                    var page = await connection.ToolRegistry.ListCallsAsync(request, connection.Call(cancellation));
                    return (page.Calls, page.NextPageToken);
                });
                Paging.Write(invocation, calls, ["time", "who", "tool", "decision", "outcome", "took", "arguments"], Row, "No calls.");
                return ExitCodes.Ok;
            });
    }

    /// <summary>The agent where a run made the call; otherwise whose call it is, and what is only claimed with it.</summary>
    internal static string Who(AuditedCall call)
    {
        string[] claims = [call.Agent.Length > 0 ? $"agent {call.Agent}" : "", call.RunId.Length > 0 ? $"run {call.RunId}" : "", call.SessionId.Length > 0 ? $"session {call.SessionId}" : ""];
        var claimed = string.Join(", ", claims.Where(claim => claim.Length > 0));
        var principal = call.Client.Length > 0 ? $"{call.Principal} ({Phrases.Short(call.Client, 40)})" : call.Principal;
        return call.Attested ? call.Agent.Length > 0 ? call.Agent : principal
            : claimed.Length > 0 ? $"{principal} (claims {claimed})"
            : principal;
    }

    private static string[] Row(AuditedCall call) =>
    [
        call.StartedAt.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss'Z'"),
        Who(call),
        call.Tool,
        call.Decision + (call.Rule.Length > 0 ? $" ({call.Rule})" : "") + (call.Tainted ? ", tainted" : ""),
        call.Outcome,
        Phrases.For(TimeSpan.FromMilliseconds(call.DurationMs)),
        Phrases.Short(call.Arguments, 80),
    ];
}
