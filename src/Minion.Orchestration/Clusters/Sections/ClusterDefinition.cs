using System.Text.Json.Nodes;

namespace Minion.Orchestration.Clusters.Sections;

/// <summary>
/// What a file says of its cluster as a whole, as JSON with the file's own keys: <c>description</c>, <c>labels</c>, <c>resource_policy</c>, and the sections.
/// <c>teams</c> are the names of the agents that stand under that key.
/// </summary>
internal sealed record ClusterDefinition(JsonObject Json)
{
    public const string Teams = "teams";
    public const string Policy = "resource_policy";
    private const string Schema = "schema";
    private const int CurrentSchema = 1;

    /// <summary>The sections in the order of a file.</summary>
    public static IReadOnlyList<string> Sections { get; } = ["tools", "memory", "evaluation", "rollout"];

    /// <summary>Those that are kept and given back, and that nothing acts on.</summary>
    public static IReadOnlyList<string> WithoutEffect { get; } = ["memory", "evaluation", "rollout"];

    public static ClusterDefinition Empty => new(new JsonObject());

    public static ClusterDefinition Read(string json)
    {
        var map = JsonNode.Parse(json)!.AsObject();
        map.Remove(Schema);
        return new ClusterDefinition(map);
    }

    public string Write()
    {
        var map = Json.DeepClone().AsObject();
        map[Schema] = CurrentSchema;
        return map.ToJsonString();
    }

    /// <summary>What stands in the file for the cluster itself, so without the names of the teams.</summary>
    public JsonObject Shown()
    {
        var map = Json.DeepClone().AsObject();
        map.Remove(Teams);
        return map;
    }

    /// <summary>Without the tools, whose differences the tool service tells.</summary>
    public ClusterDefinition WithoutTools()
    {
        var map = Json.DeepClone().AsObject();
        map.Remove("tools");
        return new ClusterDefinition(map);
    }

    public bool Has(string key) => Json[key] is not null;

    public bool IsTeam(string agent) => Json[Teams] is JsonArray names && names.Any(n => n!.GetValue<string>() == agent);

    /// <summary>Whatever the order of the keys: the store does not keep it.</summary>
    public bool IsSame(ClusterDefinition other) => JsonNode.DeepEquals(JsonNode.Parse(Write()), JsonNode.Parse(other.Write()));
}
