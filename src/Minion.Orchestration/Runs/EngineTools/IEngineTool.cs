using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Runs.Composing;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>
/// A tool that the engine carries out itself, because the tool service never calls up: an <see cref="IDecidingTool"/> or an
/// <see cref="IEffectTool"/>. An agent names it among its tools like any other.
/// </summary>
internal interface IEngineTool
{
    /// <summary>As agents and models name it. The tool service cannot have one of the same name: this one is called.</summary>
    string Name { get; }

    /// <summary>What the model of <paramref name="agent"/> is told of it.</summary>
    ToolDescription Describe(AgentDefinition agent);
}
