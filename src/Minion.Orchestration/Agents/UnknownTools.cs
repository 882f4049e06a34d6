using Minion.Yaml;

namespace Minion.Orchestration.Agents;

/// <summary>The tools that an agent names in full and that there are not. Pure.</summary>
internal static class UnknownTools
{
    /// <summary>Where each stands in the list, its name without a version, and what is said of it.</summary>
    public static IEnumerable<(int Index, string Name, string Problem)> In(IReadOnlyList<string> entries, IReadOnlyList<string> tools)
    {
        foreach (var (i, entry) in entries.Index())
        {
            var name = ToolSelection.NameOf(entry);
            if (!entry.StartsWith('-') && !entry.Contains('*', StringComparison.Ordinal) && !tools.Contains(name))
            {
                var nearest = Nearest.To(name, tools) is { } near ? $" Did you mean '{near}'?" : "";
                yield return (i, name, $"there is no tool '{name}'.{nearest} 'minion get tools' lists them.");
            }
        }
    }
}
