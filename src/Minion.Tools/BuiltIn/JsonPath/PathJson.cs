using System.Text.Json.Serialization;

namespace Minion.Tools.BuiltIn.JsonPath;

/// <summary>Source-generated serialization of values in paths.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(int))]
internal sealed partial class PathJson : JsonSerializerContext;
