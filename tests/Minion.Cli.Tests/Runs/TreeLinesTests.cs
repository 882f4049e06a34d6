using Google.Protobuf.WellKnownTypes;
using Minion.Cli.Runs.Trees;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Tests.Runs;

public sealed class TreeLinesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_tree_shows_each_run_where_it_was_started_with_what_it_did_below_it()
    {
        var tree = new GetRunTreeResponse
        {
            Nodes =
            {
                Node("r", "lead", "", 0, 9, RunStatus.Completed, 3, Step(1, 0, "model", "big", 0, 1), Child(2, 0, "writer", "c", 1, 8), Child(2, 1, "nobody", "", 1, 1), Step(3, 0, "model", "big", 8, 9)),
                Node("c", "writer", "draft", 1, null, RunStatus.Running, 2, Step(1, 0, "model", "small", 1, 2), Step(2, 0, "tool", "http_get", 2, 3)),
            },
        };
        tree.Nodes[0].Steps[2].Failed = true;

        TreeLines.Of(tree, Start.AddSeconds(5)).Select(row => string.Join(" | ", row)).ShouldBe(
        [
            "lead | completed | 3 | 1,500 | $0.0125 |  | 9 s | r",
            "├─ 1 big |  |  |  |  |  | 1 s | ",
            "├─ 2.0 writer (draft) | running | 2 | 1,500 | $0.0125 | +1 s | 4 s | c",
            "│  ├─ 1 small |  |  |  |  | +1 s | 1 s | ",
            "│  └─ 2.0 http_get |  |  |  |  | +2 s | 1 s | ",
            "├─ 2.1 nobody was not started | failed |  |  |  | +1 s | 0 ms | ",
            "└─ 3 big |  |  |  |  | +8 s | 1 s | ",
        ]);
    }

    private static RunNode Node(string id, string agent, string label, int from, int? to, RunStatus status, int steps, params StepSummary[] did) => new()
    {
        Run = new Run
        {
            Id = id,
            Agent = agent,
            Label = label,
            Status = status,
            CreatedAt = At(from),
            EndedAt = to is { } end ? At(end) : null,
            Usage = new Usage { InputTokens = 1_000, OutputTokens = 500, CostUsd = "0.0125" },
        },
        StepCount = steps,
        Steps = { did },
    };

    private static StepSummary Step(int step, int call, string kind, string name, int from, int to) =>
        new() { Step = step, Call = call, Kind = kind, Name = name, StartedAt = At(from), EndedAt = At(to) };

    private static StepSummary Child(int step, int call, string agent, string id, int from, int to)
    {
        var child = Step(step, call, "child", agent, from, to);
        child.ChildId = id;
        return child;
    }

    private static Timestamp At(int seconds) => Start.AddSeconds(seconds).ToTimestamp();
}
