using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Stages;

/// <summary>Looks at what a behaviour has decided, before it is carried out: as pure as the behaviours.</summary>
internal interface IStage
{
    /// <summary>What is done instead; the decision itself when the stage has nothing to say.</summary>
    Decision Apply(RunState state, Decision decision);
}
