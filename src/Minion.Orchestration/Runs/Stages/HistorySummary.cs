using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Stages;

/// <summary>
/// Before the first answer, the messages that do not fit are summarised, as the run's context says: one step for each range, each taking the
/// summary before it in.
/// </summary>
internal sealed class HistorySummary : IStage
{
    public const string Purpose = "summary";

    public Decision Apply(RunState state, Decision decision) => decision is CallModel call && state.NextToSummarise is { } range
        ? new CallModel(call.Step, WithTools: false) { Purpose = Purpose, Summarises = range }
        : decision;
}
