using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Minion.Tools.Sources.Grpc;

/// <summary>Writes JSON as a message on the wire: https://protobuf.dev/programming-guides/encoding, with the names and forms of protobuf's JSON.</summary>
internal static class ProtoWriter
{
    private const int Deepest = 60;

    /// <exception cref="FormatException">The JSON does not fit the message; says what.</exception>
    public static byte[] Write(MessageDescriptor message, JsonElement json) => Write(message, json, depth: 0);

    private static byte[] Write(MessageDescriptor message, JsonElement json, int depth)
    {
        if (depth > Deepest)
        {
            throw new FormatException($"it is nested more than {Deepest} levels deep");
        }

        try
        {
            if (WellKnown.ToBytes(message, json.GetRawText()) is { } known)
            {
                return known;
            }
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException)
        {
            throw new FormatException($"{json.GetRawText()} is no {message.Name}", exception);
        }

        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        foreach (var member in json.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            var field = message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == member.Name || field.Name == member.Name)
                ?? throw new FormatException($"{message.Name} has no field '{member.Name}'");
            Field(output, field, member.Value, depth);
        }

        output.Flush();
        return stream.ToArray();
    }

    private static void Field(CodedOutputStream output, FieldDescriptor field, JsonElement value, int depth)
    {
        if (field.IsMap)
        {
            var (key, item) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
            foreach (var member in value.EnumerateObject())
            {
                using var stream = new MemoryStream();
                using var entry = new CodedOutputStream(stream, leaveOpen: true);
                var name = JsonElement.Parse(key.FieldType is FieldType.String ? JsonSerializer.Serialize(member.Name) : key.FieldType is FieldType.Bool ? member.Name : $"\"{member.Name}\"");
                Single(entry, key, name, depth);
                Single(entry, item, member.Value, depth);
                entry.Flush();
                output.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(stream.ToArray()));
            }
        }
        else if (field.IsRepeated)
        {
            // One by one: every reader takes packed fields in this form too.
            foreach (var item in value.EnumerateArray())
            {
                Single(output, field, item, depth);
            }
        }
        else
        {
            Single(output, field, value, depth);
        }
    }

    private static void Single(CodedOutputStream output, FieldDescriptor field, JsonElement value, int depth)
    {
        var number = field.FieldNumber;
        try
        {
            switch (field.FieldType)
            {
                case FieldType.Message:
                    output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                    output.WriteBytes(ByteString.CopyFrom(Write(field.MessageType, value, depth + 1)));
                    break;
                case FieldType.String:
                    output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                    output.WriteString(value.GetString()!);
                    break;
                case FieldType.Bytes:
                    output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                    output.WriteBytes(ByteString.FromBase64(value.GetString()!.Replace('-', '+').Replace('_', '/')));
                    break;
                case FieldType.Bool:
                    output.WriteTag(number, WireFormat.WireType.Varint);
                    output.WriteBool(value.GetBoolean());
                    break;
                case FieldType.Enum:
                    output.WriteTag(number, WireFormat.WireType.Varint);
                    output.WriteEnum(Enum(field.EnumType, value));
                    break;
                default:
                    Number(output, field, value);
                    break;
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or OverflowException or FormatException)
        {
            var isWithin = exception is FormatException && field.FieldType == FieldType.Message;
            throw new FormatException($"'{field.JsonName}': {(isWithin ? exception.Message : $"{value.GetRawText()} is no {field.FieldType.ToString().ToLowerInvariant()}")}", exception);
        }
    }

    private static void Number(CodedOutputStream output, FieldDescriptor field, JsonElement value)
    {
        var text = value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : throw new FormatException();
        var number = field.FieldNumber;
        switch (field.FieldType)
        {
            case FieldType.Double:
                output.WriteTag(number, WireFormat.WireType.Fixed64);
                output.WriteDouble(Real(text));
                break;
            case FieldType.Float:
                output.WriteTag(number, WireFormat.WireType.Fixed32);
                output.WriteFloat((float)Real(text));
                break;
            case FieldType.Fixed32:
                output.WriteTag(number, WireFormat.WireType.Fixed32);
                output.WriteFixed32((uint)Whole(text));
                break;
            case FieldType.SFixed32:
                output.WriteTag(number, WireFormat.WireType.Fixed32);
                output.WriteSFixed32((int)Whole(text));
                break;
            case FieldType.Fixed64:
                output.WriteTag(number, WireFormat.WireType.Fixed64);
                output.WriteFixed64((ulong)Whole(text));
                break;
            case FieldType.SFixed64:
                output.WriteTag(number, WireFormat.WireType.Fixed64);
                output.WriteSFixed64((long)Whole(text));
                break;
            default:
                output.WriteTag(number, WireFormat.WireType.Varint);
                Varint(output, field.FieldType, Whole(text));
                break;
        }
    }

    private static void Varint(CodedOutputStream output, FieldType type, decimal value)
    {
        switch (type)
        {
            case FieldType.Int32:
                output.WriteInt32((int)value);
                break;
            case FieldType.UInt32:
                output.WriteUInt32((uint)value);
                break;
            case FieldType.SInt32:
                output.WriteSInt32((int)value);
                break;
            case FieldType.Int64:
                output.WriteInt64((long)value);
                break;
            case FieldType.UInt64:
                output.WriteUInt64((ulong)value);
                break;
            case FieldType.SInt64:
                output.WriteSInt64((long)value);
                break;
            default:
                throw new FormatException();
        }
    }

    private static int Enum(EnumDescriptor type, JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? value.GetInt32()
        : type.FindValueByName(value.GetString()!)?.Number ?? throw new FormatException();

    private static double Real(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static decimal Whole(string text)
    {
        var value = decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return decimal.IsInteger(value) ? value : throw new FormatException();
    }
}
