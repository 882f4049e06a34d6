using System.Text.Json.Nodes;
using Minion.Orchestration.Agents;
using Minion.Orchestration.Agents.Versions;
using Minion.Orchestration.Clusters.Export;
using Minion.Orchestration.Clusters.Sections;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>What a change changes, in the form of a file; empty for what is new, removed or as before.</summary>
internal static class PlanDiff
{
    /// <summary>Characters; a plan is read by people.</summary>
    private const int Longest = 20_000;

    public static string Of(ModelChange change) => change is { Current: { } from, Definition: { } to }
        ? Cut(UnifiedDiff.Of(ModelYaml.Text(from), ModelYaml.Text(to), $"model {change.Name}", $"model {change.Name}"))
        : "";

    public static string Of(AgentChange change) => change is { Current: { } from, Definition: { } to }
        ? Cut(UnifiedDiff.Of(AgentYaml.Text(from.Definition), AgentYaml.Text(to), $"agent {change.Name} version {from.Version}", $"agent {change.Name}"))
        : "";

    public static string Of(string cluster, ClusterDefinition from, ClusterDefinition to) =>
        Cut(UnifiedDiff.Of(Sorted(from), Sorted(to), $"cluster {cluster}", $"cluster {cluster}"));

    /// <summary>Of two JSON objects, as they would stand in a file.</summary>
    public static string Of(string what, string from, string to) => Cut(UnifiedDiff.Of(Yaml(from), Yaml(to), what, what));

    private static string Yaml(string json) => JsonNode.Parse(json.Length == 0 ? "{}" : json) is JsonObject map ? YamlText.Write(Ordered.Of(map)) : json;

    // The store does not keep the order of keys.
    private static string Sorted(ClusterDefinition definition) => YamlText.Write(Ordered.Of(definition.Shown()));

    private static string Cut(string diff) => diff.Length <= Longest ? diff : diff[..diff.LastIndexOf('\n', Longest)] + "\n… the rest is left out\n";
}
