using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Minion.Tools.Sources.Grpc;

/// <summary>Reads messages from the wire as protobuf's JSON. Fields that the descriptor does not know are left out.</summary>
internal static class ProtoReader
{
    private const int Deepest = 60;

    /// <exception cref="InvalidProtocolBufferException">The bytes are no such message.</exception>
    public static JsonNode? Read(MessageDescriptor message, byte[] bytes) => Read(message, bytes, depth: 0);

    private static JsonNode? Read(MessageDescriptor message, byte[] bytes, int depth)
    {
        if (depth > Deepest)
        {
            return JsonValue.Create("… [nested too deep]");
        }

        if (WellKnown.ToJson(message, bytes) is { } known)
        {
            return JsonNode.Parse(known);
        }

        var result = new JsonObject();
        var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            if (message.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag)) is { } field && field.FieldType != FieldType.Group)
            {
                Field(result, field, tag, input, depth);
            }
            else
            {
                input.SkipLastField();
            }
        }

        return result;
    }

    private static void Field(JsonObject result, FieldDescriptor field, uint tag, CodedInputStream input, int depth)
    {
        if (field.IsMap)
        {
            Entry(Map(result, field.JsonName), field.MessageType, input.ReadBytes().ToByteArray(), depth);
        }
        else if (!field.IsRepeated)
        {
            result[field.JsonName] = Single(field, input, depth);
        }
        else if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited && IsPackable(field.FieldType))
        {
            var packed = new CodedInputStream(input.ReadBytes().ToByteArray());
            while (!packed.IsAtEnd)
            {
                List(result, field.JsonName).Add(Single(field, packed, depth));
            }
        }
        else
        {
            List(result, field.JsonName).Add(Single(field, input, depth));
        }
    }

    private static void Entry(JsonObject map, MessageDescriptor entry, byte[] bytes, int depth)
    {
        var (key, value) = (entry.FindFieldByNumber(1), entry.FindFieldByNumber(2));
        var (name, item) = ("", (JsonNode?)null);
        var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    name = Single(key, input, depth)?.ToString() ?? "";
                    break;
                case 2:
                    item = Single(value, input, depth);
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        map[name] = item;
    }

    private static JsonNode? Single(FieldDescriptor field, CodedInputStream input, int depth) => field.FieldType switch
    {
        FieldType.Message => Read(field.MessageType, input.ReadBytes().ToByteArray(), depth + 1),
        FieldType.String => JsonValue.Create(input.ReadString()),
        FieldType.Bytes => JsonValue.Create(input.ReadBytes().ToBase64()),
        FieldType.Bool => JsonValue.Create(input.ReadBool()),
        FieldType.Enum => Enum(field.EnumType, input.ReadEnum()),
        FieldType.Double => Real(input.ReadDouble()),
        FieldType.Float => Real(input.ReadFloat()),
        FieldType.Int32 => JsonValue.Create(input.ReadInt32()),
        FieldType.UInt32 => JsonValue.Create(input.ReadUInt32()),
        FieldType.SInt32 => JsonValue.Create(input.ReadSInt32()),
        FieldType.Fixed32 => JsonValue.Create(input.ReadFixed32()),
        FieldType.SFixed32 => JsonValue.Create(input.ReadSFixed32()),
        FieldType.Int64 => Long(input.ReadInt64()),
        FieldType.SInt64 => Long(input.ReadSInt64()),
        FieldType.SFixed64 => Long(input.ReadSFixed64()),
        FieldType.UInt64 => JsonValue.Create(input.ReadUInt64().ToString(CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(input.ReadFixed64().ToString(CultureInfo.InvariantCulture)),
    };

    // As protobuf's JSON has it: a number that JavaScript would round is a text.
    private static JsonValue Long(long value) => JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));

    private static JsonValue Real(double value) => double.IsFinite(value)
        ? JsonValue.Create(value)
        : JsonValue.Create(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

    private static JsonValue Enum(EnumDescriptor type, int number) =>
        type.FindValueByNumber(number) is { } value ? JsonValue.Create(value.Name) : JsonValue.Create(number);

    private static bool IsPackable(FieldType type) => type is not (FieldType.String or FieldType.Bytes or FieldType.Message or FieldType.Group);

    private static JsonArray List(JsonObject result, string name)
    {
        if (result[name] is not JsonArray list)
        {
            result[name] = list = [];
        }

        return list;
    }

    private static JsonObject Map(JsonObject result, string name)
    {
        if (result[name] is not JsonObject map)
        {
            result[name] = map = [];
        }

        return map;
    }
}
