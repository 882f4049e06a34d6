using System.Collections.Frozen;
using Minion.Contracts.Callers;
using Minion.Contracts.Tools.V1;

namespace Minion.Tools.Registry;

/// <summary>All tools of a tenant at one moment.</summary>
internal sealed class TenantTools
{
    private readonly FrozenDictionary<string, RegisteredTool[]> _byName;
    private readonly RegisteredTool[] _inOrder;

    public TenantTools(IEnumerable<RegisteredTool> tools)
    {
        _byName = tools.GroupBy(tool => tool.Description.Name, StringComparer.Ordinal).ToFrozenDictionary(
            group => group.Key,
            group => group.OrderByDescending(tool => Rank(tool.Description.Status)).ThenByDescending(tool => tool.Description.Version, VersionOrder.Instance).ToArray(),
            StringComparer.Ordinal);
        _inOrder = [.. _byName.OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value)];
    }

    /// <summary>
    /// The tool of that name, or name and version: of several versions the latest approved, else the latest deprecated, else the latest of all. Null
    /// when there is none.
    /// </summary>
    public RegisteredTool? Find(string name)
    {
        if (_byName.TryGetValue(name, out var versions))
        {
            return versions[0];
        }

        var reference = ToolReference.Parse(name);
        return reference.Version.Length > 0 && _byName.TryGetValue(reference.Name, out versions)
            ? Array.Find(versions, tool => reference.Fits(tool.Description.Version))
            : null;
    }

    /// <summary>All versions of a name that are there; the one that is meant by the name alone first.</summary>
    public IReadOnlyList<RegisteredTool> Versions(string name) => _byName.TryGetValue(name, out var versions) ? versions : [];

    public IReadOnlyList<RegisteredTool> All => _inOrder;

    /// <summary>All tools that come from a source.</summary>
    public IEnumerable<RegisteredTool> Of(string source) => _inOrder.Where(tool => tool.Source == source);

    /// <summary>Names that <paramref name="name"/> may have meant, of tools that <paramref name="caller"/> may use.</summary>
    public IReadOnlyList<string> NearestTo(string name, Caller caller) =>
        Nearest.To(ToolReference.Parse(name).Name, _inOrder.Where(tool => tool.IsAllowedFor(caller)).Select(tool => tool.Description.Name).Distinct(), count: 3);

    /// <summary>What <paramref name="query"/> asks for, of what <paramref name="caller"/> may use, in the order of the names.</summary>
    public IEnumerable<RegisteredTool> Search(ToolQuery query, Caller caller)
    {
        var found = _inOrder.Where(tool => tool.IsAllowedFor(caller) && query.Fits(tool));
        return query.AllVersions ? found : found.DistinctBy(tool => tool.Description.Name);
    }

    private static int Rank(ToolStatus status) => status switch
    {
        ToolStatus.Approved => 3,
        ToolStatus.Deprecated => 2,
        ToolStatus.Review => 1,
        _ => 0,
    };
}
