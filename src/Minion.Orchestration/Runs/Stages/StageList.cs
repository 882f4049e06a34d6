using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Stages;

/// <summary>The stages that every decision goes through, in this order.</summary>
internal static class StageList
{
    public static IReadOnlyList<IStage> All { get; } =
    [
        new HistorySummary(),
    ];

    public static Decision Apply(RunState state, Decision decision)
    {
        foreach (var stage in All)
        {
            decision = stage.Apply(state, decision);
        }

        return decision;
    }
}
