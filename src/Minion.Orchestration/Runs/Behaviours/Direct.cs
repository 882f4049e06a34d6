using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>One answer of the model, without tools.</summary>
internal sealed class Direct : IBehaviour
{
    public string Name => "direct@1";

    public void Check(BehaviourCheck check)
    {
        check.UsesTools = false;
        check.Options.Done();
    }

    public Decision Next(RunState state) =>
        state.LastTurn is { } turn ? Answers.Finish(turn.Answer) : new CallModel(state.Step + 1, WithTools: false);
}
