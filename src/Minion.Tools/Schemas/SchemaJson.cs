using System.Text.Json.Serialization;

namespace Minion.Tools.Schemas;

/// <summary>Source-generated serialization of what schemas need.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class SchemaJson : JsonSerializerContext;
