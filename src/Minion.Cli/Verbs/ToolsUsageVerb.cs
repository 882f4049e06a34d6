using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Minion.Cli.Costs;
using Minion.Cli.Output;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

internal static class ToolsUsageVerb
{
    // As long as audit rows can be kept (Tools:Audit:Retention).
    private const int MostDays = 3650;

    public static Command Create(Terminal terminal)
    {
        var tool = new Argument<string?>("tool") { Description = "Only this tool.", Arity = ArgumentArity.ZeroOrOne };
        var agent = new Option<string?>("--agent") { Description = "Only this agent's calls.", HelpName = "name" };
        var byAgent = new Option<bool>("--by-agent") { Description = "A row for each tool and agent." };
        var days = new Option<int>("--days") { Description = "How far back.", HelpName = "number", DefaultValueFactory = _ => 7 };
        days.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && int.TryParse(given, CultureInfo.InvariantCulture, out var number) && number is < 1 or > MostDays)
            {
                result.AddError($"--days is a number from 1 to {MostDays}.");
            }
        });
        return new Command("usage", "Shows how tools are used: calls, errors, durations and costs.") { tool, agent, byAgent, days }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new GetUsageRequest
                {
                    Tool = invocation.Get(tool) ?? "",
                    Agent = invocation.Get(agent) ?? "",
                    ByAgent = invocation.Get(byAgent),
                    Since = Timestamp.FromDateTimeOffset(terminal.Time.GetUtcNow().AddDays(-invocation.Get(days))),
                    Limit = 500,
                };
                var usage = (await connection.ToolRegistry.GetUsageAsync(request, connection.Call(cancellation))).Usage;
                var now = terminal.Time.GetUtcNow();
                string[] headings = request.ByAgent
                    ? ["tool", "agent", "calls", "errors", "denied", "cached", "p50", "p95", "cost", "last"]
                    : ["tool", "calls", "errors", "denied", "cached", "p50", "p95", "cost", "last"];
                Paging.Write(invocation, usage, headings, row => Row(row, request.ByAgent, now), "No calls.");
                return ExitCodes.Ok;
            });
    }

    private static string[] Row(ToolUsage usage, bool byAgent, DateTimeOffset now) =>
    [
        usage.Tool, .. byAgent ? [usage.Agent.Length > 0 ? usage.Agent : "(direct)"] : Array.Empty<string>(),
        Phrases.Count(usage.Calls), Phrases.Count(usage.Errors), Phrases.Count(usage.Denied), Phrases.Count(usage.Cached),
        Milliseconds(usage.P50Ms), Milliseconds(usage.P95Ms), CostOutput.Dollars((decimal)usage.CostUsd), Phrases.Ago(usage.LastAt, now),
    ];

    private static string Milliseconds(double time) => time < 10 ? time.ToString("0.0 ms", CultureInfo.InvariantCulture) : Phrases.For(TimeSpan.FromMilliseconds(time));
}
