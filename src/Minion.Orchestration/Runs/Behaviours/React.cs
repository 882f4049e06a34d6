using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>Think, call tools, look at their results, until the model answers without a call (ReAct, arXiv:2210.03629).</summary>
internal sealed class React : IBehaviour
{
    public string Name => "react@1";

    public Decision Next(RunState state) =>
        state.LastTurn is { Calls.Count: 0 } turn ? Answers.Finish(turn.Answer) : new CallModel(state.Step + 1, WithTools: true);
}
