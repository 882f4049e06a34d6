using System.Text.Json.Nodes;
using Minion.Models;
using Minion.Orchestration.Agents;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>What the models of a file say of other models: that these exist, and that no way leads back to where it began.</summary>
internal static class ModelReferences
{
    /// <summary>Every name of a model that the file uses.</summary>
    public static IEnumerable<string> Of(ClusterFile file) =>
        file.Agents.Select(a => a.Definition.Model).Concat(file.Models.SelectMany(m => Of(m.Definition)).Select(r => r.Name))
            .Concat(new[] { file.Definition.Json["memory"]?["embeddings"], file.Definition.Json["evaluation"]?["judge"] }.OfType<JsonNode>().Select(n => n.GetValue<string>()))
            .Distinct();

    /// <param name="file">The file.</param>
    /// <param name="stored">The tenant's models.</param>
    /// <param name="known">All names that there are.</param>
    /// <param name="problems">Takes what contradicts.</param>
    public static void Check(ClusterFile file, IReadOnlyList<StoredModel> stored, IReadOnlyCollection<string> known, Problems problems)
    {
        var all = stored.Select(s => s.Definition).Where(s => file.Models.All(m => m.Definition.Name != s.Name)).Concat(file.Models.Select(m => m.Definition)).ToLookup(m => m.Name);
        foreach (var (definition, node) in file.Models)
        {
            foreach (var (path, name) in Of(definition).Where(r => r.Name != definition.Name))
            {
                if (!known.Contains(name))
                {
                    problems.AddUnder(node, path, AgentFaults.UnknownModel(name, known));
                }
                else if (definition.Provider == ModelProviders.Router && (Routers.Find(name) ?? all[name].FirstOrDefault())?.Provider == ModelProviders.Router)
                {
                    problems.AddUnder(node, path, $"'{name}' is a router itself; name models");
                }
                else if (LeadsBack(definition.Name, name, all))
                {
                    problems.AddUnder(node, path, $"'{name}' leads back to '{definition.Name}'; a list of failover must have an end");
                }
            }
        }
    }

    private static bool LeadsBack(string to, string from, ILookup<string, ModelDefinition> all)
    {
        var (seen, left) = (new HashSet<string>(), new Queue<string>([from]));
        while (left.TryDequeue(out var name))
        {
            foreach (var next in seen.Add(name) ? all[name].SelectMany(m => m.Failover ?? []) : [])
            {
                if (next == to)
                {
                    return true;
                }

                left.Enqueue(next);
            }
        }

        return false;
    }

    private static IEnumerable<(string Path, string Name)> Of(ModelDefinition model) =>
    [
        .. (model.Failover ?? []).Select((name, i) => ($"failover[{i}]", name)),
        .. (model.Route?.Candidates ?? []).Select((name, i) => ($"candidates[{i}]", name)),
        .. model.Route?.Judge is { } judge ? new[] { ("judge", judge) } : [],
    ];
}
