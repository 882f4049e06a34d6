using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// Several agents argue about a question, each with a position, in rounds in which each sees what the others said; then a judge answers (multi-agent debate,
/// arXiv:2305.14325). The judge is another agent, or the agent's own model.
/// </summary>
internal sealed class Debate : IBehaviour
{
    private const int MostSides = 10;
    private const int MostRounds = 10;
    private const int LongestPosition = 2_000;
    private const string Verdict = "verdict";

    public string Name => "debate@1";

    public void Check(BehaviourCheck check)
    {
        var plan = Read(check.Options, check.Member);
        check.UsesModel = plan.Judge is null;
        check.UsesTools = false;
    }

    public Decision Next(RunState state)
    {
        var plan = state.OptionsAs(options => OptionsReader.ReadSound(options, o => Read(o, (_, _) => { })));
        var progress = new Progress(state);
        return progress.Decide(Evaluate(plan, progress), plan.Sides.Count);
    }

    private static Outcome Evaluate(Plan plan, Progress progress)
    {
        var said = new string?[plan.Sides.Count];
        for (var round = 1; round <= plan.Rounds; round++)
        {
            var before = said;
            var outcomes = plan.Sides
                .Select((side, i) => progress.Member($"round {round}/{side.Label}", side.Agent, DebateTexts.Turn(progress.State.Input, plan.Sides, before, i), plan.Policy))
                .ToList();
            if (outcomes.Contains(Outcome.Pending))
            {
                return Outcome.Pending;
            }

            // Who fails in a round stands by what it said before.
            said = [.. outcomes.Select((o, i) => o is Done done ? done.Text : before[i])];
            if (Array.TrueForAll(said, s => s is null))
            {
                return outcomes[0];
            }
        }

        var question = DebateTexts.Verdict(progress.State.Input, plan.Sides, said);
        return plan.Judge is { } judge
            ? progress.Member(Verdict, judge, question, plan.Policy)
            : progress.Ask(Verdict, () => [new PromptHistory(), new PromptText("user", question)]);
    }

    private static Plan Read(OptionsReader options, Action<string, string> member)
    {
        var sides = new List<DebateSide>();
        foreach (var (value, path) in options.Items("sides", MostSides))
        {
            if (ReadSide(options, value, path, sides.Count + 1, member) is { } side)
            {
                sides.Add(side);
            }
        }

        if (sides.Count < 2 && options.IsSound)
        {
            options.Problem("sides", $"has {sides.Count} agents; a debate has 2 to {MostSides}.");
        }

        var rounds = options.Whole("rounds", 2, 1, MostRounds);
        var judge = options.Text("judge", 63);
        if (judge is not null)
        {
            member("judge", judge);
        }

        var policy = MemberPolicy.Read(options);
        options.Done();
        return new Plan(sides, rounds, judge, policy);
    }

    /// <summary>The name of an agent, or a mapping with its position.</summary>
    private static DebateSide? ReadSide(OptionsReader options, System.Text.Json.JsonElement value, string path, int number, Action<string, string> member)
    {
        if (value.ValueKind == System.Text.Json.JsonValueKind.String)
        {
            member(path, value.GetString()!);
            return new DebateSide(number, value.GetString()!, null);
        }

        if (options.Within(value, path) is not { } item)
        {
            return null;
        }

        var agent = item.RequiredText("agent", "the name of an agent", 63);
        member(item.Under("agent"), agent);
        var position = item.Text("position", LongestPosition);
        item.Done();
        return new DebateSide(number, agent, position);
    }

    private sealed record Plan(IReadOnlyList<DebateSide> Sides, int Rounds, string? Judge, MemberPolicy Policy);
}

/// <summary>One who argues.</summary>
/// <param name="Number">Counts from 1: an agent may argue for two positions.</param>
/// <param name="Agent">The agent.</param>
/// <param name="Position">What it is to argue for; null for what it thinks itself.</param>
internal sealed record DebateSide(int Number, string Agent, string? Position)
{
    public string Label => $"{Number} {Agent}";
}
