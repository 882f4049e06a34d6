using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace Minion.Tools.Sources.Grpc;

/// <summary>JSON Schemas of messages; each message stands once under <c>$defs</c>, so that those in circles stay as they are.</summary>
internal static class ProtoSchemas
{
    private const int LargestSchema = 48 * 1024;

    public static string Of(MessageDescriptor message)
    {
        var definitions = new JsonObject();
        var open = new Queue<MessageDescriptor>();
        var root = Body(message, open);
        while (open.TryDequeue(out var next))
        {
            if (!definitions.ContainsKey(next.FullName))
            {
                definitions[next.FullName] = Body(next, open);
            }
        }

        if (definitions.Count > 0)
        {
            root["$defs"] = definitions;
        }

        var text = root.ToJsonString();
        return text.Length <= LargestSchema ? text : """{"type":"object"}""";
    }

    private static JsonObject Body(MessageDescriptor message, Queue<MessageDescriptor> open)
    {
        if (WellKnown.Schema(message) is { } known)
        {
            return JsonNode.Parse(known)!.AsObject();
        }

        var properties = new JsonObject();
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            properties[field.JsonName] = field.IsMap
                ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Single(field.MessageType.FindFieldByNumber(2), open) }
                : field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = Single(field, open) } : Single(field, open);
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
    }

    private static JsonObject Single(FieldDescriptor field, Queue<MessageDescriptor> open)
    {
        switch (field.FieldType)
        {
            case FieldType.Message or FieldType.Group when WellKnown.Schema(field.MessageType) is { } known:
                return JsonNode.Parse(known)!.AsObject();
            case FieldType.Message or FieldType.Group:
                open.Enqueue(field.MessageType);
                return new JsonObject { ["$ref"] = $"#/$defs/{field.MessageType.FullName}" };
            case FieldType.Enum:
                return new JsonObject { ["enum"] = new JsonArray([.. field.EnumType.Values.Select(value => value.Name).Distinct().Select(name => JsonValue.Create(name))]) };
            case FieldType.Bool:
                return new JsonObject { ["type"] = "boolean" };
            case FieldType.String:
                return new JsonObject { ["type"] = "string" };
            case FieldType.Bytes:
                return new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" };
            case FieldType.Double or FieldType.Float:
                return new JsonObject { ["type"] = new JsonArray("number", "string") };
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                return new JsonObject { ["type"] = "integer", ["minimum"] = int.MinValue, ["maximum"] = int.MaxValue };
            case FieldType.UInt32 or FieldType.Fixed32:
                return new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = uint.MaxValue };
            default:
                return new JsonObject { ["type"] = new JsonArray("integer", "string") };
        }
    }
}
