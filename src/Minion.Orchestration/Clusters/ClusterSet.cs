using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;

namespace Minion.Orchestration.Clusters;

/// <summary>
/// Files that are applied together. For each of them the others count as what they say, not as what is stored, so that the order of the files makes no
/// difference. Pure.
/// </summary>
internal sealed record ClusterSet(IReadOnlyList<ClusterFile> Files, IReadOnlyList<AgentVersion> Agents, IReadOnlyList<StoredModel> Models)
{
    /// <summary>The tenant's agents as <paramref name="file"/> will find them.</summary>
    public IReadOnlyList<AgentVersion> AgentsFor(ClusterFile file)
    {
        var others = Files.Where(f => f != file).ToList();
        var wanted = file.Agents.Select(a => a.Definition.Name).ToHashSet();
        var stored = Agents.Where(a => a.Cluster is null || !others.Exists(f => f.Name == a.Cluster) || wanted.Contains(a.Name)).ToList();
        var taken = stored.Select(a => a.Name).ToHashSet();
        var known = Agents.ToDictionary(a => a.Name);
        foreach (var (other, agent) in others.SelectMany(f => f.Agents.Select(a => (f, a.Definition))).Where(x => taken.Add(x.Definition.Name)))
        {
            stored.Add(known.GetValueOrDefault(agent.Name) is { } now && now.Cluster == other.Name
                ? now with { Definition = agent, Status = now.Status == AgentStatus.Archived ? AgentStatus.Active : now.Status }
                : new AgentVersion(Guid.Empty, agent.Name, 0, AgentStatus.Active, agent, other.Name, default, default));
        }

        return stored;
    }

    /// <summary>The tenant's models as <paramref name="file"/> will find them.</summary>
    public IReadOnlyList<StoredModel> ModelsFor(ClusterFile file)
    {
        var others = Files.Where(f => f != file).ToList();
        var wanted = file.Models.Select(m => m.Definition.Name).ToHashSet();
        var stored = Models.Where(m => m.Cluster is null || !others.Exists(f => f.Name == m.Cluster) || wanted.Contains(m.Name)).ToList();
        var taken = stored.Select(m => m.Name).ToHashSet();
        stored.AddRange(others
            .SelectMany(f => f.Models.Select(m => new StoredModel(m.Definition.Name, f.Name, m.Definition)))
            .Where(m => taken.Add(m.Name)));
        return stored;
    }
}
