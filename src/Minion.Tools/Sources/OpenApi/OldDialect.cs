using System.Text.Json;
using System.Text.Json.Nodes;

namespace Minion.Tools.Sources.OpenApi;

/// <summary>What OpenAPI 3.0 says in words of its own: https://spec.openapis.org/oas/v3.0.4.html#schema-object.</summary>
internal static class OldDialect
{
    /// <summary>Puts it into JSON Schema's words; harmless for later versions, in whose files these words are still met.</summary>
    public static void Mend(JsonObject converted, JsonElement schema, bool isVersion30)
    {
        Bound(converted, schema, "exclusiveMinimum", "minimum");
        Bound(converted, schema, "exclusiveMaximum", "maximum");
        if (OpenApiDocument.Flag(schema, "nullable"))
        {
            AllowNull(converted);
        }

        // Binary data cannot be an argument; in 3.0 such a text is what it says.
        if (isVersion30 && converted["required"] is JsonValue)
        {
            converted.Remove("required");
        }
    }

    private static void Bound(JsonObject converted, JsonElement schema, string exclusive, string inclusive)
    {
        switch (OpenApiDocument.Member(schema, exclusive))
        {
            case { ValueKind: JsonValueKind.Number } bound:
                converted[exclusive] = JsonNode.Parse(bound.GetRawText());
                break;
            case { ValueKind: JsonValueKind.True } when converted[inclusive] is { } bound:
                converted.Remove(inclusive);
                converted[exclusive] = bound.DeepClone();
                break;
        }
    }

    private static void AllowNull(JsonObject converted)
    {
        if (converted["type"] is JsonValue type)
        {
            converted["type"] = new JsonArray(type.DeepClone(), "null");
        }

        if (converted["enum"] is JsonArray values && values.All(value => value is not null))
        {
            values.Add(null);
        }

        if (converted["type"] is null && converted["allOf"] is JsonArray parts)
        {
            converted.Remove("allOf");
            converted["anyOf"] = new JsonArray(new JsonObject { ["allOf"] = parts.DeepClone() }, new JsonObject { ["type"] = "null" });
        }
    }
}
