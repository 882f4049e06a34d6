using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Minion.Tools.Execution;

/// <summary>Source-generated serialization of trimmed results.</summary>
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class ExecutionJson : JsonSerializerContext;
