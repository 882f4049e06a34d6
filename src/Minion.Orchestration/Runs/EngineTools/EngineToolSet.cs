using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Composing;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>All tools that the engine carries out itself: those of <see cref="EngineToolList"/>, and every registered <see cref="IEffectTool"/>.</summary>
internal sealed class EngineToolSet(IEnumerable<IEffectTool> effects)
{
    private readonly Dictionary<string, IEngineTool> _byName =
        EngineToolList.Deciding.Concat<IEngineTool>(effects).ToDictionary(t => t.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _byName.Keys;

    public IEffectTool? FindEffect(string name) => _byName.GetValueOrDefault(name) as IEffectTool;

    /// <summary>Those that an agent names in full, as its model is told of them. No pattern means them: they do something with the run itself.</summary>
    public IReadOnlyList<ToolDescription> Of(AgentDefinition agent, ToolSelection selection) =>
        [.. selection.Names.Where(_byName.ContainsKey).Select(name => _byName[name].Describe(agent))];
}
