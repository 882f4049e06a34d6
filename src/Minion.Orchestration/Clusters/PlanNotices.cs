using Minion.Contracts.Orchestration.V1;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Sections;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Orchestration.Clusters;

/// <summary>What somebody who applies a file may expect otherwise. Pure.</summary>
internal static class PlanNotices
{
    public static IEnumerable<string> Of(ClusterFile file, ClusterPlan plan)
    {
        foreach (var key in ClusterDefinition.WithoutEffect.Where(file.Definition.Has))
        {
            yield return $"{key}: kept with the cluster and exported again; this version of Minion does not act on it.{Instead(key)}";
        }

        foreach (var change in plan.Agents.Where(c => c is { Current: not null, Definition: not null }))
        {
            foreach (var notice in Of(change.Action, change.Current!))
            {
                yield return $"agent {change.Name}: {notice}";
            }
        }
    }

    private static IEnumerable<string> Of(Action action, AgentVersion current)
    {
        if (action == Action.Updated && current.Traffic is { } traffic)
        {
            yield return $"its traffic stays divided, {traffic}: the new version gets none until 'minion agents traffic {current.Name}' or 'activate' gives it some.";
        }

        if (current.Status is AgentStatus.Inactive or AgentStatus.Draft)
        {
            yield return $"is {current.Status.ToText()} and stays so; 'minion agents activate {current.Name}' makes it active.";
        }

        if (current.MaxRuns is { } most)
        {
            yield return $"an operator has set {(most == 0 ? "no limit of runs at once" : $"{most} runs at once")}, which counts; 'minion scale {current.Name} --reset' takes that back.";
        }
    }

    private static string Instead(string key) => key switch
    {
        "rollout" => " 'minion agents traffic' divides traffic among versions by hand.",
        _ => "",
    };
}
