using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Bench.Reporting;

/// <summary>The same as JSON, for programs.</summary>
internal sealed record JsonReport(Machine Machine, IReadOnlyList<JsonMeasurement> Measurements)
{
    public static string Of(Machine machine, IReadOnlyList<Measurement> measurements) => JsonSerializer.Serialize(
        new JsonReport(
            machine,
            [.. measurements.Select(m => new JsonMeasurement(
                m.Figure, m.Case, m.Value, m.Unit, m.Reference, m.ReferenceIs, m.Ratio, m.Aim?.ToString(), m.IsMet))]),
        ReportJson.Default.JsonReport);
}

internal sealed record JsonMeasurement(
    string Figure, string Case, double Value, string Unit, double? Reference, string? ReferenceIs, double? Ratio, string? Aim, bool? IsMet);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(JsonReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
