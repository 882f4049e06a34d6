using System.Text.Json.Nodes;
using Minion.Contracts.Orchestration.V1;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Clusters.Tools;
using Minion.Orchestration.Runs.Behaviours;
using Minion.Yaml;
using Action = Minion.Contracts.Orchestration.V1.Change.Types.Action;

namespace Minion.Orchestration.Clusters;

/// <summary>A model as the store has it.</summary>
internal sealed record StoredModel(string Name, string? Cluster, ModelDefinition Definition);

/// <summary>What is done with one model; null <see cref="Definition"/>: it is removed.</summary>
internal sealed record ModelChange(Action Action, string Name, ModelDefinition? Current, ModelDefinition? Definition);

/// <summary>What is done with one agent: <see cref="Current"/> is null for a new one, <see cref="Definition"/> for one that is removed.</summary>
internal sealed record AgentChange(Action Action, string Name, AgentVersion? Current, AgentDefinition? Definition);

/// <summary>
/// Compares a cluster file with what the tenant has: what is to be done, and what of the file contradicts the rest. Pure.
/// </summary>
internal sealed record ClusterPlan(IReadOnlyList<ModelChange> Models, IReadOnlyList<AgentChange> Agents)
{
    private const string MadeByApi = "was made through the API";

    /// <param name="file">The file.</param>
    /// <param name="agents">The tenant's agents at their current versions.</param>
    /// <param name="models">The tenant's models.</param>
    /// <param name="given">Models that exist without being declared.</param>
    /// <param name="tools">The tools that there are; null when nobody knows.</param>
    /// <param name="behaviours">What agents may do.</param>
    /// <param name="problems">Takes what contradicts.</param>
    public static ClusterPlan Make(
        ClusterFile file,
        IReadOnlyList<AgentVersion> agents,
        IReadOnlyList<StoredModel> models,
        IReadOnlyList<string> given,
        IReadOnlyList<string>? tools,
        BehaviourRegistry behaviours,
        Problems problems)
    {
        CheckReferences(file, models, given, behaviours, problems);
        MemberReferences.Check(file, agents, behaviours, problems);
        CheckTools(file, tools, problems);
        return new ClusterPlan([.. PlanModels(file, agents, models, problems)], [.. PlanAgents(file, agents, problems)]);
    }

    private static IEnumerable<ModelChange> PlanModels(
        ClusterFile file, IReadOnlyList<AgentVersion> agents, IReadOnlyList<StoredModel> models, Problems problems)
    {
        var stored = models.ToDictionary(m => m.Name);
        foreach (var (definition, node) in file.Models)
        {
            var current = stored.GetValueOrDefault(definition.Name);
            if (current is not null && current.Cluster != file.Name)
            {
                problems.Add(node.Find("name") ?? node, Foreign("model", definition.Name, current.Cluster));
            }

            var action = current is null ? Action.Created : AreEqual(current.Definition, definition) ? Action.Unchanged : Action.Updated;
            yield return new ModelChange(action, definition.Name, current?.Definition, definition);
        }

        var declared = file.Models.Select(m => m.Definition.Name).ToHashSet();
        foreach (var gone in models.Where(m => m.Cluster == file.Name && !declared.Contains(m.Name)))
        {
            var user = agents.FirstOrDefault(a => a.Cluster != file.Name && a.Status != AgentStatus.Archived && a.Definition.Model == gone.Name);
            if (user is not null)
            {
                problems.Add(Position.Start, "models", $"the model '{gone.Name}' is no longer declared here, but the agent '{user.Name}' uses it; keep it, or change that agent first");
            }

            yield return new ModelChange(Action.Removed, gone.Name, gone.Definition, null);
        }
    }

    private static IEnumerable<AgentChange> PlanAgents(ClusterFile file, IReadOnlyList<AgentVersion> agents, Problems problems)
    {
        var stored = agents.ToDictionary(a => a.Name);
        foreach (var (definition, node) in file.Agents)
        {
            var current = stored.GetValueOrDefault(definition.Name);
            if (current is not null && current.Cluster != file.Name)
            {
                problems.Add(node.Find("name") ?? node, Foreign("agent", definition.Name, current.Cluster));
            }

            var action = current is null ? Action.Created
                : current.Definition.Equals(definition) && current.Status != AgentStatus.Archived ? Action.Unchanged
                : Action.Updated;
            yield return new AgentChange(action, definition.Name, current, definition);
        }

        var declared = file.Agents.Select(a => a.Definition.Name).ToHashSet();
        foreach (var gone in agents.Where(a => a.Cluster == file.Name && a.Status != AgentStatus.Archived && !declared.Contains(a.Name)))
        {
            yield return new AgentChange(Action.Removed, gone.Name, gone, null);
        }
    }

    private static void CheckReferences(ClusterFile file, IReadOnlyList<StoredModel> models, IReadOnlyList<string> given, BehaviourRegistry behaviours, Problems problems)
    {
        var known = file.Models.Select(m => m.Definition.Name)
            .Concat(models.Where(m => m.Cluster != file.Name).Select(m => m.Name))
            .Concat(given)
            .Where(n => n.Length > 0)
            .ToHashSet();
        foreach (var (definition, node) in file.Agents.Where(a => !known.Contains(a.Definition.Model) && BehaviourOptions.UsesModel(a.Definition, behaviours)))
        {
            problems.AddUnder(node, "model", AgentFaults.UnknownModel(definition.Model, known));
        }

        ModelReferences.Check(file, models, known, problems);
        foreach (var path in new[] { "memory.embeddings", "evaluation.judge" })
        {
            var (section, key) = (path.Split('.')[0], path.Split('.')[1]);
            if (file.Definition.Json[section]?[key]?.GetValue<string>() is { } name && !known.Contains(name))
            {
                problems.Add(YamlPlace.Nearest(file.Node, path).Position, path, AgentFaults.UnknownModel(name, known));
            }
        }
    }

    private static void CheckTools(ClusterFile file, IReadOnlyList<string>? tools, Problems problems)
    {
        var sources = ToolSectionReader.PrefixesOf(file.Definition);
        foreach (var (definition, node) in tools is null ? [] : file.Agents)
        {
            foreach (var (i, name, problem) in UnknownTools.In(definition.Tools, tools!))
            {
                if (!sources.Any(s => name.StartsWith(s, StringComparison.Ordinal)))
                {
                    problems.AddUnder(node, $"tools[{i}]", problem);
                }
            }
        }
    }

    private static string Foreign(string kind, string name, string? cluster) =>
        $"the {kind} '{name}' {(cluster is null ? MadeByApi : $"belongs to the cluster '{cluster}'")}; choose another name, or remove that one first";

    private static bool AreEqual(ModelDefinition a, ModelDefinition b) => JsonNode.DeepEquals(JsonNode.Parse(a.ToJson()), JsonNode.Parse(b.ToJson()));
}
