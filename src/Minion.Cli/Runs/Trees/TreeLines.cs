using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Minion.Cli.Costs;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs.Trees;

/// <summary>A tree of runs as lines: each run with what it did below it, and the runs that it started where it started them.</summary>
internal static class TreeLines
{
    private const int LongestName = 60;

    public static string[] Headings { get; } = ["run", "status", "steps", "tokens", "cost", "after", "took", "id"];

    /// <summary>The rows, top down. Times are from the start of the first run.</summary>
    public static IEnumerable<string[]> Of(GetRunTreeResponse tree, DateTimeOffset now)
    {
        var drawing = new Drawing(tree, now);
        return tree.Nodes.Count == 0 ? [] : drawing.Run(tree.Nodes[0], step: null, "", "");
    }

    private sealed class Drawing(GetRunTreeResponse tree, DateTimeOffset now)
    {
        private readonly Dictionary<string, RunNode> _byId = tree.Nodes.ToDictionary(n => n.Run.Id, StringComparer.Ordinal);
        private readonly DateTimeOffset _start = tree.Nodes[0].Run.CreatedAt.ToDateTimeOffset();

        /// <param name="node">The run.</param>
        /// <param name="step">What of its parent started it; null for the top.</param>
        /// <param name="own">What stands before the run itself.</param>
        /// <param name="below">What stands before all that is below it.</param>
        public IEnumerable<string[]> Run(RunNode node, StepSummary? step, string own, string below)
        {
            var run = node.Run;
            yield return
            [
                own + Numbered(step, run.Label.Length > 0 && run.Label != run.Agent ? $"{run.Agent} ({run.Label})" : run.Agent),
                Phrases.Word(run.Status),
                node.StepCount.ToString(CultureInfo.InvariantCulture),
                Tokens(run.Usage),
                Cost(run.Usage),
                After(run.CreatedAt),
                Took(run.CreatedAt, run.EndedAt),
                run.Id,
            ];
            // In the order of the calls, not of their ends.
            var steps = node.Steps.OrderBy(s => s.Step).ThenBy(s => s.Call).ToList();
            for (var i = 0; i < steps.Count; i++)
            {
                var isLast = i == steps.Count - 1;
                var (branch, rest) = isLast ? ("└─ ", "   ") : ("├─ ", "│  ");
                var lines = _byId.TryGetValue(steps[i].ChildId, out var child)
                    ? Run(child, steps[i], below + branch, below + rest)
                    : [Step(steps[i], below + branch)];
                foreach (var line in lines)
                {
                    yield return line;
                }
            }
        }

        private string[] Step(StepSummary step, string own)
        {
            var name = step.Kind switch
            {
                "model" => step.Label.Length > 0 ? $"{step.Name} for {step.Label}" : step.Name,
                "child" => $"{step.Name} was not started",
                _ => step.Name,
            };
            return
            [
                own + Numbered(step, name), step.Failed ? "failed" : "", "", Tokens(step.Usage), Cost(step.Usage), After(step.StartedAt),
                Took(step.StartedAt, step.EndedAt), "",
            ];
        }

        private string After(Timestamp at) => at.ToDateTimeOffset() == _start ? "" : $"+{Phrases.For(at.ToDateTimeOffset() - _start)}";

        private string Took(Timestamp from, Timestamp? to) => Phrases.Took(from, to ?? now.ToTimestamp());
    }

    private static string Numbered(StepSummary? step, string name) => Phrases.Short(
        step is null ? name : string.Create(CultureInfo.InvariantCulture, $"{step.Step}{(step.Kind == "model" ? "" : $".{step.Call}")} {name}"), LongestName);

    private static string Tokens(Usage? usage) => usage is { InputTokens: var input, OutputTokens: var output } && input + output > 0 ? Phrases.Count(input + output) : "";

    private static string Cost(Usage? usage) =>
        usage is { CostUsd.Length: > 0 } ? CostOutput.Dollars(decimal.Parse(usage.CostUsd, NumberStyles.Float, CultureInfo.InvariantCulture)) : "";
}
