using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Callers;
using Minion.Tools.Execution;
using Minion.Tools.Schemas;

namespace Minion.Tools.Registry;

/// <summary>The tools of this process, by name.</summary>
internal sealed class ToolRegistry
{
    private readonly FrozenDictionary<string, RegisteredTool> _byName;
    private readonly RegisteredTool[] _inOrder;

    /// <exception cref="InvalidOperationException">Something is wrong with a description; names everything.</exception>
    public ToolRegistry(IEnumerable<ITool> tools, TimeProvider time, ILogger<ToolRegistry> log)
    {
        var list = tools.ToList();
        var problems = list.SelectMany(tool => DescriptionRules.Problems(tool.Description))
            .Concat(list.GroupBy(tool => tool.Description.Name, StringComparer.Ordinal)
                .Where(group => group.Skip(1).Any())
                .Select(group => $"{group.Key}: {group.Count()} tools have this name."))
            .ToList();
        if (problems.Count > 0)
        {
            throw new InvalidOperationException("Tools cannot be registered: " + string.Join(" ", problems));
        }

        _inOrder = [.. list.Select(tool => Register(tool, time, log)).OrderBy(tool => tool.Description.Name, StringComparer.Ordinal)];
        _byName = _inOrder.ToFrozenDictionary(tool => tool.Description.Name, StringComparer.Ordinal);
    }

    /// <summary>The tool of that name; null when there is none.</summary>
    public RegisteredTool? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Names that <paramref name="name"/> may have meant, of tools that <paramref name="caller"/> may use.</summary>
    public IReadOnlyList<string> NearestTo(string name, Caller caller) =>
        Nearest.To(name, _inOrder.Where(tool => tool.IsAllowedFor(caller)).Select(tool => tool.Description.Name), count: 3);

    /// <summary>What <paramref name="query"/> asks for, of what <paramref name="caller"/> may use, in the order of the names.</summary>
    public IEnumerable<RegisteredTool> Search(ToolQuery query, Caller caller) =>
        _inOrder.Where(tool => tool.IsAllowedFor(caller) && query.Fits(tool.Description));

    private static RegisteredTool Register(ITool tool, TimeProvider time, ILogger log)
    {
        var description = tool.Description;
        return new RegisteredTool(
            tool,
            JsonSchema.Parse(description.InputSchema),
            JsonSchema.Parse(description.OutputSchema),
            new Bulkhead(description.Policy, time),
            new Attempts(tool, time, log));
    }
}

/// <summary>Which tools are wanted.</summary>
/// <param name="Words">All must occur in the name, description or category; case does not count.</param>
/// <param name="Category">Exactly this one; empty for any.</param>
/// <param name="Names">Only these; empty for any.</param>
internal sealed record ToolQuery(IReadOnlyList<string> Words, string Category, IReadOnlySet<string> Names)
{
    public bool Fits(ToolDescription tool) =>
        (Names.Count == 0 || Names.Contains(tool.Name))
        && (Category.Length == 0 || tool.Category == Category)
        && Words.All(word => Has(tool.Name, word) || Has(tool.Description, word) || Has(tool.Category, word));

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
