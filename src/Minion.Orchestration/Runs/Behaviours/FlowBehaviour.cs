using Minion.Orchestration.Runs.Behaviours.Flows;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>Stages that are composed in options: agents, prompts, sequences, parallel parts, maps over lists, choices and reviews, nested.</summary>
internal sealed class FlowBehaviour : IBehaviour
{
    public string Name => "flow@1";

    public static void CheckFlow(BehaviourCheck check)
    {
        var reader = new FlowReader(check.Member);
        reader.Read(check.Options);
        (check.UsesModel, check.UsesTools) = (reader.UsesModel, reader.UsesTools);
    }

    public static Decision NextOf(RunState state)
    {
        var flow = state.OptionsAs(options => OptionsReader.ReadSound(options, new FlowReader((_, _) => { }).Read));
        var progress = new Progress(state);
        var values = new FlowValues(null, "", state.Input);
        var outcome = new FlowRun(progress).Evaluate(flow.Stages, values);
        if (outcome is Done && flow.Output is { } output)
        {
            var text = output.Fill(values, out var missing);
            outcome = missing is null ? new Done(text) : new Failed("value_missing", $"The output needs {missing}, which is not in what came before it.", "Correct the reference in output.");
        }

        return progress.Decide(outcome, flow.MostParallel);
    }

    public void Check(BehaviourCheck check) => CheckFlow(check);

    public Decision Next(RunState state) => NextOf(state);
}
