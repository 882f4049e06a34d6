using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Orchestration.Runs.Composing;
using Minion.Orchestration.Runs.Journal;

namespace Minion.Orchestration.Runs.Engine;

/// <summary>The definitions and the history that a run works with: all from versioned or recorded sources.</summary>
internal sealed record RunContext(AgentVersion Agent, ModelDefinition Model, ToolSet Tools, SessionHistory History)
{
    /// <summary>Set when the run cannot work: what is missing.</summary>
    public Fail? Failure { get; init; }

    /// <summary>What is recorded of it before it is used.</summary>
    public required ContextRecorded Recorded { get; init; }
}
