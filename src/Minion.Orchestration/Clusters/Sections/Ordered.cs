using System.Text.Json.Nodes;

namespace Minion.Orchestration.Clusters.Sections;

/// <summary>JSON with its keys in order, so that two of them can be compared line by line.</summary>
internal static class Ordered
{
    public static JsonObject Of(JsonObject map) =>
        new(map.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => KeyValuePair.Create(e.Key, Node(e.Value))));

    public static JsonNode? Node(JsonNode? node) => node switch
    {
        JsonObject map => Of(map),
        JsonArray list => new JsonArray([.. list.Select(Node)]),
        _ => node?.DeepClone(),
    };
}
