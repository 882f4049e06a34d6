using Minion.Orchestration.Runs.Behaviours.Templates;

namespace Minion.Orchestration.Runs.Behaviours.Planning;

/// <summary>What the model of an agent that plans its own steps is asked. A change is a new version of the behaviour.</summary>
internal static class PlanExecuteTexts
{
    private const string Failed = "FAILED";
    private const int LongestResults = 100_000;

    /// <summary>A step and what came of it.</summary>
    internal sealed record Step(string Text, Outcome Outcome);

    public static string Plan(string input, IReadOnlyList<Step> done, int most) =>
        $$"""
        {{(done.Count == 0 ? "Plan the steps of the task below." : "A step of the task below failed. Plan the steps that are left: keep what is done, and find another way for what failed.")}}

        Task:
        {{input}}
        {{(done.Count == 0 ? "" : "\nSo far:\n" + Results(done) + "\n")}}
        Answer with JSON and nothing else, 1 to {{most}} steps: {"steps": ["the first step", "the second step"]}
        """;

    public static string Do(string input, IReadOnlyList<Step> done, IReadOnlyList<string> plan, int index) =>
        $"""
        Do the next step of the task below, and only that. When it cannot be done, begin your answer with {Failed} and say why.

        Task:
        {input}

        Plan:
        {string.Join('\n', plan.Select((s, i) => $"{i + 1}. {s}"))}

        So far:
        {Results(done)}

        Next step:
        {plan[index]}
        """;

    public static string Answer(string input, IReadOnlyList<Step> done) =>
        $"""
        The steps of the task below are done. Answer the task from their results; where something failed, say what is missing.

        Task:
        {input}

        Results:
        {Results(done)}
        """;

    /// <summary>Whether the answer to a step says that it cannot be done.</summary>
    public static bool SaysFailed(string text) => text.AsSpan().TrimStart(" \t\r\n*#_>`\"'").StartsWith(Failed, StringComparison.Ordinal);

    private static string Results(IReadOnlyList<Step> done)
    {
        var each = Math.Max(500, LongestResults / Math.Max(1, done.Count));
        return done.Count == 0 ? "nothing" : string.Join("\n\n", done.Select(s => $"## {s.Text}\n" + s.Outcome switch
        {
            Done result => TextTemplate.Clip(result.Text, each),
            Behaviours.Failed failed => "failed: " + TextTemplate.Clip(failed.Failure.Message, 2_000),
            _ => "not done",
        }));
    }
}
