using System.Text.Json.Serialization;

namespace Minion.Orchestration.Runs.Composing;

/// <summary>A failed call as the model sees it: <c>{"error":{"kind","message","hint"}}</c>.</summary>
internal sealed record FailureForModel(FailureText Error);

internal sealed record FailureText(string Kind, string Message, string Hint);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FailureForModel))]
internal sealed partial class FailureJsonContext : JsonSerializerContext;
