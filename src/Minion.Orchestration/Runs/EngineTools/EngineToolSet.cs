using Minion.Contracts.Orchestration.V1;
using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Composing;

namespace Minion.Orchestration.Runs.EngineTools;

/// <summary>All tools that the engine carries out itself: those of <see cref="EngineToolList"/>, and every registered <see cref="IEffectTool"/>.</summary>
internal sealed class EngineToolSet(IEnumerable<IEffectTool> effects)
{
    private const string Category = "run";

    private readonly Dictionary<string, IEngineTool> _byName =
        EngineToolList.Deciding.Concat<IEngineTool>(effects).ToDictionary(t => t.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _byName.Keys;

    public IEffectTool? FindEffect(string name) => _byName.GetValueOrDefault(name) as IEffectTool;

    /// <summary>Those that an agent names in full, as its model is told of them. No pattern means them: they do something with the run itself.</summary>
    public IReadOnlyList<ToolDescription> Of(AgentDefinition agent, ToolSelection selection) =>
        [.. selection.Names.Where(_byName.ContainsKey).Select(name => _byName[name].Describe(agent))];

    /// <summary>All of them by name, of which all words occur in the name, description or category; as an agent that names no others is told of them.</summary>
    public IEnumerable<Tool> List(string query)
    {
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return _byName.Values
            .Select(tool => tool.Describe(new AgentDefinition()))
            .Where(tool => words.All(word => $"{tool.Name} {tool.Description} {Category}".Contains(word, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(tool => tool.Name, StringComparer.Ordinal)
            .Select(tool => new Tool
            {
                Name = tool.Name,
                Version = tool.Version,
                Description = tool.Description,
                InputSchema = tool.InputSchema.GetRawText(),
                Effect = tool.Effect switch
                {
                    ToolEffect.ReadOnly => Effect.ReadOnly,
                    ToolEffect.Idempotent => Effect.Idempotent,
                    _ => Effect.SideEffect,
                },
                Category = Category,
                Status = ToolStatus.Approved,
            });
    }
}
