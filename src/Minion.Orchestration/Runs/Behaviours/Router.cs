using System.Text.Json;
using System.Text.Json.Nodes;
using Minion.Orchestration.Runs.Behaviours.Flows;
using Minion.Orchestration.Runs.Behaviours.Templates;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>Chooses the agent that a run is for: the first whose condition holds; else the agent's own model chooses among those that are described.</summary>
internal sealed class Router : IBehaviour
{
    private const int MostRoutes = 50;
    private const string Purpose = "route";

    public string Name => "router@1";

    public void Check(BehaviourCheck check)
    {
        var routes = Read(check.Options, check.Member);
        check.UsesModel = routes.Described.Count > 0;
        check.UsesTools = false;
    }

    public Decision Next(RunState state)
    {
        var routes = state.OptionsAs(options => OptionsReader.ReadSound(options, o => Read(o, (_, _) => { })));
        var progress = new Progress(state);
        return progress.Decide(Evaluate(routes, progress), mostParallel: 1);
    }

    private static Outcome Evaluate(Routes routes, Progress progress)
    {
        var values = new FlowValues(null, "", progress.State.Input);
        var chosen = routes.All.FirstOrDefault(r => r.When?.Holds(values) ?? false)?.Agent;
        if (chosen is null && routes.Described.Count > 0)
        {
            var (outcome, agent) = AskModel(routes, progress);
            if (outcome is not null)
            {
                return outcome;
            }

            chosen = agent;
        }

        chosen ??= routes.Otherwise;
        if (chosen is null)
        {
            return new Failed("no_route", "No agent is for this: no condition holds, the model chose none, and there is no 'otherwise'.", "Add a route, or an agent for everything else (otherwise).");
        }

        var result = progress.Member($"route/{chosen}", chosen, progress.State.Input, routes.Policy);
        return result is Failed && routes is { FallBack: true, Otherwise: { } other } && other != chosen
            ? progress.Member($"route/{other}", other, progress.State.Input, routes.Policy)
            : result;
    }

    /// <summary>Asks twice at most; an outcome when there is no choice yet, or no way to make it.</summary>
    private static (Outcome? Outcome, string? Agent) AskModel(Routes routes, Progress progress)
    {
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var purpose = attempt == 1 ? Purpose : $"{Purpose}.{attempt}";
            var before = attempt == 1 ? null : progress.LastTurn(Purpose);
            switch (progress.Ask(purpose, () => Prompt(routes, progress.State.Input, before)))
            {
                case Done done when Chosen(routes, done.Text) is { } agent:
                    return (null, agent);
                case Done:
                    continue;
                case Failed when routes.Otherwise is not null:
                    return (null, null);
                case var other:
                    return (other, null);
            }
        }

        return (null, null);
    }

    private static string? Chosen(Routes routes, string answer)
    {
        var name = JsonText.Find(answer) is JsonObject members ? JsonText.Show(members["agent"]) : answer;
        name = name.Trim().Trim('"', '\'', '`', '*', '.').Trim();
        return routes.All.FirstOrDefault(r => string.Equals(r.Agent, name, StringComparison.OrdinalIgnoreCase))?.Agent
            ?? (string.Equals(routes.Otherwise, name, StringComparison.OrdinalIgnoreCase) ? routes.Otherwise : null);
    }

    private static IReadOnlyList<PromptPart> Prompt(Routes routes, string input, Turn? before)
    {
        var agents = string.Join('\n', routes.Described.Select(r => $"- {r.Agent}: {r.Description}"));
        var question = new PromptText(
            "user",
            $$"""
            Choose the agent that this request is for.

            Agents:
            {{agents}}

            Request:
            {{input}}

            Answer with JSON and nothing else: {"agent": "the agent's name"}
            """);
        return before is null
            ? [new PromptHistory(), question]
            : [new PromptHistory(), question, new PromptTurn(before), new PromptText("user", $"That names none of the agents. Answer with one of: {string.Join(", ", routes.Described.Select(r => r.Agent))}.")];
    }

    private static Routes Read(OptionsReader options, Action<string, string> member)
    {
        var names = new FlowNames();
        var routes = new List<Route>();
        foreach (var (value, path) in options.Items("routes", MostRoutes))
        {
            if (options.Within(value, path) is not { } item)
            {
                continue;
            }

            var agent = item.RequiredText("agent", "the name of an agent", 63);
            member(item.Under("agent"), agent);
            var when = item.Take("when") is { } condition ? FlowReader.Condition(item, condition, item.Under("when"), names, 0) : null;
            var description = item.Text("description", 2_000);
            if (when is null && string.IsNullOrWhiteSpace(description) && !item.Has("when"))
            {
                item.Problem("", "is never taken: say when, or describe it for the model.");
            }

            item.Done();
            routes.Add(new Route(agent, when, description));
        }

        if (routes.Count == 0 && options.IsSound)
        {
            options.Problem("routes", "is missing: a list of agents, each with when or description.");
        }

        var otherwise = options.Text("otherwise", 63);
        if (otherwise is not null)
        {
            member("otherwise", otherwise);
        }

        var fallBack = options.Word("on_failure", "fail", "fail", "otherwise") == "otherwise";
        if (fallBack && otherwise is null)
        {
            options.Problem("on_failure", "is 'otherwise', but there is no agent for everything else (otherwise).");
        }

        var policy = MemberPolicy.Read(options);
        options.Done();
        return new Routes(routes, otherwise, fallBack, policy);
    }

    private sealed record Route(string Agent, Condition? When, string? Description);

    private sealed record Routes(IReadOnlyList<Route> All, string? Otherwise, bool FallBack, MemberPolicy Policy)
    {
        /// <summary>Those that the model may choose.</summary>
        public IReadOnlyList<Route> Described { get; } = [.. All.Where(r => !string.IsNullOrWhiteSpace(r.Description))];
    }
}
