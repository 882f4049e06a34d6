using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>A call of it is a decision about the run, as pure as a behaviour's.</summary>
internal interface IDecidingTool : IEngineTool
{
    /// <summary>What the run does about an open call: <see cref="StartChildren"/>, <see cref="Ask"/>, or <see cref="Settle"/> when the call is wrong.</summary>
    Decision Decide(CallState call, RunState state);

    /// <summary>What the run does once the call, and all others of its step, have an outcome; null to go on.</summary>
    Decision? Conclude(CallState call, RunState state) => null;
}
