using System.Text.Json.Serialization;
using Minion.Contracts.Faults;

namespace Minion.ServiceDefaults.Faults;

/// <summary>A failure over HTTP: problem details (RFC 9457).</summary>
internal sealed record Problem(
    string Type, string Title, int Status, string Detail, string? Hint, IReadOnlyList<FieldViolation>? Fields, string? ErrorId);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
