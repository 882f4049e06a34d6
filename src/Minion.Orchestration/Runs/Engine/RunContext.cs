using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>The definitions and the history that a run works with: all from versioned or recorded sources.</summary>
internal sealed record RunContext(AgentVersion Agent, ModelDefinition Model, ToolSet Tools, IReadOnlyList<HistoryMessage> History)
{
    /// <summary>Set when the run cannot work: what is missing.</summary>
    public Fail? Failure { get; init; }

    /// <summary>Those of its tools that the engine carries out itself.</summary>
    public IReadOnlyList<string> EngineTools { get; init; } = [];

    public ContextRecorded Recorded(ClaimedRun run) => new(run.FirstMessage, run.LastMessage, Tools.Hash)
    {
        EngineTools = EngineTools.Count > 0 ? EngineTools : null,
    };
}
