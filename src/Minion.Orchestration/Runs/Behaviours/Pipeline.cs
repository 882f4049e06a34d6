using Minion.Orchestration.Runs.Behaviours.Flows;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>Stages one after the other, each an agent: the output of one is the input of the next.</summary>
internal sealed class Pipeline : IBehaviour
{
    public string Name => "pipeline@1";

    public void Check(BehaviourCheck check)
    {
        foreach (var (value, path) in check.Options.Items("stages", 200))
        {
            if (value.ValueKind == System.Text.Json.JsonValueKind.Object && !value.TryGetProperty("agent", out _))
            {
                check.Options.ProblemAt(path, "is no agent. Every stage of a pipeline is one; the behaviour 'flow' takes other stages too.");
                return;
            }
        }

        FlowBehaviour.CheckFlow(check);
    }

    public Decision Next(RunState state) => FlowBehaviour.NextOf(state);
}
