using System.CommandLine;
using System.Globalization;
using Minion.Cli.Costs;
using Minion.Cli.Output;
using Minion.Contracts.Models.V1;

namespace Minion.Cli.Verbs;

internal static class CostVerb
{
    private const int MostRows = 1000;
    private static readonly string[] Groups = ["agent", "user", "tenant", "model", "tool", "day", "version", "kind", "run"];

    public static Command Create(Terminal terminal)
    {
        var by = new Option<string>("--by") { Description = "What the costs are summed by.", DefaultValueFactory = _ => "agent", HelpName = "group" };
        by.AcceptOnlyFromAmong(Groups);
        var since = new Option<string?>("--since") { Description = "The first day (UTC) as 2026-01-31, or so many days back as 7d. Default: the first of this month.", HelpName = "day" };
        var until = new Option<string?>("--until") { Description = "The last day (UTC). Default: today.", HelpName = "day" };
        var agent = new Option<string?>("--agent") { Description = "Only what this agent spent.", HelpName = "name" };
        var user = new Option<string?>("--user") { Description = "Only what this user spent, by its name or principal (user:NAME).", HelpName = "name" };
        var model = new Option<string?>("--model") { Description = "Only what this model (provider/model) cost.", HelpName = "name" };
        var top = new Option<int>("--top") { Description = "The most rows.", DefaultValueFactory = _ => 20, HelpName = "number" };
        top.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var given }] && int.TryParse(given, out var number) && number is < 1 or > MostRows)
            {
                result.AddError($"--top is a number from 1 to {MostRows}.");
            }
        });
        // Takes the place of the option that all verbs have; help shows that one.
        var output = new Option<string>("--output", "-o") { Description = "How it is written.", DefaultValueFactory = _ => "table", HelpName = "table|csv|json", Hidden = true };
        output.AcceptOnlyFromAmong("table", "text", "csv", "json");
        return new Command("cost", "Shows what calls to models, embeddings and tools cost, and what the month will cost at this rate. With --output csv for spreadsheets.")
            { by, since, until, agent, user, model, top, output }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var connection = invocation.Connect();
                var request = new QueryCostsRequest
                {
                    Group = Enum.Parse<CostGroup>(invocation.Get(by)!, ignoreCase: true),
                    Since = Day(invocation.Get(since), terminal.Time),
                    Until = Day(invocation.Get(until), terminal.Time),
                    Agent = invocation.Get(agent) ?? "",
                    User = invocation.Get(user) ?? "",
                    Model = invocation.Get(model) ?? "",
                    Limit = invocation.Get(top),
                };
                var costs = await CostRefusals.AnswerAsync(connection.Costs.QueryCostsAsync(request, connection.Call(cancellation)), "minion cost");
                switch (invocation.Get(output))
                {
                    case "json":
                        terminal.Document(costs);
                        break;
                    case "csv":
                        CostOutput.Csv(terminal, invocation.Get(by)!, costs);
                        break;
                    default:
                        CostOutput.Table(terminal, invocation.Get(by)!, costs);
                        break;
                }

                return ExitCodes.Ok;
            });
    }

    /// <summary>A day as it is given; <c>7d</c> is seven days ago.</summary>
    private static string Day(string? given, TimeProvider time) =>
        given is [.. var days, 'd'] && int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var back) && back <= 100_000
            ? time.GetUtcNow().AddDays(-back).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : given ?? "";
}
