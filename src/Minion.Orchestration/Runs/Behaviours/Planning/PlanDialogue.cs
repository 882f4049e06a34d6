using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours.Planning;

/// <summary>Asks the own model for a plan; an invalid one goes back to it with all that is wrong, at most twice.</summary>
internal static class PlanDialogue
{
    private const int MostAttempts = 3;

    /// <summary>The purpose of a revision's plan, from 1, and of its attempts.</summary>
    public static string Purpose(int revision, int attempt = 1) =>
        (revision, attempt) switch { (1, 1) => "plan", (_, 1) => $"plan:{revision}", _ => $"plan:{revision}.{attempt}" };

    /// <summary>The plan, or how far it is.</summary>
    public static (T? Plan, Outcome? Outcome) Ask<T>(
        Progress progress, int revision, Func<IReadOnlyList<PromptPart>> prompt, Func<string, (T? Plan, IReadOnlyList<string> Errors)> read)
        where T : class
    {
        var said = new List<(Turn Turn, IReadOnlyList<string> Errors)>();
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var purpose = Purpose(revision, attempt);
            var outcome = progress.Ask(purpose, () => [.. prompt(), .. said.SelectMany(Correction)], isUseful: text => read(text).Plan is not null);
            if (outcome is not Done done)
            {
                return (null, outcome);
            }

            var (plan, errors) = read(done.Text);
            if (plan is not null)
            {
                return (plan, null);
            }

            said.Add((progress.LastTurn(purpose)!, errors));
        }

        return (null, new Failed(
            "invalid_plan",
            $"The model gave no valid plan in {MostAttempts} attempts. The last one: {string.Join(" ", said[^1].Errors.Take(5))}",
            "Make the instructions clearer, use a stronger model, or 'minion run retry'."));
    }

    private static IEnumerable<PromptPart> Correction((Turn Turn, IReadOnlyList<string> Errors) said) =>
    [
        new PromptTurn(said.Turn),
        new PromptText("user", $"The plan is not valid:\n{string.Join('\n', said.Errors.Select(e => "- " + e))}\n\nAnswer with the whole corrected plan as JSON and nothing else."),
    ];
}
