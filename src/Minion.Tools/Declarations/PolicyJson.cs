using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace Minion.Tools.Declarations;

/// <summary>Policies and definitions as they are stored: the API's own JSON with a schema version.</summary>
internal static class PolicyJson
{
    private const string Schema = "schema";

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static string Write(IMessage message)
    {
        var node = Node(message);
        node[Schema] = 1;
        return node.ToJsonString();
    }

    public static JsonObject Node(IMessage message) => JsonNode.Parse(Formatter.Format(message))!.AsObject();

    public static T Read<T>(string json)
        where T : IMessage, new() => Parser.Parse<T>(json);

    public static bool AreEqual(JsonElement one, JsonElement other) => JsonElement.DeepEquals(one, other);
}
