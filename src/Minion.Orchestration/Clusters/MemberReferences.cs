using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Checks the members that the teams of a file name against the file and the tenant's other agents. Pure.</summary>
internal static class MemberReferences
{
    public static void Check(ClusterFile file, IReadOnlyList<AgentVersion> agents, BehaviourRegistry behaviours, Problems problems)
    {
        var others = agents.Where(a => a.Cluster != file.Name && a.Status != AgentStatus.Archived).Select(a => a.Definition).ToList();
        var teams = new Teams([.. others, .. file.Agents.Select(a => a.Definition).Where(d => d.Name.Length > 0)], behaviours);
        foreach (var (definition, node) in file.Agents.Where(a => a.Definition.Name.Length > 0))
        {
            CheckAgents(definition, node, [.. others, .. file.Agents.Select(a => a.Definition)], problems);
            foreach (var problem in teams.Problems(definition.Name))
            {
                problems.AddUnder(node, BehaviourReader.Place(BehaviourOptions.Path(problem.Path), definition.Behaviour), problem.Message);
            }
        }

        var declared = file.Agents.Select(a => a.Definition.Name).ToHashSet();
        foreach (var gone in agents.Where(a => a.Cluster == file.Name && a.Status != AgentStatus.Archived && !declared.Contains(a.Name)))
        {
            if (teams.Of(gone.Name).FirstOrDefault(t => !declared.Contains(t)) is { } team)
            {
                problems.Add(Position.Start, "agents", $"the agent '{gone.Name}' is no longer declared here, but the team '{team}' uses it; keep it, or change that team first");
            }
        }
    }

    /// <summary>Those that an agent's model may start by a call.</summary>
    private static void CheckAgents(AgentDefinition definition, YamlMap node, IReadOnlyList<AgentDefinition> known, Problems problems)
    {
        var names = known.Select(a => a.Name).Where(n => n.Length > 0).ToHashSet(StringComparer.Ordinal);
        foreach (var (i, name) in definition.Agents.Index().Where(a => !names.Contains(a.Item)))
        {
            var nearest = Nearest.To(name, [.. names]) is { } near ? $" Did you mean '{near}'?" : "";
            problems.AddUnder(node, $"agents[{i}]", $"there is no agent '{name}'.{nearest} 'minion get agents' lists them.");
        }
    }
}
