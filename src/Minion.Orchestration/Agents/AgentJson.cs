using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Agents;

/// <summary>The stored form of a definition: protobuf's JSON with the protos' own field names, and the version of the schema.</summary>
internal static class AgentJson
{
    private const int CurrentSchema = 1;
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static string Write(AgentDefinition definition)
    {
        var json = JsonNode.Parse(Formatter.Format(definition))!.AsObject();
        json["schema"] = CurrentSchema;
        return json.ToJsonString();
    }

    public static AgentDefinition Read(string json) => Parser.Parse<AgentDefinition>(json);

    /// <summary>SHA-256 in hex, the same for equal definitions whatever the order of their labels.</summary>
    public static string Hash(AgentDefinition definition)
    {
        var ordered = definition.Clone();
        Sort(ordered.Labels);
        Sort(ordered.Metadata);
        return Convert.ToHexStringLower(SHA256.HashData(ordered.ToByteArray()));
    }

    private static void Sort(MapField<string, string> pairs)
    {
        var sorted = pairs.OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        pairs.Clear();
        foreach (var (key, value) in sorted)
        {
            pairs.Add(key, value);
        }
    }
}
