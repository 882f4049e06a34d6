using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Minion.Tools.Sources.Grpc;

/// <summary>Messages with a form of their own in JSON: https://protobuf.dev/programming-guides/json.</summary>
internal static class WellKnown
{
    private static readonly Dictionary<string, (MessageDescriptor Type, string Schema)> Types = new(StringComparer.Ordinal)
    {
        ["google.protobuf.Timestamp"] = (Timestamp.Descriptor, """{"type":"string","format":"date-time","description":"For example 2026-01-31T14:05:00Z."}"""),
        ["google.protobuf.Duration"] = (Duration.Descriptor, """{"type":"string","description":"Seconds, for example 1.5s."}"""),
        ["google.protobuf.FieldMask"] = (FieldMask.Descriptor, """{"type":"string","description":"Names of fields with commas."}"""),
        ["google.protobuf.Struct"] = (Struct.Descriptor, """{"type":"object"}"""),
        ["google.protobuf.Value"] = (Value.Descriptor, "{}"),
        ["google.protobuf.ListValue"] = (ListValue.Descriptor, """{"type":"array"}"""),
        ["google.protobuf.Empty"] = (Empty.Descriptor, """{"type":"object"}"""),
        ["google.protobuf.BoolValue"] = (BoolValue.Descriptor, """{"type":"boolean"}"""),
        ["google.protobuf.StringValue"] = (StringValue.Descriptor, """{"type":"string"}"""),
        ["google.protobuf.BytesValue"] = (BytesValue.Descriptor, """{"type":"string","contentEncoding":"base64"}"""),
        ["google.protobuf.DoubleValue"] = (DoubleValue.Descriptor, """{"type":["number","string"]}"""),
        ["google.protobuf.FloatValue"] = (FloatValue.Descriptor, """{"type":["number","string"]}"""),
        ["google.protobuf.Int32Value"] = (Int32Value.Descriptor, """{"type":"integer"}"""),
        ["google.protobuf.UInt32Value"] = (UInt32Value.Descriptor, """{"type":"integer"}"""),
        ["google.protobuf.Int64Value"] = (Int64Value.Descriptor, """{"type":["integer","string"]}"""),
        ["google.protobuf.UInt64Value"] = (UInt64Value.Descriptor, """{"type":["integer","string"]}"""),
    };

    public static string? Schema(MessageDescriptor message) => Types.TryGetValue(message.FullName, out var known) ? known.Schema : null;

    /// <exception cref="InvalidProtocolBufferException">The JSON does not fit.</exception>
    public static byte[]? ToBytes(MessageDescriptor message, string json) =>
        Types.TryGetValue(message.FullName, out var known) ? JsonParser.Default.Parse(json, known.Type).ToByteArray() : null;

    /// <exception cref="InvalidProtocolBufferException">The bytes do not fit.</exception>
    public static string? ToJson(MessageDescriptor message, byte[] bytes) =>
        Types.TryGetValue(message.FullName, out var known) ? JsonFormatter.Default.Format(known.Type.Parser.ParseFrom(bytes)) : null;
}
