using Minion.Orchestration.Runs.Behaviours.Flows;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Behaviours;

/// <summary>
/// Draft, review, revise, until the review accepts or there were enough (Self-Refine, arXiv:2303.17651). Writer and reviewer are other agents, or
/// the agent's own model with a purpose for each.
/// </summary>
internal sealed class Reviewer : IBehaviour
{
    private const string Stage = "text";

    public string Name => "reviewer@1";

    public void Check(BehaviourCheck check)
    {
        var reader = new FlowReader(check.Member);
        reader.Review(check.Options, Stage, new FlowNames(), ownModel: true);
        (check.UsesModel, check.UsesTools) = (reader.UsesModel, reader.UsesTools);
    }

    public Decision Next(RunState state)
    {
        var review = state.OptionsAs(options => OptionsReader.ReadSound(
            options, o => new FlowReader((_, _) => { }).Review(o, Stage, new FlowNames(), ownModel: true)));
        var progress = new Progress(state);
        return progress.Decide(new FlowRun(progress).Evaluate(review, new FlowValues(null, "", state.Input)), mostParallel: 1);
    }
}
