using System.CommandLine;
using System.Globalization;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Verbs;

internal static class AgentsTrafficVerb
{
    public static Command Create(Terminal terminal)
    {
        var name = AgentsVerb.Name();
        var shares = new Argument<string[]>("version=percent") { Description = "Shares that make 100, for example 3=90 4=10; none shows them.", Arity = ArgumentArity.ZeroOrMore };
        shares.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(t => Read(t.Value) is null))
            {
                result.AddError($"'{token.Value}' is not a share: VERSION=PERCENT, for example 4=10.");
            }
        });
        var clear = new Option<bool>("--clear") { Description = "Gives the current version all new runs." };
        return new Command("traffic", "Divides new runs among versions of an agent; a conversation stays with the version that it began with.") { name, shares, clear }
            .Does(terminal, (invocation, cancellation) =>
            {
                var given = (invocation.Get(shares) ?? []).Select(s => Read(s)!).ToList();
                if (given.Count > 0 && invocation.Get(clear))
                {
                    throw new CliFailure(ExitCodes.Usage, "usage", "Either shares or --clear.", "minion agents traffic NAME 3=90 4=10");
                }

                return given.Count > 0 || invocation.Get(clear)
                    ? SetAsync(invocation, invocation.Get(name)!, given, cancellation)
                    : ShowAsync(invocation, invocation.Get(name)!, cancellation);
            });
    }

    private static async Task<int> SetAsync(Invocation invocation, string name, List<TrafficShare> shares, CancellationToken cancellation)
    {
        using var connection = invocation.Connect();
        var request = new SetAgentTrafficRequest { Name = name, Traffic = { shares } };
        var agent = (await connection.Agents.SetAgentTrafficAsync(request, connection.Call(cancellation))).Agent;
        return AgentsVerb.Changed(invocation, agent, Describe(agent));
    }

    private static async Task<int> ShowAsync(Invocation invocation, string name, CancellationToken cancellation)
    {
        using var connection = invocation.Connect();
        var agent = (await connection.Agents.GetAgentAsync(new GetAgentRequest { Name = name }, connection.Call(cancellation))).Agent;
        return AgentsVerb.Changed(invocation, agent, Describe(agent));
    }

    public static string Describe(Agent agent) => agent.Traffic.Count == 0
        ? $"gives version {agent.Version} all new runs"
        : "divides new runs: " + string.Join(", ", agent.Traffic.OrderBy(t => t.Version).Select(t => $"version {t.Version} {t.Percent} %"));

    private static TrafficShare? Read(string text) =>
        text.Split('=') is [var version, var percent]
        && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && int.TryParse(percent.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var share)
            ? new TrafficShare { Version = number, Percent = share }
            : null;
}
