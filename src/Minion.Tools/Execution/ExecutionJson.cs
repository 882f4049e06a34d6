using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Minion.Tools.Execution;

/// <summary>Source-generated serialization of trimmed results.</summary>
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
internal sealed partial class ExecutionJson : JsonSerializerContext
{
    /// <summary>Leaves letters as they are: a model reads the result, no browser does.</summary>
    public static ExecutionJson Readable { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
