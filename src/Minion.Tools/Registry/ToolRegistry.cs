using Microsoft.Extensions.Logging;

namespace Minion.Tools.Registry;

/// <summary>The tools that the server itself has, for all tenants.</summary>
internal sealed class ToolRegistry
{
    /// <exception cref="InvalidOperationException">Something is wrong with a description; names everything.</exception>
    public ToolRegistry(IEnumerable<ITool> tools, TimeProvider time, ILogger<ToolRegistry> log)
    {
        var list = tools.ToList();
        var problems = list.SelectMany(tool => DescriptionRules.Problems(tool.Description))
            .Concat(list.GroupBy(tool => (tool.Description.Name, tool.Description.Version))
                .Where(group => group.Skip(1).Any())
                .Select(group => $"{group.Key.Name}: {group.Count()} tools have this name and version."))
            .ToList();
        if (problems.Count > 0)
        {
            throw new InvalidOperationException("Tools cannot be registered: " + string.Join(" ", problems));
        }

        Tools = [.. list.Select(tool => RegisteredTool.Create(tool, tool.Description, source: "", time, log))];
        Everywhere = new TenantTools(Tools);
    }

    public IReadOnlyList<RegisteredTool> Tools { get; }

    /// <summary>For tenants that have declared nothing.</summary>
    public TenantTools Everywhere { get; }
}
